"""Names that share a word: `hepatitis B or C`, `liver, kidney or metabolic diseases`, `acute or chronic GVHD`."""

import re

from service.criteria.reading.lex import Token, Value, sign_of
from service.reference.concepts import Concept, ConceptKind, concept, lookup


def read_ellipses(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each shortened name in a list known for the concept that it means."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if "concept" in token.tags and _is_disease(token):
            _before(found, i, text)
            _after(found, i, text)
    return found


def share_heads(tokens: list[Token], text: str) -> list[Token]:
    """`vascular or endovascular surgery`: the same for names that only their head tells."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if "named" in token.tags and token.reading is None:
            _before(found, i, text)
    return found


def _is_disease(token: Token) -> bool:
    known = token.tags["concept"]
    return isinstance(known, tuple) and any(concept(c).kind in _DISEASES for c in known)


def _before(found: list[Token], i: int, text: str) -> None:
    """`acute or chronic GVHD`: the words on the left with the last word of the name."""
    words = found[i].text(text).split()
    if len(words) < 2:
        return
    place = i
    while (other := _neighbour(found, place, -1)) is not None and not _belongs(found, other):
        first = other
        while first > 0 and first > other - 2 and _is_plain(found[first - 1]):
            first -= 1
        begin, known, name = _completed(found, first, other, words, text)
        if not known and not _ADJECTIVE.search(found[other].text(text).lower()):
            return
        kind = str(found[i].tags.get("named", "condition"))
        found[begin : other + 1] = [_known(found[begin], found[other], known, name, kind)] + [_EMPTY] * (other - begin)
        place = begin


def _completed(
    found: list[Token], first: int, other: int, words: list[str], text: str
) -> tuple[int, tuple[Concept, ...], str]:
    """Where the shortened name begins, what it means and how it reads in full."""
    for begin in range(first, other + 1):
        for tail in range(1, len(words)):
            name = f"{text[found[begin].start : found[other].end]} {' '.join(words[tail:])}"
            if known := lookup(name):
                return begin, known, name
    return other, (), f"{found[other].text(text)} {words[-1]}"


def _after(found: list[Token], i: int, text: str) -> None:
    """`hepatitis B or C`: the first words of the name with the word on the right."""
    words = found[i].text(text).split()
    if len(words) < 2:
        return
    place = i
    while (other := _neighbour(found, place, +1)) is not None and len(found[other].text(text)) <= 3:
        name = f"{' '.join(words[:-1])} {found[other].text(text)}"
        known = lookup(name)
        if not known:
            return
        found[other] = _known(found[other], found[other], known, name)
        place = other


def _belongs(found: list[Token], i: int) -> bool:
    """`of the cervix, …`: the word ends another name."""
    return i > 0 and found[i - 1].tags.get("word") in ("of", "the", "in", "from")


_DISEASES = frozenset({ConceptKind.DISEASE, ConceptKind.FINDING, ConceptKind.ORGANISM})
_ADJECTIVE = re.compile(r"(?:al|ic|ous|ary|ar|ive|ine)$")
_EMPTY = Token(0, 0, {"filler": "filler"})


def _known(first: Token, last: Token, known: tuple[Concept, ...], name: str, kind: str = "condition") -> Token:
    meaning: dict[str, Value] = {"concept": tuple(c.id for c in known)} if known else {"named": kind}
    return Token(first.start, last.end, {**meaning, "name": name})


def _neighbour(found: list[Token], i: int, step: int) -> int | None:
    """The plain word on the other side of a comma, slash or connective."""
    join = i + step
    joined = False
    while 0 <= join < len(found) and (sign_of(found[join]) in (",", "/") or "connective" in found[join].tags):
        join += step
        joined = True
    return join if joined and 0 <= join < len(found) and _is_plain(found[join]) else None


def _is_plain(token: Token) -> bool:
    """A word that no table but the qualifiers' knows."""
    return "word" in token.tags and not token.tags.keys() - {"word", "qualifier", "roman", "num", "ordinal"}
