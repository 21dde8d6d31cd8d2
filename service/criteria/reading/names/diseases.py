"""Diseases by name: `history of severe heart failure`; and by name with their therapy: `diagnosis or treatment of`."""

import re
from itertools import product
from math import prod

from msgspec.structs import replace

from service.criteria.reading.tokens.lex import Token, ids_of, name_of, past_synonym, sign_of, single
from service.reference.concepts import ConceptKind, concept
from service.schemas.expression import AnyOf, ConditionIs, Expression, Timing, TreatmentIs
from service.schemas.text import Span

_DISEASES = frozenset({ConceptKind.DISEASE, ConceptKind.FINDING, ConceptKind.ORGANISM})
_COMBINED = 6
SILENT = frozenset({"confirmed"})

_STATED = re.compile(r"(?:diagnos\w{1,9}|histor\w{1,4}|presence|evidence)(?:\s+(?:of|with))?$")
_TREATED = frozenset({"treatment", "treated", "therapy"})
_TIMES = {"current": Timing.CURRENT, "currently": Timing.CURRENT, "ongoing": Timing.CURRENT}
_TIMES |= dict.fromkeys(("prior", "previous", "previously", "past"), Timing.PRIOR)
_LINKING = frozenset({"for", "of", "in", "on", "by", "to", "per"})
_SMALL = frozenset({"the", "a", "an", "any", "being", "been"})

Read = tuple[Expression, int]


def read_condition(tokens: list[Token], i: int, text: str) -> Read | None:
    """Qualifiers and the disease they qualify: `history of severe heart failure`."""
    qualifiers, place = _qualifiers(tokens, i)
    known = concept_at(tokens, place) or ()
    if place < len(tokens) and "pregnancy" in tokens[place].tags and all(set(each) <= SILENT for each in qualifiers):
        return None
    if not any(concept(c).kind in _DISEASES for c in known) and not is_of(tokens, place, "named", "condition"):
        return None
    if prod(map(len, qualifiers)) > _COMBINED:
        return None
    after = past_synonym(tokens, place + 1)
    name = name_of(tokens[place], text)
    known = tuple(c for c in known if concept(c).kind in _DISEASES)
    span = Span(tokens[i].start, tokens[after - 1].end)
    leaves = tuple(
        ConditionIs(name=name, concept=single(known), qualifiers=tuple(q for q in one if q not in SILENT), span=span)
        for one in product(*qualifiers)
    )
    return (leaves[0] if len(leaves) == 1 else AnyOf(of=leaves)), after


def _qualifiers(tokens: list[Token], i: int) -> tuple[list[list[str]], int]:
    """The qualifiers from `i` on, those that `or` joins together, and the token behind them."""
    found: list[list[str]] = []
    place = i
    while place < len(tokens):
        key = tokens[place].tags.get("qualifier")
        if isinstance(key, str) and tokens[place].reading is None:
            if found and _is_alternative(tokens[place - 1]):
                found[-1].append(key)
            else:
                found.append([key])
        elif not (found and _between_qualifiers(tokens, place)):
            break
        place += 1
    return found, place


def _is_alternative(before: Token) -> bool:
    """`acute or chronic`, `mild to moderate`: one of them."""
    joint = before.tags.get("connective") == "or" or before.tags.get("word") == "to" or sign_of(before) in ("/", "-")
    return joint and "qualifier" not in before.tags


def _between_qualifiers(tokens: list[Token], place: int) -> bool:
    tags = tokens[place].tags
    if tags.get("word") in ("a", "an", "the", "of", "any", "with", "and/or") and tokens[place].reading is None:
        return True
    joint = _is_alternative(tokens[place])
    return joint and place + 1 < len(tokens) and "qualifier" in tokens[place + 1].tags


def concept_at(tokens: list[Token], i: int) -> tuple[str, ...] | None:
    """What the token may mean, where it is not read yet."""
    if i >= len(tokens) or tokens[i].reading is not None:
        return None
    return ids_of(tokens[i]) or None


def is_of(tokens: list[Token], i: int, table: str, *keys: str) -> bool:
    """Whether there is such a token, and a table knows it by one of the keys."""
    return i < len(tokens) and tokens[i].tags.get(table) in keys


def read_treated(tokens: list[Token], i: int, text: str) -> Read | None:
    """`previous diagnosis and/or treatment for cancer`: both of cancer, either will do."""
    head, joint = _stated(tokens, i, text)
    if head is None or _is_purpose(tokens, i):
        return None
    when, place = _skipped(tokens, joint + 1)
    if not is_of(tokens, place + 1, "word", "for", "of"):
        return None
    *before, last = tokens[place].text(text).lower().split()
    if last not in _TREATED or not _TIMES.keys() >= {*before}:
        return None
    found = read_condition(tokens, _skipped(tokens, place + 2)[1], text)
    if found is None:
        return None
    disease, end = found
    told = [_TIMES[word] for word in before] or [when or (Timing.PRIOR if "history" in head else Timing.ANY)]
    span = Span(tokens[place].start, tokens[end - 1].end)
    treated = TreatmentIs(name=span.of(text), timing=told[0], span=span)
    whole = Span(tokens[i].start, span.end)
    had = [
        replace(one, qualifiers=(*head, *one.qualifiers), span=whole)
        for one in (disease.of if isinstance(disease, AnyOf) else (disease,))
        if isinstance(one, ConditionIs)
    ]
    return AnyOf(of=(*had, treated)), end


def _stated(tokens: list[Token], i: int, text: str) -> tuple[tuple[str, ...] | None, int]:
    """What `previous diagnosis` says of a disease, and the `or` behind it."""
    place = i
    found: list[str] = []
    while place < len(tokens) and "qualifier" in tokens[place].tags and tokens[place].reading is None:
        found.append(str(tokens[place].tags["qualifier"]))
        place += 1
    stated = place > i and _STATED.search(tokens[place - 1].text(text).lower())
    if not stated or not (is_of(tokens, place, "connective", "or", "and_or") or is_of(tokens, place, "sign", "/")):
        return None, place
    return tuple(q for q in dict.fromkeys(found) if q not in SILENT), place


def _is_purpose(tokens: list[Token], i: int) -> bool:
    """`guidelines for the diagnosis or treatment of …`."""
    words = [token.tags.get("word") for token in tokens[max(0, i - 3) : i]]
    before = [word for word in words if word not in _SMALL]
    return bool(before) and before[-1] in _LINKING


def _skipped(tokens: list[Token], place: int) -> tuple[Timing | None, int]:
    """Behind articles and what says when."""
    when = None
    while place < len(tokens) and tokens[place].tags.get("word") in _TIMES.keys() | _SMALL:
        when = _TIMES.get(str(tokens[place].tags["word"]), when)
        place += 1
    return when, place
