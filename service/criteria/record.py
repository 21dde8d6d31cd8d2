"""A section of the patient's record, found again by concept: what it asserts, and what it merely may mean."""

import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from service.criteria.wording import content_words
from service.reference import concepts as vocabulary
from service.schemas.coding import Coding
from service.schemas.patient import Observation, PatientAllergy, PatientCondition, PatientTreatment
from service.schemas.report import Evidence

F = TypeVar("F", PatientCondition, PatientTreatment, PatientAllergy, Observation)

_PAST = re.compile(
    r"^\s*(?:past |previous |prior )?(?:history of|h/o|hx of|status post|s/p|prior|previous|past)\s+", re.IGNORECASE
)
_HARMLESS = frozenset(
    ["active", "acute", "adult", "advanced", "b", "bilateral", "biopsy", "cell", "childhood", "chronic", "complete", "confirmed", "controlled", "diffuse", "diagnosed", "diagnosis", "early", "essential", "existing", "first", "grade", "i", "ii", "iii", "iv", "iva", "ivb", "iiia", "iiib", "high", "histologically", "idiopathic", "inoperable", "juvenile", "known", "known", "late", "left", "line", "locally", "lower", "low", "localized", "mild", "moderate", "mutated", "metastatic", "multiple", "new", "newly", "onset", "paediatric", "pediatric", "persistent", "positive", "pre", "preexisting", "primary", "progressive", "proven", "r", "recent", "recurrent", "refractory", "relapse", "relapsed", "relapsing", "remission", "resistant", "right", "second", "secondary", "severe", "severely", "single", "sporadic", "stable", "stage", "symptomatic", "systemic", "third", "treated", "type", "uncontrolled", "unresectable", "unspecified", "upper", "very", "well", "with"]
)  # fmt: skip
"""Words beside a disease's name that leave it that disease, or narrow it."""

_MARKED = re.compile(r"\bCD\s?\d+[a-z]?(?:\s*[+-]|[- ]positive\b|[- ]negative\b)?", re.IGNORECASE)


class Meaning(NamedTuple):
    """What words or a code say: concepts they certainly are, and concepts they mention but may not be.

    `whole`: nothing stands beside the concept that could narrow it, so denying it denies the concept.
    """

    stated: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()
    whole: bool = False


class Entry(NamedTuple, Generic[F]):
    """One entry of the record; `past` where its words say "history of"."""

    pointer: str
    name: str
    fact: F
    meaning: Meaning
    words: frozenset[str]
    past: bool

    @property
    def evidence(self) -> Evidence:
        """The entry as the sender named it."""
        return Evidence(pointer=self.pointer, value=self.name)


class Related(NamedTuple, Generic[F]):
    """Entries by how they stand to a concept: they are it, they are broader, they may be it."""

    same: tuple[Entry[F], ...] = ()
    broader: tuple[Entry[F], ...] = ()
    perhaps: tuple[Entry[F], ...] = ()


def ancestry(concept: str) -> frozenset[str]:
    """The concept and every broader one; only itself where this vocabulary does not know it."""
    try:
        return vocabulary.ancestors(concept) | {concept}
    except KeyError:
        return frozenset({concept})


def _agreed(ids: Iterable[str]) -> Meaning:
    """Of several readings, what is true under each is stated, the others are hinted."""
    several = frozenset(ids)
    if len(several) < 2:
        return Meaning(several)
    shared = frozenset.intersection(*map(ancestry, several)) & several
    return Meaning(shared, several - shared)


def meaning_of(text: str | None, code: Coding | None) -> Meaning:
    """Both the code and the words count; words that only mention a concept hint at it."""
    coded = _agreed(c.id for c in vocabulary.by_code(code.system, code.code)) if code else Meaning()
    said = _said(text or (code.display if code else None) or "")
    stated = coded.stated | said.stated
    return Meaning(stated, (coded.hinted | said.hinted) - stated, bool(coded.stated) or said.whole)


