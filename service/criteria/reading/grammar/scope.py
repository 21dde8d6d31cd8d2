"""How far a word reaches in a list: relations between items, a judgement behind them, persons before."""

import re

from service.criteria.reading.attested.attestations import about
from service.criteria.reading.tokens.clause import Clause, has_item
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, leaves
from service.schemas.expression import Age, AllOf, ConditionIs, Expression, SexIs, TreatmentIs, Unparsed

_RELATION = re.compile(
    r"\b(?:resulting|result|due|caused|causing|secondary|because|consequence|consequent|associated|related|induced|leading|attributable"
    r"|attributed|following|after|characteri[sz]ed|suggestive|predispos\w+|complicated|accompanied|manifested|with|without|who|which|that|for"
    r"|despite|requiring|treated)\b"
)
_NAMED = (ConditionIs, TreatmentIs)
_HEADS = frozenset({"named", "concept"})
_LED = re.compile(
    r"(?:previously\s+|currently\s+)*(?:treated|requiring|requires|need\w*|managed|controlled|on|under|taking|receiving)\b"
)
_OWN_HEAD = re.compile(
    r"\W*(?:(?:or|and|any|other|another|additional|a|an|the|of|medical|clinical|significant|serious|severe|concurrent|have|has|with|presence"
    r"|psychological|social|surgical|physical|uncontrolled|underlying|patients?|subjects?|who)\W+)*"
    r"(?:conditions?|diseases?|illness(?:es)?|disorders?|reasons?|circumstances?|factors?|findings?|situations?|abnormalit\w+|unsuitable|not\s+suitable"
    r"|judged|deemed|considered|unable|inability)\b"
)
_TRAILING = re.compile(
    r"\S\s+(?:within\s+(?:the\s+|a\s+|\d|one|two|three|four|five|six|twelve)|prior\s+to|in\s+the\s+(?:past|last|previous|preceding)|for\s+at\s+least"
    r"|that|which|who|whose|requiring|requires?|needing|necessitating|affecting|interfering|resulting|leading)\b"
)
_ANEW = re.compile(
    r"\W*(?:anticipat\w+|requirements?|requires?|needs?|plan\w*|histor(?:y|ies)|us(?:e|ed|es|ing)|treat(?:ed|ment)|current\w*|evidence|presence|prior|previous\w*"
    r"|participat\w+|has|have|is|are|was|were|recei\w+|tak(?:es?|ing)|any|known|concurrent\w*|even)\b"
)
"""Words that begin a statement of their own, whatever stands behind it."""
_DOING = (
    "requiring|necessitating|needing|causing|compromising|affecting|limiting|preventing|impairing|interfering|resulting"
    "|leading|involving"
)
_PARTICIPLE = re.compile(rf"(?:{_DOING})\b")
_PARTICIPLES = re.compile(
    rf"\w\s+(?:that\s+|which\s+)?(?:{_DOING}|requires?|causes?|compromises?|affects?|limits?|prevents?|impairs?)\b"
)
_SUBORDINATE = re.compile(
    r"\W*(?:with|that|which|who|whose|as\s+(?:determined|judged|assessed|measured|defined|evidenced|confirmed|per|well)|in\s+the\s+(?:opinion|judg\w+)"
    r"|at\s+the\s+discretion|defined|evidenced|i\.?\s?e|requiring|leading|causing|resulting|specifically|meaning)\b"
)


def is_related(part: list[Token], clause: Clause) -> bool:
    """`dysfunction due to …`: words that tie a disease or therapy to whatever is listed behind them."""
    first = next((i for i, t in enumerate(part) if type(t.reading) in _NAMED), None)
    if first is None:
        return False
    rest = [token for token in part[first + 1 :] if not {"window", "when"} & token.tags.keys()]
    if any(token.reading is not None and _LED.match(token.text(clause.text).lower()) for token in rest):
        return True
    return any(token.reading is None and _RELATION.fullmatch(token.text(clause.text).lower()) for token in rest)


def governs(part: list[Token], read: Expression | None, following: list[Token]) -> bool:
    """`unwilling to stop aspirin, warfarin`: words that nobody read may reach over the bare item behind them."""
    if read is None or not has_item(part) or following[0].reading is None:
        return False
    return isinstance(read, Unparsed) or not _holds(read, part)


def _holds(read: Expression, part: list[Token]) -> bool:
    """Whether the items of the part stand in the expression by themselves, not as words of a longer name."""
    names = {getattr(leaf, "name", None) for leaf in leaves(read)}
    items = (leaf for token in part if token.reading is not None for leaf in leaves(token.reading))
    return not isinstance(read, ConditionIs | TreatmentIs) or any(
        getattr(leaf, "name", None) in names for leaf in items
    )


def is_cut_short(part: list[Token], read: Expression | None) -> bool:
    """`local or systemic infection`: a plain name in a list that no head ends may share the head of the next one."""
    if not isinstance(read, ConditionIs | TreatmentIs) or read.concept is not None:
        return False
    heads = _HEADS | {"disease_head" if isinstance(read, ConditionIs) else "therapy_head"}
    return not any(token.reading is not None or heads & token.tags.keys() for token in part)


def is_subordinate(part: list[Token], clause: Clause) -> bool:
    """`, which …`, `, defined as …`: says more of what stands before it; it is no further item."""
    return "window" not in part[0].tags and bool(_SUBORDINATE.match(normal(clause.words(part))))


def trails(part: list[Token], read: Expression | None, clause: Clause) -> bool:
    """`stroke or a bleed that nobody could read within 6 months`: the unread tail may be of every item before it."""
    words = normal(clause.words(part))
    if not isinstance(read, Unparsed) or _OWN_HEAD.match(words) or _ANEW.match(words):
        return False
    return bool(_TRAILING.search(words))


def goes_on(part: list[Token], before: list[Token], clause: Clause) -> bool:
    """`disease limiting activity or requiring drugs`: a second participle of the disease, no further item."""
    folded = normal(clause.text)
    if not _PARTICIPLE.match(folded, part[0].start):
        return False
    named = next((token for token in before if token.reading is not None), None)
    return named is not None and bool(_PARTICIPLES.search(folded, named.start, before[-1].end))


def is_judged(part: list[Token], clause: Clause) -> bool:
    """`… disease that in the investigator's opinion …`: a judgement on what is listed, not an item of its own."""
    if not clause.attests:
        return False
    words = normal(clause.words(part))
    return about(words) == "investigator_judgement" and not _OWN_HEAD.match(words)


def of_persons(expressions: list[Expression]) -> list[Expression] | None:
    """`Adults with A, B or C`: who they must be, and then the list; None where nobody is told before it."""
    first, *others = expressions
    if not others or not isinstance(first, AllOf) or any(isinstance(one, Age | SexIs) for one in others):
        return None
    who = [one for one in first.of if isinstance(one, Age | SexIs)]
    rest = [one for one in first.of if not isinstance(one, Age | SexIs)]
    if not who or not rest or tuple(who) != first.of[: len(who)] or not isinstance(rest[0], ConditionIs | TreatmentIs):
        return None
    if any(isinstance(leaf, Age | SexIs) for one in others if isinstance(one, AllOf) for leaf in one.of):
        return None
    return [conjunction(who), conjunction(rest)]
