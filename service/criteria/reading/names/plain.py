"""Words that no table knows, read by what leads in: what the patient has, or what is given, under the text's own name.

Such a name has no concept: only an entry of the record in the same words is it, and nothing rules it out by itself.
"""

import re
from typing import NamedTuple

from service.criteria.reading.tokens.clause import Clause, trimmed
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.normal import normal
from service.criteria.tree import with_window
from service.schemas.expression import Biomarker, BiomarkerResult, ConditionIs, Expression, Timing, TreatmentIs, Window
from service.schemas.text import Span

_WALLS = frozenset(
    {"num", "comparator", "negation", "exception", "condition", "connective", "definition", "example", "unit", "limit"}
    | {"ordinal", "trailing", "normal"}
)
_TIMES_TOLD = frozenset({"window", "when"})
_LONGEST = 14
"""Words of the longest name."""


def _any(words: str) -> str:
    """One of the words."""
    return f"(?:{'|'.join(words.split())})"


_PERSONS = _any(
    """
    patients? subjects? participants? individuals? persons? people volunteers? those children adults? infants? neonates
    newborns? men women cases? adolescents?
    """
)
_WHOSE = _any("all any those a an the male female adult elderly pa?ediatric consecutive study")
_VERBS = _any(
    """
    who that which with and has have had having is are was were be been being must should also currently recently
    previously
    """
)
_LEAD = rf"\W*(?:(?:{_WHOSE}\s+)*{_PERSONS}\s+)?(?:{_VERBS}\s+)*"
_SEEN = _any(
    """
    a an any the known documented confirmed proven clinical clinically significant current active new radiolog\\w+
    histolog\\w+ prior previous past personal medical positive established objective imaging recent concurrent
    concomitant pre-?existing
    """
)
_STATES = _any(
    """
    presence evidence history histories diagnosis presentation findings? documentation confirmation suspicion
    occurrence existence
    """
)
_HAS = re.compile(
    rf"{_LEAD}(?:{_SEEN}\s+)*(?P<lead>{_STATES}\s+of|complain\w*\s+of|known|with|(?:has|have|had|having)(?!\s+\w+ed\b)"
    r"|(?:diagnosed|affected|afflicted|presenting|presented|suffering|suffers?|suffered)\s+(?:with|by|from|as)"
    r"(?:\s+having)?)\s+(?:(?:a|an|any|the)\s+)*"
)
_NOT_YET = _any("signs? symptoms? complaints? features? contra-?\\s?indications? risk complications?")
_SIGNS = re.compile(
    rf"{_LEAD}(?:{_SEEN}\s+)*(?P<name>{_NOT_YET}\s+(?:of|to|for|from|suggest\w+)\b|contra-?\s?indicated\s+(?:in|for|to)\b)"
)
_OFTEN = _any(
    "currently concurrent concurrently chronic chronically regular regularly concomitant ongoing current daily"
)
_BEFORE = _any("prior previous previously past recent recently")
_MEANT = _any(
    """
    scheduled planned listed presenting presents attending awaiting waiting candidates? eligible suitable referred
    indicated indications? planning plans? going intend\\w*
    """
)
_GETS = (
    (
        Timing.PLANNED,
        rf"{_MEANT}\s+(?:for|to)(?:\s+(?:undergo|receive|have|get)\b)?|(?:will|to)\s+(?:undergo|receive)"
        r"|planned|scheduled|awaiting",
    ),
    (
        Timing.CURRENT,
        rf"(?:{_OFTEN}\s+)*(?:receiving|undergoing|taking|using|on|under|requir(?:ing|es?)|need(?:ing|s)?(?:\s+for)?"
        r"|dependen(?:t|ce)\s+(?:on|upon)|consum\w+(?:\s+of)?)"
        rf"|(?:{_OFTEN}\s+)+(?:(?:use|usage|intake)\s+of|(?:treatment|therapy|treated)\s+with)",
    ),
    (
        Timing.PRIOR,
        rf"(?:{_BEFORE}\s+|history\s+of\s+)*(?:received|underwent|undergone|took|taken|used|status\s+post"
        r"|(?:treated|treatment|therapy)\s+(?:with|by)|(?:exposure|exposed)\s+to|(?:administration|receipt|use|usage|intake)\s+of)",
    ),
)
_THERAPIES = tuple(
    (timing, re.compile(rf"{_LEAD}(?:{lead})\s+(?:(?:a|an|any|the|of|prior|previous)\s+)*")) for timing, lead in _GETS
)
_GIVEN = _any(
    "treatments? therapy therapies surger(?:y|ies) medications? drugs? operations? procedures? interventions?"
)
_CARE = re.compile(
    rf"{_LEAD}(?:(?P<when>{_BEFORE}|history\s+of|current|ongoing|concurrent|concomitant|planned|elective|any|a|an|the|known)\s+)*"
    rf"(?P<name>(?:(?!taking|receiving|using|undergoing|on|under|requiring)\w+\s+)?{_GIVEN}\s+(?:of|for|on|to|in|at)\b)"
)
_UNSAID = re.compile(
    r"\b"
    + _any(
        """
        no not never none nor without is are was were be been being will would can could may might must should
        shall do does did if when while than because until whether unless there it they he she we you absence
        absent lack\\w* free refus\\w+ unwilling\\w* willing\\w* unable inability able ability allowed permitted
        eligible ineligible exclu\\w+ inclu\\w+ regardless irrespective instead rather screen\\w* criteria
        criterion protocol following below above except\\w* only
        recist ctcae consent likely unlikely suitable negative positive normal as per according study trial
        investigator\\w* however therefore meet\\w* agree\\w* etc other
        """
    )
    + r"\b"
)
"""Words that no plain name has: something is said of it, or denied."""