def _said(text: str) -> Meaning:
    found = vocabulary.lookup(text) if text else ()
    if found:
        meaning = _agreed(concept.id for concept in found)
        return meaning._replace(whole=True)
    mentions = vocabulary.mentions(text) if text else ()
    if not mentions:
        return Meaning()
    beside, end = [], 0
    for mention in mentions:
        beside.append(text[end : mention.start])
        end = mention.end
    left = content_words(_MARKED.sub(" ", " ".join([*beside, text[end:]])))
    meanings = [_agreed(mention.concepts) for mention in mentions]
    stated = frozenset().union(*(meaning.stated for meaning in meanings))
    hinted = frozenset().union(*(meaning.hinted for meaning in meanings))
    if all(word in _HARMLESS or word.isdigit() for word in left) and not _denied(text):
        return Meaning(stated, hinted)
    return Meaning(frozenset(), stated | hinted)


def _denied(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:no|not|non|without|negative|denies|ruled? out|family|suspected|possible|risk)\b", text, re.IGNORECASE
        )
    )


def entry(pointer: str, fact: F) -> Entry[F]:
    """One entry, understood."""
    text = fact.text or ""
    past = _PAST.match(text)
    meaning = meaning_of(text[past.end() :] if past else fact.text, fact.code)
    name = text or (fact.code and (fact.code.display or fact.code.code)) or "an entry without a name"
    return Entry(pointer, name, fact, meaning, content_words(name), bool(past))


class Entries(Generic[F]):
    """The entries of one section, by every concept they imply, state or hint at."""

    def __init__(self, section: str, facts: Iterable[F]) -> None:
        self.entries: tuple[Entry[F], ...] = tuple(
            entry(f"/{section}/{index}", fact) for index, fact in enumerate(facts)
        )
        self.implied: dict[str, list[Entry[F]]] = {}
        self.stated: dict[str, list[Entry[F]]] = {}
        self.hinted: dict[str, list[Entry[F]]] = {}
        self.mentioned: dict[str, list[Entry[F]]] = {}
        for each in self.entries:
            self._place(each)

    def _place(self, each: Entry[F]) -> None:
        meaning = each.meaning
        for ids, direct, upward in (
            (meaning.stated, self.stated, self.implied),
            (meaning.hinted, self.mentioned, self.hinted),
        ):
            for concept in ids:
                direct.setdefault(concept, []).append(each)
            for concept in frozenset().union(*map(ancestry, ids)):
                upward.setdefault(concept, []).append(each)

    def related(self, concept: str | None, name: str) -> Related[F]:
        """How the record's entries stand to a concept, or to a name the vocabulary does not know."""
        if concept is None:
            return self._by_words(name)
        same = tuple(self.implied.get(concept, ()))
        above = ancestry(concept) - {concept}
        broader = _except(same, (e for a in above & self.stated.keys() for e in self.stated[a]))
        hints = [*self.hinted.get(concept, ()), *(e for a in above & self.mentioned.keys() for e in self.mentioned[a])]
        unnamed = self._unnamed(name)
        return Related(same, broader, _except((*same, *broader), (*hints, *unnamed)))

    def rule_out(self, concept: str | None) -> bool:
        """Whether silence can be read at all: of a name the vocabulary lacks, only an empty section says "no"."""
        return concept is not None or not self.entries

    def _unnamed(self, name: str) -> list[Entry[F]]:
        """Entries without any concept whose words share one with the name."""
        strangers = [e for e in self.entries if not e.meaning.stated and not e.meaning.hinted]
        if not strangers:
            return []
        words = content_words(name)
        return [each for each in strangers if each.words & words]

    def _by_words(self, name: str) -> Related[F]:
        words = content_words(name)
        exact = tuple(each for each in self.entries if each.words == words)
        return Related(exact, (), tuple(each for each in self.entries if each.words & words and each.words != words))


def _except(known: Iterable[Entry[F]], others: Iterable[Entry[F]]) -> tuple[Entry[F], ...]:
    """The others that are not already known, each once, in the record's order."""
    seen = {each.pointer for each in known}
    fresh = {each.pointer: each for each in others if each.pointer not in seen}
    return tuple(fresh.values())
