"""What names and codes of a record mean: the concepts they state, imply, or merely mention."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from typing import NamedTuple

from service.criteria.patient.wording import content_words, upright
from service.reference import concepts as vocabulary
from service.schemas.coding import Coding

SYMPTOM = "MESH:D012816"
ANYTHING = frozenset(
    {"MESH:D004194", "MESH:D002908", "MESH:D000208", "MESH:D012008", "MESH:D013577", "MESH:D016638", "MESH:D004630"}
    | {"MESH:D013812", "MESH:D004364"}
)
"""Disease, chronic and acute disease, recurrence, syndrome, critical illness, emergencies; treatment, drugs.

Names of no one disease and no one therapy: which are meant, the rest of the text says.
"""
_HARMLESS = frozenset(
    """
    active acute adult advanced b bilateral biopsy cell childhood chronic complete confirmed controlled
    diagnosed diagnosis diffuse early essential existing first grade high histologically i idiopathic ii iii
    iiia iiib inoperable iv iva ivb juvenile known late left line localized locally low lower metastatic mild
    moderate multiple mutated new newly onset paediatric pediatric persistent positive pre preexisting primary
    progressive proven r recent recurrent refractory relapse relapsed relapsing remission resistant right second
    secondary severe severely single sporadic stable stage symptomatic systemic third treated type uncontrolled
    unresectable unspecified upper very well with
    """.split()  # noqa: SIM905 – a list of words reads better as words
)
"""Words beside a disease's name that leave it that disease, or narrow it."""

_GENERIC = frozenset("cancer condition disease disorder illness infection neoplasm problem syndrome tumor".split())  # noqa: SIM905
"""Words that many diseases share."""
_ADDED = re.compile(
    r"[\s,;(]*\b(?:with|after|following|due to|secondary to|complicated by|involving|status post|since|radiating)\b",
    re.IGNORECASE,
)
"""What follows a disease's name and only adds to it: `AML with FLT3-ITD`, `T-ALL, relapsed after transplant`."""
_MARKED = re.compile(r"\bCD\s?\d+[a-z]?(?:\s*[+-]|[- ]positive\b|[- ]negative\b)?", re.IGNORECASE)


_SIGN = re.compile(r"(?<=\w)\s?(?:\(\+\)|\+)(?=[\s,;)]|$)")
"""The plus of `CD7+ T-ALL`: it belongs to the marker and is no part of the disease's name."""


class Meaning(NamedTuple):
    """What words or a code say.

    `stated` are concepts they certainly are, `implied` those and every broader one; `hinted` are concepts that they
    mention but may not be. `readings` keeps the words that can mean several things, each with all of them. `whole`:
    nothing stands beside the concept that could narrow it, so denying it denies the concept.
    """

    stated: frozenset[str] = frozenset()
    implied: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()
    readings: frozenset[frozenset[str]] = frozenset()
    whole: bool = False

    def __or__(self, other: "Meaning") -> "Meaning":
        """Both are true at once."""
        stated = self.stated | other.stated
        return Meaning(
            stated,
            self.implied | other.implied,
            (self.hinted | other.hinted) - stated,
            self.readings | other.readings,
            self.whole or other.whole,
        )


def ancestry(concept: str) -> frozenset[str]:
    """The concept and every broader one; only itself where this vocabulary does not know it."""
    return broader(concept) | {concept}


def broader(concept: str) -> frozenset[str]:
    """Every broader concept, without itself; none where this vocabulary does not know it."""
    try:
        return vocabulary.ancestors(concept)
    except KeyError:
        return frozenset()


def named(concept: str | None, name: str) -> str:
    """The vocabulary's name of a concept, so that one question serves however texts word it; else the text's name."""
    return name if concept is None else _heading(concept) or name


@lru_cache(maxsize=1 << 14)
def _heading(concept: str) -> str | None:
    """A concept's name as it is spoken; None where this vocabulary does not know it."""
    try:
        return upright(vocabulary.concept(concept).name)
    except KeyError:
        return None


@lru_cache(maxsize=1 << 12)
def _certain(concept: str) -> frozenset[str]:
    """The broader concepts that follow: a symptom is not yet the disease under which a thesaurus files it."""
    above = ancestry(concept)
    if SYMPTOM not in above:
        return above
    return frozenset(broad for broad in above if broad == concept or SYMPTOM in ancestry(broad))


def _agreed(ids: Iterable[str]) -> Meaning:
    """Of several readings, what is true under each is implied, the readings themselves are hinted."""
    several = frozenset(ids)
    if not several:
        return Meaning()
    shared, *others = map(_certain, several)
    if not others:
        return Meaning(several, shared)
    shared = shared.intersection(*others)
    return Meaning(several & shared, shared, several - shared, frozenset({several}))


def meaning_of(text: str | None, code: Coding | None) -> Meaning:
    """Both the code and the words count; words that only mention a concept hint at it."""
    said = _said(text or (code.display if code else None) or "")
    if code is None:
        return said
    coded = _agreed(concept.id for concept in vocabulary.by_code(code.system, code.code))
    return coded._replace(whole=bool(coded.stated)) | said


def _said(text: str) -> Meaning:
    text = _SIGN.sub(lambda sign: " " * len(sign[0]), text) if "+" in text else text
    found = vocabulary.lookup(text) if text else ()
    if found:
        return _agreed(concept.id for concept in found)._replace(whole=True)
    mentions = vocabulary.mentions(text) if text else ()
    meanings = [_agreed(mention.concepts) for mention in mentions]
    whole = reduce(Meaning.__or__, meanings, Meaning())
    if not mentions or _denied(text):
        return Meaning(hinted=whole.stated | whole.hinted)
    if _harmless(" ".join(_beside(text, mentions))):
        return whole
    unsure = Meaning(hinted=whole.stated | whole.hinted)
    heads = _harmless(text[: mentions[0].start]) and _ADDED.match(text, mentions[0].end)
    return meanings[0] | unsure if heads else unsure


def _beside(text: str, mentions: tuple[vocabulary.Mention, ...]) -> Iterator[str]:
    """What stands between and around the mentions."""
    end = 0
    for mention in mentions:
        yield text[end : mention.start]
        end = mention.end
    yield text[end:]


def _harmless(words: str) -> bool:
    return all(word in _HARMLESS or word.isdigit() for word in content_words(_MARKED.sub(" ", words)))


def kind_of(kind: str) -> Meaning:
    """What a kind of treatment means, such as `chemotherapy`."""
    return _agreed(concept.id for concept in vocabulary.lookup(kind))


def _denied(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:no|not|non|without|negative|denies|ruled? out|family|suspected|possible|risk)\b", text, re.IGNORECASE
        )
    )


def telling_words(name: str) -> frozenset[str]:
    """The words of a disease's name that tell it from another one."""
    return telling(content_words(name))


def telling(words: frozenset[str]) -> frozenset[str]:
    """Those of a name's words."""
    return words - _HARMLESS - _GENERIC
