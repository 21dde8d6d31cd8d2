"""A stretch between connectives → its items side by side, and what the leftover words add to them."""

import re

from msgspec.structs import replace

from service.criteria.reading.attested.attestations import about, attested
from service.criteria.reading.grammar.cases import of_case
from service.criteria.reading.limits.constraints import GENERIC
from service.criteria.reading.names.narrowing import as_one_name, described, more_than, narrowed_by, with_words
from service.criteria.reading.names.plain import plain
from service.criteria.reading.names.residue import narrows, turns
from service.criteria.reading.tokens.clause import (
    NUMERIC,
    SILENT,
    Clause,
    apart,
    has_limit,
    is_bound,
    is_small,
    speaks,
    unparsed,
)
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, disjunction, leaves, with_window
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    ConditionIs,
    Expression,
    If,
    Measurement,
    ScaleScore,
    SexIs,
    TreatmentIs,
    Window,
)
from service.schemas.text import Span

_FEW = 4
_DESCRIBING = (ConditionIs, TreatmentIs)
_LINK = re.compile(
    r"(?:against|which|that|who|may|might|due|because|leading|causing|resulting|despite|towards?|affecting|interfer\w*|put\w*|contraindicating|precluding"
    r"|preventing|limiting)\b",
    re.IGNORECASE,
)
_JUDGING = frozenset(
    """
    low high lower higher decreased increased reduced elevated raised impaired poor insufficient inadequate
    adequate normal acceptable sufficient good preserved abnormal diminished appropriate satisfactory prolonged
    mean average resting median sitting seated supine
    """.split()  # noqa: SIM905 – a list of words reads better as words
)
"""What a word says of a value, its limit says better."""

_EXAMPLES = re.compile(r"\b(?:such\s+as|e\.?\s?g\b|for\s+example|including)")
_KEPT = (*NUMERIC, SexIs)
_SITE = frozenset({"contraception", "consent", "compliance", "pregnancy_intent"})


def chunk_expression(tokens: list[Token], clause: Clause) -> Expression | None:
    """The items of a chunk, side by side, and what the leftover words add to them; None if it says nothing."""
    tokens = _judged_values(tokens)
    items = [token for token in tokens if token.reading is not None]
    if clause.polarity is Polarity.EXCLUSION and any(isinstance(item.reading, If) for item in items):
        tokens = [_case(token) for token in tokens]
        items = [token for token in tokens if token.reading is not None]
    if clause.attests and about(normal(clause.words(tokens))) in _SITE and not any(map(has_limit, items)):
        return _spoken(tokens, clause) if _says_so_itself(tokens, clause) else unparsed(tokens, clause)
    if (cased := of_case(tokens, clause)) is not None:
        return cased
    words = [run for run in _leftover(tokens) if not _goes_without_saying(run, items)]
    if not items:
        return _spoken(tokens, clause) if words else None
    if len(items) == 1 and len(words) == 1 and (graded := _graded(items[0], words[0], clause)) is not None:
        return graded
    if (linked := _linked(tokens, items, words, clause)) is not None:
        return linked
    if not all(narrows(run, tokens, clause.text) for run in words):
        return _bounds_kept(tokens, clause) or _spoken(tokens, clause)
    return _side_by_side(items, words, tokens, clause)


def _says_so_itself(tokens: list[Token], clause: Clause) -> bool:
    """`factors affecting drugs by mouth (such as inability to swallow, diarrhea)`: only one of its examples does."""
    if clause.polarity is Polarity.INCLUSION:
        return True
    words = normal(clause.words(tokens))
    examples = _EXAMPLES.search(words)
    return examples is None or not examples.start() or about(words[: examples.start()]) is not None


def _judged_values(tokens: list[Token]) -> list[Token]:
    """`low testosterone < 300 ng/dL`: the limit with the word that says the same of the value."""
    found: list[Token] = []
    for token in tokens:
        judged = found and found[-1].tags.get("word") in _JUDGING and found[-1].reading is None
        if judged and isinstance(own := token.reading, Measurement | ScaleScore) and own.span is not None:
            start = found.pop().start
            while found and found[-1].tags.get("word") in _JUDGING and found[-1].reading is None:
                start = found.pop().start
            found.append(replace(token, start=start, reading=replace(own, span=Span(start, own.span.end))))
        else:
            found.append(token)
    return found


def _linked(tokens: list[Token], items: list[Token], words: list[list[Token]], clause: Clause) -> Expression | None:
    """`vaccines against infections`, `disorders which may lead to bleeding`: what follows only describes the first."""
    for run in words:
        first = [item for item in items if item.end <= run[0].start]
        rest = [token for token in tokens if token.start >= run[0].start]
        describes = any(item.start >= run[-1].end and isinstance(item.reading, _DESCRIBING) for item in items)
        if first and describes and _LINK.match(clause.text, run[0].start):
            head = [token for token in tokens if token.end <= run[0].start or "window" in token.tags]
            told = chunk_expression(head, clause)
            behind = [token for token in rest if "window" not in token.tags]
            narrowed = described(told, behind, clause) if told is not None else None
            unread = unparsed(behind, clause)
            return narrowed or (unread if told is None else conjunction([told, unread]))
    return None


