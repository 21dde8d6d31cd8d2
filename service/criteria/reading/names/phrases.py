"""Words without numbers → items: diseases, therapies, markers, allergies, pregnancy, sex, tobacco."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from service.criteria.reading.names.diseases import SILENT, Read, concept_at, is_of, read_condition, read_treated
from service.criteria.reading.names.markers import ASSAY, read_marker
from service.criteria.reading.names.pregnancy import read_pregnancy, read_pregnancy_test
from service.criteria.reading.tokens.lex import Token, name_of, past_synonym, sign_of, single
from service.reference.concepts import ConceptKind, concept
from service.schemas.expression import (
    Allergy,
    AnyOf,
    Expression,
    Not,
    SexIs,
    Timing,
    TobaccoIs,
    TobaccoUse,
    TreatmentIs,
    TreatmentOutcome,
)  # fmt: skip
from service.schemas.patient import Sex
from service.schemas.text import Span

_THERAPIES = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS, ConceptKind.PROCEDURE})
_ALLERGEN = 9
_NEAR = 3
_OTHERS = frozenset({"partner", "partners", "spouse", "donor", "donors", "sibling", "siblings"})
_ADJECTIVES = 2
_ALLERGIC = ("allergy", "allergies", "hypersensitivity", "anaphylaxis")
_JOINTS = frozenset({"connective", "negation", "exception", "condition", "window", "num", "comparator", "example"})
_PLAIN = frozenset({"confirmed", "history", "other"})
"""Qualifiers that leave a therapy what it is."""
_OWN = frozenset({"analyte", "scale", "pregnancy"})
_SEEN_ON = frozenset({"on", "using", "under"})
"""`diagnosed on MRI`: what the patient is seen on is not what they are on."""


def read_phrases(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every phrase that a kind knows as one item."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        item, i = _at(tokens, i, text, found)
        found.append(item)
    return found


def _at(tokens: list[Token], i: int, text: str, found: list[Token]) -> tuple[Token, int]:
    tags = tokens[i].tags
    tables: Collection[str] = {*tags, "assay"} if tags.get("word") in ASSAY else tags
    if tokens[i].reading is not None or _STARTS.isdisjoint(tables):
        return tokens[i], i + 1
    for starts, read in _READERS:
        if not starts.isdisjoint(tables) and (read_here := read(tokens, i, text)) is not None:
            reading, after = read_here
            return Token(tokens[i].start, tokens[after - 1].end, {}, reading), after
    return tokens[i], i + 1


Reader = Callable[[list[Token], int, str], Read | None]


def _tobacco(tokens: list[Token], i: int, _text: str) -> Read | None:
    use = tokens[i].tags.get("tobacco")
    if not isinstance(use, str):
        return None
    return TobaccoIs(use=TobaccoUse(use), span=Span(tokens[i].start, tokens[i].end)), i + 1


def _sex(tokens: list[Token], i: int, _text: str) -> Read | None:
    sex = tokens[i].tags.get("sex")
    if not isinstance(sex, str):
        return None
    after = i + 1
    while (
        after + 1 < len(tokens)
        and ("connective" in tokens[after].tags or sign_of(tokens[after]) in ("/", ","))
        and tokens[after + 1].tags.get("sex", sex) != sex
    ):
        after += 2
    if _is_of_another(tokens, i, after):
        return None
    sexes = {str(token.tags["sex"]) for token in tokens[i:after] if "sex" in token.tags}
    span = Span(tokens[i].start, tokens[after - 1].end)
    leaves = tuple(SexIs(sex=Sex(one), span=span) for one in sorted(sexes))
    return (leaves[0] if len(leaves) == 1 else AnyOf(of=leaves)), after


def _is_of_another(tokens: list[Token], i: int, after: int) -> bool:
    """`a female partner`, `the same woman`: somebody whom the patient knows."""
    before = tokens[i - 1].tags.get("word") if i else None
    behind = [token.tags.get("word") for token in tokens[after : after + _NEAR]]
    return before in ("same", "his", "her") or bool(_OTHERS.intersection(behind))


def _allergy(tokens: list[Token], i: int, text: str) -> Read | None:
    if (named_first := _to_what_is_named(tokens, i, text)) is not None:
        return named_first
    if tokens[i].tags.get("allergy") != "allergy":
        return None
    place = i + 1
    while place < len(tokens) and ("filler" in tokens[place].tags or "qualifier" in tokens[place].tags):
        place += 1
    known = concept_at(tokens, place)
    if known is None:
        return _allergy_to_words(tokens, i, text)
    to = name_of(tokens[place], text)
    return Allergy(to=to, concept=single(known), span=Span(tokens[i].start, tokens[place].end)), place + 1


def _to_what_is_named(tokens: list[Token], i: int, text: str) -> Read | None:
    """`known penicillin allergy`."""
    place = i
    while place < len(tokens) and tokens[place].tags.get("qualifier") in SILENT and tokens[place].reading is None:
        place += 1
    known = concept_at(tokens, place)
    if not known or not is_of(tokens, place + 1, "word", *_ALLERGIC) or tokens[place + 1].reading is not None:
        return None
    if not all(concept(c).kind in _THERAPIES for c in known):
        return None
    span = Span(tokens[i].start, tokens[place + 1].end)
    return Allergy(to=name_of(tokens[place], text), concept=single(known), span=span), place + 2


def _allergy_to_words(tokens: list[Token], i: int, text: str) -> Read | None:
    """`hypersensitivity to any component of the study drug`: what the words up to the next sign or joint name."""
    end = i + 1
    while (
        end < len(tokens)
        and end - i <= _ALLERGEN
        and sign_of(tokens[end]) is None
        and not _JOINTS & tokens[end].tags.keys()
    ):
        end += 1
    if all("filler" in token.tags for token in tokens[i + 1 : end]):
        return None
    to = text[tokens[i + 1].start : tokens[end - 1].end]
    return Allergy(to=to, span=Span(tokens[i].start, tokens[end - 1].end)), end


def _treatment(tokens: list[Token], i: int, text: str) -> Read | None:
    """Timing or outcome words and the therapy they govern: `failed at least`, `currently taking warfarin`."""
    timing, outcome, place = Timing.ANY, None, i
    narrowed: list[str] = []
    while place < len(tokens) and tokens[place].reading is None:
        tags = tokens[place].tags
        if place > i and (behind := _modified(tokens, place)) is not None:
            narrowed.append(text[tokens[place].start : tokens[behind - 1].end])
            place = behind
            continue
        if "outcome" in tags:
            outcome, timing = TreatmentOutcome(str(tags["outcome"])), Timing.PRIOR
        elif "timing" in tags:
            timing = Timing(str(tags["timing"])) if timing is Timing.ANY else timing
        elif "qualifier" in tags and "concept" not in tags and not tags.keys() & _OWN:
            narrowed += [] if tags["qualifier"] in _PLAIN else [tokens[place].text(text)]
        elif not (
            place > i and tags.get("word") in ("a", "an", "the", "any", "with", "of", "to", "other", "or", "treatment")
        ):
            break
        place += 1
    if place < len(tokens) and "method" in tokens[place].tags and tokens[i].tags.get("word") in _SEEN_ON:
        return None
    known = concept_at(tokens, place) or ()
    if not (known and all(concept(c).kind in _THERAPIES for c in known)) and not is_of(
        tokens, place, "named", "therapy"
    ):
        return None
    after = past_synonym(tokens, place + 1)
    leaf = TreatmentIs(
        name=name_of(tokens[place], text), concept=single(known), qualifiers=tuple(narrowed), timing=timing,
        outcome=outcome, span=Span(tokens[i].start, tokens[after - 1].end),
    )  # fmt: skip
    if is_of(tokens, after, "word", "naive", "naïve"):
        return _never(leaf, tokens[after].end), after + 1
    return leaf, after


def _never(leaf: TreatmentIs, end: int) -> Expression:
    """`statin-naive`."""
    span = Span(leaf.span.start, end) if leaf.span else None
    return Not(of=replace(leaf, timing=Timing.PRIOR, span=span))


def _modified(tokens: list[Token], i: int) -> int | None:
    """Where a therapy begins behind one or two words that no table knows: `received pulsed cyclophosphamide`."""
    end = i
    while (
        end < len(tokens) and end - i < _ADJECTIVES and tokens[end].tags.keys() == {"word"} and not tokens[end].reading
    ):
        end += 1
    known = concept_at(tokens, end) or ()
    return end if end > i and known and all(concept(c).kind in _THERAPIES for c in known) else None


_READERS: tuple[tuple[frozenset[str], Reader], ...] = (
    (frozenset({"pregnancy"}), read_pregnancy),
    (frozenset({"result"}), read_pregnancy_test),
    (frozenset({"tobacco"}), _tobacco),
    (frozenset({"allergy", "concept", "qualifier"}), _allergy),
    (frozenset({"result", "analyte", "concept", "sample", "assay"}), read_marker),
    (frozenset({"qualifier"}), read_treated),
    (frozenset({"qualifier", "concept", "named"}), read_condition),
    (frozenset({"timing", "outcome", "qualifier", "concept", "named"}), _treatment),
    (frozenset({"sex"}), _sex),
)
"""Who reads a phrase that begins in one of these tables; `assay` words begin the names of tests."""
_STARTS = frozenset[str]().union(*(starts for starts, _ in _READERS))
