"""The observations of a record, found again by analyte or scale, by what they test, and by name."""

from collections.abc import Iterable, Sequence

from service.criteria.patient.assay import assay, bare, same_assay
from service.criteria.patient.dates import days_of
from service.criteria.patient.record import Entry, entry
from service.criteria.patient.wording import content_words
from service.reference import analytes, scales
from service.reference import concepts as vocabulary
from service.reference.units import ucum
from service.schemas.coding import LOINC
from service.schemas.patient import Observation

Mine = Entry[Observation]


class Results:
    """Of several that are alike, those that count: the latest dated, and those without a date."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self.entries: tuple[Mine, ...] = tuple(
            entry("observations", place, each) for place, each in enumerate(observations)
        )
        self.assays = tuple(assay(each.name) for each in self.entries)
        self._measured: dict[str, list[Mine]] = {}
        self._tested: dict[str, list[Mine]] = {}
        for each in self.entries:
            for key in _keys(each.fact):
                self._measured.setdefault(key, []).append(each)
            if (concept := _tested(each)) is not None:
                self._tested.setdefault(concept, []).append(each)
        self._latest: dict[str, tuple[Mine, ...]] = {}

    @property
    def measurable(self) -> Iterable[str]:
        """Keys of the analytes and scales that there are results of."""
        return self._measured.keys()

    @property
    def testable(self) -> Iterable[str]:
        """Concepts that there are tests of."""
        return self._tested.keys()

    def measured(self, key: str) -> tuple[Mine, ...]:
        """Of an analyte or scale."""
        found = self._latest.get(key)
        if found is None:
            self._latest[key] = found = _latest(self._measured.get(key, ()))
        return found

    def named(self, name: str) -> tuple[Mine, ...]:
        """Of exactly that name, for what the tables do not know."""
        words = content_words(name)
        return _latest([each for each in self.entries if words and each.words == words])

    def markers(self, concept: str | None, name: str) -> tuple[Mine, ...]:
        """Of a marker: the same test by its whole name, or of its concept and nothing more special."""
        asked = assay(name)
        of_concept = self._tested.get(concept, ()) if concept is not None else ()
        by_concept = (each for each in of_concept if same_assay(self.assays[each.place], asked))
        by_name = (each for each in self.entries if self.assays[each.place] == asked)
        return _latest(tuple({each.place: each for each in (*by_concept, *by_name)}.values()))


def _tested(observation: Mine) -> str | None:
    """The one concept that an observation is about; its whole text has been looked up when it was understood."""
    name, read = bare(observation.name), None if observation.past else observation.fact.text
    known = observation.meaning.stated or (set() if name == read else {each.id for each in vocabulary.lookup(name)})
    return next(iter(known)) if len(known) == 1 else None


def _keys(observation: Observation) -> set[str]:
    """Keys of the analytes and scales that an observation reports."""
    found: list[analytes.Analyte | scales.Scale | None] = []
    code = observation.code
    if code is not None and code.system == LOINC:
        found += [analytes.by_loinc(code.code), scales.by_loinc(code.code)]
    for name in (observation.text, code.display if code else None):
        if name:
            found += [analytes.by_name(name), scales.by_name(name)]
    unit = ucum(observation.unit) if observation.unit else None
    answered = (analytes.answers(each, unit) for each in found if isinstance(each, analytes.Analyte))
    return {each.key for each in found if isinstance(each, scales.Scale)}.union(*answered)


def _latest(entries: Sequence[Mine]) -> tuple[Mine, ...]:
    """The observations that may be the newest: none certainly older than another one, and any without a date."""
    if len(entries) < 2:
        return tuple(entries)
    dated = [(each, days_of(each.fact.date)) for each in entries]
    newest = max((days.first for _, days in dated if days is not None), default=None)
    return tuple(each for each, days in dated if days is None or newest is None or days.last >= newest)
