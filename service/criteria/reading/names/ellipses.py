"""Names that share a word: `hepatitis B or C`, `liver, kidney or metabolic diseases`, `acute or chronic GVHD`."""

import re

from service.criteria.reading.tokens.lex import Token, Value, sign_of
from service.criteria.reading.words.lexicon import WORDS
from service.reference.concepts import Concept, ConceptKind, concept, lookup


def read_ellipses(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each shortened name in a list known for the concept that it means."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if "concept" in token.tags and _names(token, _DISEASES):
            _before(found, i, text)
            _after(found, i, text)
    return found


def share_heads(tokens: list[Token], text: str) -> list[Token]:
    """`vascular or endovascular surgery`: the same for names that only their head tells."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if token.reading is None and ("named" in token.tags or _names(token, _THERAPIES)):
            _before(found, i, text, whole=True)
        if token.reading is None and not {"disease_head", "therapy_head", "named"}.isdisjoint(token.tags):
            _headed(found, i, text)
    return found


def _headed(found: list[Token], i: int, text: str) -> None:
    """`limb deformity or abnormality`: the first words of the name before with a head that names nothing by itself."""
    words = found[i].text(text).split()
    join = i - 1
    while join >= 0 and (sign_of(found[join]) in (",", "/") or "connective" in found[join].tags):
        join -= 1
    before = found[join] if 0 <= join < i - 1 else None
    if before is None or len(words) > 1 or before.reading is not None or not {"named", "concept"} & before.tags.keys():
        return
    own = before.text(text).split()
    if len(own) < 2 or "concept" in found[i].tags:
        return
    name = " ".join((*own[:-1], *words))
    if (known := lookup(name)) or words[0].lower() in _HOLLOW:
        tags = found[i].tags
        kind = str(tags.get("named", "condition" if "disease_head" in tags else "therapy"))
        found[i] = _known(found[i], found[i], known, name, kind)


def _names(token: Token, kinds: frozenset[ConceptKind]) -> bool:
    known = token.tags.get("concept")
    return isinstance(known, tuple) and any(concept(c).kind in kinds for c in known)


def _before(found: list[Token], i: int, text: str, whole: bool = False) -> None:
    """`acute or chronic GVHD`: the words on the left with the last word of the name; all of them where `whole`."""
    words = found[i].text(text).split()
    if len(words) < 2:
        return
    place = i
    while (other := _neighbour(found, place, -1)) is not None and not _belongs(found, other):
        first = other
        while first > 0 and first > other - 2 and _is_plain(found[first - 1]):
            first -= 1
        begin, known, name = _completed(found, first, other, words, text)
        if not known and whole and _SHARED.search(words[-1].lower()) and _stands_alone(found, first):
            begin, name = first, f"{text[found[first].start : found[other].end]} {words[-1]}"
        elif not known and not _ADJECTIVE.search(found[other].text(text).lower()):
            return
        kind = str(found[i].tags.get("named", "therapy" if _names(found[i], _THERAPIES) else "condition"))
        found[begin : other + 1] = [_known(found[begin], found[other], known, name, kind)] + [_EMPTY] * (other - begin)
        place = begin


def _stands_alone(found: list[Token], first: int) -> bool:
    """Whether nothing but small words and signs stands before: `history of lower extremity or spine surgery`."""
    before = found[first - 1].tags if first else {"filler": ""}
    return bool({"filler", "sign", "qualifier", "timing", "connective"} & before.keys())


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
_THERAPIES = frozenset({ConceptKind.PROCEDURE, ConceptKind.DRUG_CLASS})
_HOLLOW = frozenset(WORDS["vague"]) | {
    "abuse", "dependence", "dependency", "misuse", "addiction", "dysfunction", "insufficiency", "rupture",
    "infiltration", "deformity", "deformities", "injury", "injuries", "malformation", "malformations", "anomaly",
    "anomalies",
}  # fmt: skip
"""Heads that stand for the whole name before them."""

_SHARED = re.compile(
    r"(?:surger(?:y|ies)|transplants?|transplantations?|plast(?:y|ies)|procedures?|operations?|resections?|fractures?|injur(?:y|ies)"
    r"|amputations?|implants?|therap(?:y|ies)|treatments?|care|diseases?|devices?|conditions?|symptoms?|pathology|infections?|cancers?)$"
)
"""Heads that texts leave to the last of a list, whatever word stands before: `foot or ankle surgery`."""

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
    """A word that no table but the qualifiers' knows, or a number as in `type 1 or type 2 diabetes`."""
    return not {"word", "num"}.isdisjoint(token.tags) and not token.tags.keys() - {
        "word",
        "qualifier",
        "roman",
        "num",
        "ordinal",
        "scale_word",
    }