def _case(token: Token) -> Token:
    """`Karnofsky (age ≥ 16) < 70` keeps out those of that age only; others it does not concern."""
    match token.reading:
        case If(when=when, then=then, otherwise=None):
            return replace(token, reading=conjunction([when, then]))
        case _:
            return token


def _goes_without_saying(run: list[Token], items: list[Token]) -> bool:
    """`other` before a therapy, `children` beside an age: words that the items make superfluous."""
    if all(token.tags.get("qualifier") == "other" for token in run):
        return any(isinstance(item.reading, TreatmentIs) for item in items)
    return all("person" in token.tags for token in run) and any(map(is_bound, items))


def _graded(item: Token, run: list[Token], clause: Clause) -> Expression | None:
    """`toxicity of grade ≥ 2`: what a score without a scale of its own is of."""
    score = item.reading
    if not isinstance(score, ScaleScore) or score.scale not in GENERIC or score.of is not None or len(run) > _FEW:
        return None
    span = Span(min(item.start, run[0].start), max(item.end, run[-1].end))
    return replace(score, of=clause.words(run), span=span)


def _side_by_side(items: list[Token], words: list[list[Token]], tokens: list[Token], clause: Clause) -> Expression:
    """All the items; words beside a disease or therapy narrow it, others stay as they are."""
    told = list(items)
    unread: list[Expression] = []
    for run in words:
        place = narrowed_by(run, told, clause.text)
        one = as_one_name(run, told[0], clause.text) if place is None and run[-1].end <= told[0].start else None
        if one is not None:
            told[0] = one
        elif place is None and (more := more_than(run, told, clause.text)) is not None:
            unread.append(more)
        elif place is None:
            unread.append(_aside(run, clause))
        else:
            following = next((item for item in items if item.start >= run[-1].end), None)
            told[place] = with_words(told[place], run, following, clause)
    stated = [item.reading for item in told if item.reading is not None]
    read = disjunction(stated) if not unread and apart(stated) else conjunction([*stated, *unread])
    window = next((t.tags["window"] for t in tokens if "window" in t.tags), None)
    return with_window(read, window) if isinstance(window, Window) else read


def _aside(run: list[Token], clause: Clause) -> Expression:
    """Words beside an item that do not belong to it: a further name where a head tells of what, else unread."""
    headed = any({"disease_head", "therapy_head"} & token.tags.keys() for token in run)
    read = plain(run, clause._replace(lacked=False)) if headed else None
    if read is None and clause.attests and about(normal(clause.words(run))) == "investigator_judgement":
        return attested("investigator_judgement", clause.words(run), clause.span(run))
    return read or unparsed(run, clause)


def _bounds_kept(tokens: list[Token], clause: Clause) -> Expression | None:
    """Bounds stand by themselves beside words that no one can read, unless those may turn them round."""
    parts: list[Expression] = []
    run: list[Token] = []
    for token in tokens:
        if token.reading is None or not any(type(leaf) in _KEPT for leaf in leaves(token.reading)):
            if token.reading is not None or token.tags.get("qualifier") not in SILENT:
                run.append(token)
            continue
        if speaks(run) and turns(clause.words(run)):
            return None
        parts += [_spoken(run, clause)] if speaks(run) and not all("person" in each.tags for each in run) else []
        parts.append(token.reading)
        run = []
    if not any(type(leaf) in NUMERIC for part in parts for leaf in leaves(part)):
        return None
    return conjunction([*parts, _spoken(run, clause)] if speaks(run) else parts)


def _spoken(tokens: list[Token], clause: Clause) -> Expression:
    """Words that no kind reads: an attestation where they speak of one, a plain name, else unparsed."""
    key = about(normal(clause.words(tokens))) if clause.attests else None
    if key is None:
        return plain(tokens, clause) or unparsed(tokens, clause)
    return attested(key, clause.words(tokens), clause.span(tokens))


def _leftover(tokens: list[Token]) -> list[list[Token]]:
    """Runs of words that neither an item nor the small words account for, with the `of the` that ties them to one."""
    runs: list[list[Token]] = [[]]
    leading: list[Token] = []
    behind_item = False
    for token in tokens:
        if token.reading is not None or "window" in token.tags:
            runs.append([])
            leading, behind_item = [], token.reading is not None
        elif not is_small(token) or (runs[-1] and sign_of(token) is None):
            runs[-1] += [*leading, token]
            leading = []
        else:
            leading = [*leading, token] if behind_item and sign_of(token) is None else []
    return [stripped for run in runs if run and (stripped := _stripped(run))]


_NOUNS = frozenset(
    {"level", "levels", "test", "result", "results", "body", "time", "value", "values", "condition", "conditions"}
)
"""Small words that end a phrase all the same: `at the treated levels`."""


def _stripped(run: list[Token]) -> list[Token]:
    while run and "filler" in run[-1].tags and (len(run) == 1 or run[-1].tags.get("word") not in _NOUNS):
        run = run[:-1]
    return run
