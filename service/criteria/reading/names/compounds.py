"""Words that only together say something: `HIV-associated lymphoma`, `non-severe asthma`, `with or without pain`."""

import re

from service.criteria.reading.tokens.lex import Token, ids_of, sign_of
from service.criteria.reading.words.normal import normal
from service.reference.concepts import ConceptKind, concept, lookup

_LOOSE = frozenset({"associated", "related", "induced", "based", "containing", "mediated"})
_TIED = _LOOSE | {
    "defining",
    "specific",
    "secreting",
    "producing",
    "eluting",
    "sparing",
    "free",
    "targeted",
    "directed",
    "metabolized",
}
"""What makes an adjective of the name before it; of those with a hyphen some do so without one, too."""

_NONE = frozenset[str]()
_MEASURED = frozenset({"level", "levels", "concentration", "concentrations"})
_OWN = frozenset({"pregnancy", "tobacco", "sex", "analyte", "scale"})
_TELLING = _TIED | _MEASURED | {"non"}
"""Without one of these words nothing is merged."""

_ENDS = frozenset({"person", "sex", "connective", "filler", "window", "comparator", "num", "exception", "condition"})
_CONCESSION = re.compile(
    r"\b(?:whether\s+or\s+not|even\s+(?:if|when|though)|(?:associated\s+)?with\s+or\s+without|associated\s+or\s+not\s+with)\b"
    r"(?P<what>(?:(?!\band\b)[^,;.()])*)"
)
_TELLS = re.compile(r"(?<![a-z\d])\d|[<>≤≥=]|\b(?:no|not|never|except|unless|must|should)\b")


def read_compounds(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each such compound as one word, and what is conceded as words that say nothing."""
    if _TELLING.isdisjoint([token.tags.get("word") for token in tokens]):
        return _without_concessions(tokens, text)
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        merged, i = _at(tokens, i, text)
        found += merged
    return _without_concessions(found, text)


def _at(tokens: list[Token], i: int, text: str) -> tuple[list[Token], int]:
    """What stands at token `i`, and the token behind it."""
    if i + 1 < len(tokens):
        tied = tokens[i + 1].start == tokens[i].end + 1 and text[tokens[i].end] == "-"
        if tied and tokens[i].tags.get("word") == "non" and _OWN.isdisjoint(tokens[i + 1].tags):
            return _denied_word(tokens, i, text)
        adjectives = _TIED if tied else _LOOSE if "concept" in tokens[i].tags else _NONE
        if _makes_adjective(tokens, i + 1, adjectives) or _is_level(tokens, i):
            return [_word(tokens[i].start, tokens[i + 1].end, text)], i + 2
    return [tokens[i]], i + 1


def _word(start: int, end: int, text: str) -> Token:
    return Token(start, end, {"word": text[start:end].lower()})


def _makes_adjective(tokens: list[Token], i: int, adjectives: frozenset[str]) -> bool:
    """`associated lymphoma`; not `associated with HIV`."""
    return tokens[i].tags.get("word") in adjectives and i + 1 < len(tokens) and _is_noun(tokens[i + 1])


def _is_noun(token: Token) -> bool:
    return sign_of(token) is None and _ENDS.isdisjoint(token.tags)


def _is_level(tokens: list[Token], i: int) -> bool:
    """`valproate levels`: a value that is measured, no therapy."""
    if tokens[i + 1].tags.get("word") not in _MEASURED or "analyte" in tokens[i].tags:
        return False
    known = ids_of(tokens[i])
    return bool(known) and all(concept(each).kind in (ConceptKind.DRUG, ConceptKind.DRUG_CLASS) for each in known)


def _denied_word(tokens: list[Token], i: int, text: str) -> tuple[list[Token], int]:
    """`non-severe asthma` is asthma; `non-diabetic patients` have no diabetes."""
    told = tokens[i + 1]
    first, _, rest = text[told.start : told.end].partition(" ")
    if rest:
        start = told.start + len(first) + 1
        known = tuple(each.id for each in lookup(rest))
        noun = Token(start, told.end, {"concept": known} if known else {"word": rest.lower()})
        return [_word(tokens[i].start, told.start + len(first), text), noun], i + 2
    if i + 2 < len(tokens) and _is_noun(tokens[i + 2]):
        return [_word(tokens[i].start, told.end, text)], i + 2
    return [tokens[i]], i + 1


def _without_concessions(tokens: list[Token], text: str) -> list[Token]:
    """`even if it has resolved`: asks nothing."""
    folded = normal(text)
    if "even" not in folded and "or not" not in folded and "or without" not in folded:
        return tokens
    spans = [m.span() for m in _CONCESSION.finditer(folded) if not _TELLS.search(m["what"])]
    return [
        Token(t.start, t.end, {"filler": "filler"}) if any(a <= t.start and t.end <= b for a, b in spans) else t
        for t in tokens
    ]
