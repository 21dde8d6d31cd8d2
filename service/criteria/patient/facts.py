"""One patient, prepared once a request: every name resolved, every date and age ready to be compared."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from service.criteria.patient.aims import NO_AIMS, Aims, aims_of
from service.criteria.patient.dates import days_of
from service.criteria.patient.interval import Interval
from service.criteria.patient.lifetime import Lifetime, lifetime
from service.criteria.patient.meaning import broader
from service.criteria.patient.record import Entries, Entry, F, entries
from service.criteria.patient.results import Results
from service.criteria.patient.wording import a_or_an, upright
from service.reference import concepts as vocabulary
from service.schemas.expression import ConditionIs
from service.schemas.patient import Observation, Patient, PatientAllergy, PatientCondition, PatientTreatment, Section
from service.schemas.report import Policy

T = TypeVar("T")
SILENCE_IS_NO = frozenset({Section.CONDITIONS, Section.TREATMENTS, Section.ALLERGIES})
Silence = tuple[frozenset[Section], frozenset[Section]]
"""Which sections are closed, and which list anything at all."""
_SLACK = timedelta(days=1)  # somewhere it is already tomorrow


class Facts:
    """The patient on one date. `closed` names the sections whose silence means "no".

    An entry without clinical status counts as active, without verification as confirmed, a treatment without status
    as given, an observation without date as current; one dated after `on` is not used. Of several observations the
    newest counts, and where several may be the newest they must agree. What an entry denies of its disease (that it
    is active, severe, in that stage) it denies of the whole disease, every kind of it.

    Then no settled verdict changes when the record learns more: an entry or member that was not there and agrees
    with the rest. A newer result, a second bout or an entry taken back is not more knowledge of the same facts.
    """

    def __init__(self, patient: Patient, on: date, policy: Policy = Policy.UNKNOWN) -> None:
        self.patient = patient
        self.on = on
        self.closed = frozenset(patient.complete) | (SILENCE_IS_NO if policy is Policy.ABSENT_IS_NO else frozenset())
        self.age: Lifetime | None = lifetime(patient, on)
        self.conditions: Entries[PatientCondition] = entries("conditions", patient.conditions)
        self.treatments: Entries[PatientTreatment] = entries("treatments", patient.treatments)
        self.allergies: Entries[PatientAllergy] = entries("allergies", patient.allergies)
        self.results = Results(each if _is_past(each, on) else Observation() for each in patient.observations)
        self.aims = NO_AIMS
        self.guarded = False
        self._guarding: Facts | None = None
        self._once: dict[tuple[str | None, ...], Any] = {}

    @property
    def silence(self) -> Silence:
        """All that an answer depends on where the record says nothing."""
        told = self.patient
        listed = {
            Section.CONDITIONS: told.conditions, Section.TREATMENTS: told.treatments, Section.ALLERGIES: told.allergies
        }  # fmt: skip
        return self.closed, frozenset(section for section, entries in listed.items() if entries)

    def silent(self) -> "Facts":
        """A patient of whom nothing is known; a section that lists something lists an entry that names nothing."""
        patient = self.patient
        nobody = Patient(
            conditions=(PatientCondition(),) if patient.conditions else (),
            treatments=(PatientTreatment(),) if patient.treatments else (),
            allergies=(PatientAllergy(),) if patient.allergies else (),
        )
        return Facts(nobody, self.on)._but(closed=self.closed)

    def aims_at(self, diseases: Iterable[ConditionIs]) -> Aims:
        """What trials of those diseases aim at in this patient."""
        return aims_of(diseases, self.conditions)

    def studying(self, aims: Aims) -> "Facts":
        """The same patient before trials that aim so."""
        return self._but(aims=aims)

    def guarding(self) -> "Facts":
        """The same, for sentences that keep a patient out when they hold: none can mean what the trial studies."""
        if self._guarding is None:
            self._guarding = self._but(guarded=True)
        return self._guarding

    def alone(self, condition: Entry[PatientCondition] | None, treatment: Entry[PatientTreatment] | None) -> "Facts":
        """A patient of whom nothing else is recorded, for asking whether one entry is an exception."""
        return self._but(
            conditions=Entries(() if condition is None else (condition,)),
            treatments=Entries(() if treatment is None else (treatment,)),
            closed=SILENCE_IS_NO,
        )

    def _but(self, **members: Any) -> "Facts":
        """A copy with other members; everything prepared is shared."""
        other = Facts.__new__(Facts)
        other.__dict__ = {**self.__dict__, "_guarding": None, **members}
        return other

    def once(self, key: tuple[str | None, ...], worked_out: Callable[[], T]) -> T:
        """What is the same for many sentences; it is forgotten with the patient."""
        if key not in self._once:
            self._once[key] = worked_out()
        known: T = self._once[key]
        return known

    def age_in(self, unit: str) -> Interval | None:
        """The age in that unit; None where no age is recorded, and for a unit that is not of age."""
        age = self.age
        return None if age is None else self.once(("age", unit), lambda: age.in_unit(unit))

    def chain(self, entry: Entry[F], broad: str) -> str:
        """How an entry is what is asked about: `T-ALL is an acute leukemia`; empty where no single concept leads up."""
        narrow = next((concept for concept in sorted(entry.meaning.stated) if broad in broader(concept)), None)
        if narrow is None:
            return ""
        return f"{entry.name} is {_chain(narrow, broad)}"


@lru_cache(maxsize=4096)
def _chain(narrow: str, broad: str) -> str:
    """`a leukemia is a cancer`."""
    return " is ".join(a_or_an(upright(concept.name)) for concept in vocabulary.path(narrow, broad)[1:])


def _is_past(observation: Observation, on: date) -> bool:
    days = days_of(observation.date)
    return days is None or days.first <= on + _SLACK