OPERATION = re.compile(r"surg|otomy|ectomy|plasty|scopy|transplant|operation|procedure|section")
"""Nobody undergoes these for long: `undergoing` one is about to."""

LETTING = re.compile(r"\b(?:eligible|ineligible|allowed|permitted|acceptable|excluded|included|enrol\w*)\b")
"""What lets somebody in or shuts them out is said of the patient, not of what the patient has."""

_ADVERB = re.compile(r"\s+(?:previously|before|earlier|currently|recently|already|in\s+the\s+past)$", re.IGNORECASE)
_RESTRICTING = re.compile(
    r"\s(?="
    + _any("that which who requiring necessitating needing interfering preventing leading causing resulting")
    + r"\b)"
)
_TIMES = {
    **dict.fromkeys(("prior", "previous", "past", "recent", "history of"), Timing.PRIOR),
    **dict.fromkeys(("current", "ongoing", "concurrent", "concomitant"), Timing.CURRENT),
    **dict.fromkeys(("planned", "elective"), Timing.PLANNED),
}


_EXAMPLES = re.compile(
    r"\s*[(\[](?:(?:e\.?\s?g|i\.?\s?e|for example|such as|including|like)\b[^()\[\]]*|[A-Za-z][\w/-]{1,9})[)\]]",
    re.IGNORECASE,
)
"""`(e.g. aphasia)`, `(MRI)`: what is bracketed names again what stands before it, or gives examples."""

_PREPOSED = re.compile(
    r"(?:in|on|at|of|to|for|by|with|within|from|under|during|after|before|limits?|limitations?|restrictions?)\b|.*\b(?:limits?|restrictions?)$"
)


_TEST = r"(?P<test>[\w./'+-]+(?:\s+[\w./'+()-]+){0,4})"
_RESULT_FIRST = re.compile(
    rf"{_LEAD}(?:(?:a|an|the|known|tested|test)\s+)*(?P<result>positive|negative)\s+(?:(?:in|for|on)\s+(?:the\s+)?)?{_TEST}\W*"
)
_RESULT_LAST = re.compile(
    rf"{_LEAD}(?:(?:a|an|the)\s+)*{_TEST}\s+(?:(?:is|are|was|test|tests|result)\s+)*(?P<result>positive|negative)(?:\s+on\s+serology)?\W*"
)
_NO_TEST = re.compile(
    r"\b(?:pregnan\w*|history|symptoms?|family|affect\w*|reproductive|attitude|effects?|margins?|pressure|ventilation|control|of|and|or|for|to|with|in)\b"
)


class _Named(NamedTuple):
    """A name, and what stands behind it to narrow it."""

    name: str
    qualifiers: tuple[str, ...]


