"""What of a record can bear on a sentence: the same keys on both sides.

The claim, proved by a property test: a sentence that shares no key with a record comes out as it does for a silent
record, one that names nothing. So it need not be held against the record at all, and most need not: a registry asks
about thousands of diseases and drugs, a patient has a few.

A key is a concept id, a word of a section (`conditions:frobnication`), an analyte or scale (`measured:ecog`), an
attested matter (`attested:consent`), or PERSON for what is always worth asking.
"""

import re
from collections.abc import Iterable, Iterator

from service.criteria.narrower import narrower
from service.criteria.patient.assay import assay
from service.criteria.patient.facts import Facts
from service.criteria.patient.meaning import ancestry, named, telling_words
from service.criteria.patient.record import Entries, F
from service.criteria.patient.wording import content_words
from service.reference import concepts as vocabulary

PERSON = frozenset({"person"})
NOTHING = frozenset[str]()
_RUN = re.compile(r"[^\W_]+")


def record_keys(facts: Facts) -> frozenset[str]:
    """Everything that the record can be asked about with any but a silent answer."""
    return PERSON.union(
        *_entered("conditions", facts.conditions),
        *_entered("treatments", facts.treatments),
        *_entered("allergies", facts.allergies),
        named_marks(" ".join(each.name for each in facts.conditions.entries)),
        _observed(facts),
        map(attested, facts.patient.attestations),
    )


def entry_keys(section: str, concept: str | None, name: str) -> frozenset[str]:
    """What an entry must share with a concept, or with a name that the vocabulary knows several or none of."""
    if concept is None:
        return in_words(section, telling_words(name)).union(known.id for known in vocabulary.lookup(name))
    return in_words(section, telling_words(name) or telling_words(named(concept, name))) | {concept}


def in_words(section: str, words: Iterable[str]) -> frozenset[str]:
    """Words of a section."""
    return frozenset(f"{section}:{word}" for word in words)


def measured(*keys: str) -> frozenset[str]:
    """Results of analytes or scales."""
    return frozenset(f"measured:{key}" for key in keys)


def tested(marker: str) -> frozenset[str]:
    """Results of a test by its name."""
    return in_words("tests", assay(marker)) or PERSON


def observed(name: str) -> frozenset[str]:
    """Results of exactly that name."""
    return in_words("observations", content_words(name))


def named_marks(text: str) -> frozenset[str]:
    """Every run of letters and digits: where a name stands in a text, its runs stand there too."""
    return in_words("marks", _RUN.findall(text.lower()))


def attested(about: str) -> str:
    """A matter that the site attests; letter case and underscores aside."""
    return f"attested:{about.replace('_', '').lower()}"


def _entered(section: str, entries: Entries[F]) -> Iterator[frozenset[str]]:
    concepts = {concept for each in entries.entries for concept in each.meaning.stated | each.meaning.hinted}
    for concept in concepts:
        yield ancestry(concept)
        yield narrower(concept)
    for each in entries.entries:
        yield in_words(section, each.names)


def _observed(facts: Facts) -> Iterator[str]:
    yield from measured(*facts.results.measurable)
    yield from facts.results.testable
    for each, words in zip(facts.results.entries, facts.results.assays, strict=True):
        yield from in_words("observations", each.words)
        yield from in_words("tests", words)
