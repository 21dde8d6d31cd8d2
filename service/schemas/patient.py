"""One patient's facts. Every member is optional, and absent means unknown. No names, no record numbers."""

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.coding import Coding
from service.schemas.quantity import Number, UnitCode
from service.schemas.text import Words
from service.schemas.trial import PartialDate

Count = Annotated[int, Meta(ge=0, le=1_000)]
ITEMS = Meta(max_length=2_000)


class Sex(Enum):
    """Administrative sex, as in FHIR."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


class ClinicalStatus(Enum):
    """As FHIR Condition.clinicalStatus."""

    ACTIVE = "active"
    RECURRENCE = "recurrence"
    RELAPSE = "relapse"
    INACTIVE = "inactive"
    REMISSION = "remission"
    RESOLVED = "resolved"


class VerificationStatus(Enum):
    """How sure the diagnosis is; `refuted` says that the patient does not have it."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    REFUTED = "refuted"


class Severity(Enum):
    """As FHIR Condition.severity."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Comparator(Enum):
    """The result lies beyond `value`: `<0.2` as a laboratory prints it."""

    LT = "<"
    LE = "<="
    GE = ">="
    GT = ">"


class TreatmentStatus(Enum):
    """`never` says that the patient has not had it."""

    ONGOING = "ongoing"
    COMPLETED = "completed"
    PLANNED = "planned"
    NEVER = "never"


class Tobacco(Enum):
    """Smoking status."""

    CURRENT = "current"
    FORMER = "former"
    NEVER = "never"


class Section(Enum):
    """A part of the record that the sender may declare complete: what it does not list, the patient has not."""

    CONDITIONS = "conditions"
    OBSERVATIONS = "observations"
    TREATMENTS = "treatments"
    ALLERGIES = "allergies"


class Fact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Wire form of every part of a patient: camelCase, unknown members refused."""


class PatientCondition(Fact, frozen=True):
    """A disease or finding, in words, as a code, or both."""

    text: Words | None = None
    code: Coding | None = None
    clinical_status: ClinicalStatus | None = None
    verification_status: VerificationStatus | None = None
    refractory: bool | None = None
    severity: Severity | None = None
    stage: Words | None = None
    onset_date: PartialDate | None = None
    abatement_date: PartialDate | None = None


class Observation(Fact, frozen=True):
    """A measured value with UCUM unit, or a worded result; reference limits are in the same unit."""

    text: Words | None = None
    code: Coding | None = None
    value: Number | None = None
    unit: UnitCode | None = None
    comparator: Comparator | None = None
    result: Words | None = None
    reference_low: Number | None = None
    reference_high: Number | None = None
    date: PartialDate | None = None


class PatientTreatment(Fact, frozen=True):
    """A drug, procedure or other therapy; `line` counts from 1."""

    text: Words | None = None
    code: Coding | None = None
    kind: Words | None = None
    status: TreatmentStatus | None = None
    line: Count | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    response: Words | None = None


class PatientAllergy(Fact, frozen=True):
    """A substance the patient reacts to."""

    text: Words | None = None
    code: Coding | None = None


class LifeExpectancy(Fact, frozen=True):
    """As the treating physician estimates it."""

    value: Annotated[float, Meta(ge=0, le=200_000)]
    unit: UnitCode


class PatientLocation(Fact, frozen=True):
    """Where the patient lives, as coarse as the sender likes; degrees, WGS 84."""

    country: Words | None = None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None


class Patient(Fact, frozen=True):
    """What is known of one patient. `birth_date` outranks `age_years`."""

    birth_date: PartialDate | None = None
    age_years: Annotated[float, Meta(ge=0, le=150)] | None = None
    sex: Sex | None = None
    conditions: Annotated[tuple[PatientCondition, ...], ITEMS] = ()
    observations: Annotated[tuple[Observation, ...], ITEMS] = ()
    treatments: Annotated[tuple[PatientTreatment, ...], ITEMS] = ()
    allergies: Annotated[tuple[PatientAllergy, ...], ITEMS] = ()
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    childbearing_potential: bool | None = None
    gestational_age_weeks: Annotated[float, Meta(ge=0, le=50)] | None = None
    life_expectancy: LifeExpectancy | None = None
    prior_lines: Count | None = None
    tobacco: Tobacco | None = None
    attestations: Annotated[
        dict[Annotated[str, Meta(pattern=r"^[a-zA-Z][a-zA-Z_]{0,39}$", description="letters and underscores")], bool],
        Meta(max_length=50),
    ] = {}
    location: PatientLocation | None = None
    complete: Annotated[tuple[Section, ...], Meta(max_length=8)] = ()