def plain(tokens: list[Token], clause: Clause) -> Expression | None:
    """The condition or therapy that plain words name; None where they name none, or say more than a name can hold."""
    windows = [t.tags["window"] for t in tokens if "window" in t.tags]
    said = trimmed([t for t in tokens if _TIMES_TOLD.isdisjoint(t.tags)])
    if len(windows) > 1 or not said or _is_split(said, tokens):
        return None
    bracketed = "(" in clause.text or "[" in clause.text
    inside = [(m.start(), m.end()) for m in _EXAMPLES.finditer(clause.text)] if bracketed else ()
    telling = [t for t in said if not any(start < t.start < end for start, end in inside)] if inside else said
    if any(t.reading is None and not _WALLS.isdisjoint(t.tags) for t in telling) or len(telling) > _LONGEST:
        return None
    words, span = clause.words(said), clause.span(said)
    words = _EXAMPLES.sub("", words) if inside else words
    if not any(t.reading for t in said) and (tested := _tested(words, normal(words), span)) is not None:
        return tested
    lacked = clause.lacked and "qualifier" not in said[-1].tags and not _PREPOSED.match(words.lower())
    read = _read(words, span) or (_condition(words, span) if lacked else None)
    window = windows[0] if windows else None
    return with_window(read, window) if read is not None and isinstance(window, Window) else read


def _is_split(said: list[Token], tokens: list[Token]) -> bool:
    """Whether a time stands in the midst of the words: what it is of is not told."""
    if len(said) == len(tokens):
        return False
    inner = [t for t in tokens if said[0].start < t.start < said[-1].start]
    return any(not _TIMES_TOLD.isdisjoint(t.tags) for t in inner)


def _read(words: str, span: Span) -> Expression | None:
    folded = normal(words)
    if (signs := _SIGNS.match(folded)) is not None:
        return _condition(words[signs.start("name") :], span)
    if (care := _CARE.match(folded)) is not None:
        named = _named(words[care.start("name") :])
        return named and TreatmentIs(
            name=named.name, qualifiers=named.qualifiers, timing=_TIMES.get(care["when"] or "", Timing.ANY), span=span
        )
    for timing, lead in _THERAPIES:
        if (found := lead.match(folded)) is not None:
            named = _named(words[found.end() :])
            soon = named and "undergoing" in found[0] and OPERATION.search(named.name.lower())
            return named and TreatmentIs(
                name=named.name, qualifiers=named.qualifiers, timing=Timing.PLANNED if soon else timing, span=span
            )
    if (found := _HAS.match(folded)) is not None:
        return _condition(words[found.end() :], span, history="history" in found["lead"])
    return None


def _tested(words: str, folded: str, span: Span) -> Expression | None:
    """`negative T-SPOT.TB test`, `serology is positive`: a test that no table knows, and its result."""
    if "positive" not in folded and "negative" not in folded:
        return None
    found = _RESULT_FIRST.fullmatch(folded) or _RESULT_LAST.fullmatch(folded)
    if found is None or _UNSAID.search(found["test"]) or _NO_TEST.search(found["test"]):
        return None
    marker = words[found.start("test") : found.end("test")]
    return Biomarker(marker=marker, result=BiomarkerResult(found["result"]), span=span)


def _condition(words: str, span: Span, history: bool = False) -> Expression | None:
    named = _named(words)
    own = ("history",) if history else ()
    return named and ConditionIs(name=named.name, qualifiers=(*own, *named.qualifiers), span=span)


def name_alone(words: str) -> str | None:
    """The words, if they are a name and nothing else."""
    named = _named(words)
    return named.name if named is not None and not named.qualifiers else None


def _named(words: str) -> _Named | None:
    """`a lesion that needs excision`: a lesion, narrowed."""
    name, *behind = _RESTRICTING.split(_ADVERB.sub("", words.strip(" ,;:-")), maxsplit=1)
    if (
        len(name) < (2 if name.isupper() else 3)
        or _UNSAID.search(normal(name))
        or not any(char.isalpha() for char in name)
    ):
        return None
    if any(LETTING.search(tail.lower()) for tail in behind):
        return None
    if set('()[]:;"=<>') & set(words):
        return None
    return _Named(name, tuple(behind))
