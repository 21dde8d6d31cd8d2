"""Tests and their results → items: `CD7 positive`, `HBsAg or HBcAb positive`, `KRAS mutation`."""

from functools import lru_cache

from service.criteria.reading.tokens.lex import Token, ids_of, past_synonym, sign_of, single
from service.criteria.reading.words.lexicon import WORDS
from service.reference.concepts import ConceptKind, concept
from service.schemas.expression import AnyOf, Biomarker, BiomarkerResult, Expression
from service.schemas.text import Span

_LISTED = 8
ASSAY = frozenset(WORDS["assay"])


def read_marker(tokens: list[Token], i: int, text: str) -> tuple[Expression, int] | None:
    """`CD7 positive`, `HBsAg or HBcAb positive`, `positive for HIV`: names that share one result."""
    ahead = _result(tokens, i)
    if ahead is not None and ahead in ("positive", "negative", "mutated"):
        names, after = _names(tokens, i + 1)
        if names and not _result_at(tokens, after):
            return _marked(tokens, i, names, ahead, after, text)
    names, after = _names(tokens, i)
    result = _result_at(tokens, after)
    if not names or result is None:
        return None
    return _marked(tokens, i, names, result[0], result[1], text)


def _result(tokens: list[Token], i: int) -> str | None:
    result = tokens[i].tags.get("result")
    return result if isinstance(result, str) and tokens[i].reading is None else None


def _result_at(tokens: list[Token], i: int) -> tuple[str, int] | None:
    """The result behind the names, past small words: `test is positive`, `+`."""
    place = i
    while place < len(tokens) and tokens[place].tags.get("word") in (
        "is",
        "are",
        "was",
        "status",
        "result",
        "results",
        "has",
        "been",
        "a",
        "test",
        "tests",
    ):
        place += 1
    if place >= len(tokens):
        return None
    bracketed = sign_of(tokens[place]) == "(" and place + 2 < len(tokens) and sign_of(tokens[place + 2]) == ")"
    if bracketed and (inside := _result(tokens, place + 1)) is not None:
        return inside, place + 3
    if sign_of(tokens[place]) == "+" and place == i and tokens[place].start == tokens[place - 1].end:
        return "positive", place + 1
    result = _result(tokens, place)
    return (result, place + 1) if result else None


def _names(tokens: list[Token], i: int) -> tuple[list[tuple[int, int]], int]:
    """Names of tests, organisms, antigens and genes, coordinated: (first token, token behind) of each."""
    names: list[tuple[int, int]] = []
    place = i
    while True:
        end = _name_end(tokens, place)
        if end is None:
            break
        names.append((place, end))
        if len(names) > _LISTED:
            return [], i
        end = past_synonym(tokens, end)
        join = end
        while join < len(tokens) and (
            sign_of(tokens[join]) in (",", "/") or tokens[join].tags.get("connective") in ("or", "and_or", "and")
        ):
            join += 1
        place, last = join, end
        if join == end:
            return names, end
    return (names, last) if names else (names, i)


def _name_end(tokens: list[Token], i: int) -> int | None:
    """Behind the run of assay words from `i` that holds at least one concept that can be tested for."""
    end, known = i, False
    while end < len(tokens):
        tags = tokens[end].tags
        if known and past_synonym(tokens, end) > end and _name_goes_on(tokens, end + 3):
            end += 3
            continue
        if tokens[end].reading is not None or sign_of(tokens[end]) is not None or "connective" in tags:
            break
        testable = "analyte" in tags or any(
            concept(c).kind in (ConceptKind.ANTIGEN, ConceptKind.ORGANISM) for c in ids_of(tokens[end])
        )
        disease = any(_is_infection(c) for c in ids_of(tokens[end]))
        if not (testable or disease or "sample" in tags or tags.get("word") in ASSAY):
            break
        known = known or testable or disease or tags.get("word") in ("hbsag", "hbcab", "hbeag")
        end += 1
    return end if known else None


def _name_goes_on(tokens: list[Token], i: int) -> bool:
    """`virus (HCV) antibody`: the name does not end with its synonym."""
    return i < len(tokens) and tokens[i].tags.get("word") in ASSAY


@lru_cache(maxsize=1 << 13)
def _is_infection(concept_id: str) -> bool:
    name = concept(concept_id).name.lower()
    return any(
        word in name
        for word in ("infect", "hepatitis", "hiv", "virus", "viral", "syphilis", "tubercul", "aids", "immunodeficiency")
    )


def _marked(
    tokens: list[Token], first: int, names: list[tuple[int, int]], result: str, after: int, text: str
) -> tuple[Expression, int] | None:
    """The markers under their result; none where `and` asks for all of them at once."""
    leaves = tuple(
        Biomarker(
            marker=text[tokens[a].start : tokens[b - 1].end],
            concept=next((single(ids_of(t)) for t in tokens[a:b] if ids_of(t)), None),
            result=BiomarkerResult(result),
            span=Span(min(tokens[a].start, tokens[first].start), tokens[after - 1].end),
        )
        for a, b in names
    )
    joints = {tokens[k].tags.get("connective") for k in range(names[0][0], after)} & {"and", "or", "and_or"}
    if len(leaves) > 1 and joints == {"and"}:
        return None
    return (leaves[0] if len(leaves) == 1 else AnyOf(of=leaves)), after
