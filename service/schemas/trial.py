"""A registered trial, in the names of the ClinicalTrials.gov API v2, flattened."""

from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.registry import (
    AgencyClass,
    ArmType,
    EligibleSex,
    InterventionType,
    OverallStatus,
    Phase,
    StdAge,
    StudyType,
)
from service.schemas.text import Line, Prose, Words

__all__ = [
    "ANY_NCT_ID", "NCT_ID", "AgeLimit", "Agency", "AgencyClass", "Arm", "ArmType", "AskedNctId", "Contact", "Dates",
    "Design", "Eligibility", "EligibleSex", "Enrollment", "GeoPoint", "Intervention", "InterventionType", "IpdSharing",
    "Location", "MeshTerm", "NctId", "Offset", "Outcome", "Outcomes", "OverallStatus", "Oversight", "PartialDate",
    "Phase", "Provenance", "Record", "ResponsibleParty", "StdAge", "StudyType", "Trial",
]  # fmt: skip

NCT_ID = r"^NCT[0-9]{8}$"
NctId = Annotated[str, Meta(pattern=NCT_ID, examples=["NCT04691349"])]
ANY_NCT_ID = r"^[Nn][Cc][Tt]0*[1-9][0-9]{0,7}$"
AskedNctId = Annotated[
    str,
    Meta(
        pattern=ANY_NCT_ID,
        description="NCT number, in any case and with any zero padding",
        examples=["NCT04691349"],
    ),
]


def number_of(nct_id: str) -> int:
    """The number in an NCT id, however it is written, by which the database knows the trial."""
    return int(nct_id[len("NCT") :])


def nct_id_of(number: int) -> str:
    """The NCT id of a number."""
    return f"NCT{number:08d}"


PartialDate = Annotated[
    str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", description="year, month or day", examples=["2026-01"])
]
AgeLimit = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,4} (Year|Month|Week|Day|Hour|Minute)s?$", description="as registered", examples=["18 Years"]
    ),
]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Wire form of every part of a trial: camelCase, unknown members refused, absent members left out."""


class Intervention(Record, frozen=True):
    """What is given or done."""

    name: Words
    type: InterventionType | None = None
    description: Prose | None = None
    other_names: tuple[Words, ...] = ()


class Arm(Record, frozen=True):
    """A group of participants; `intervention_names` as the registry links them, e.g. `Drug: Fludarabine`."""

    label: Words
    type: ArmType | None = None
    description: Prose | None = None
    intervention_names: tuple[Words, ...] = ()


class Design(Record, frozen=True):
    """Registry enumerations, verbatim; an observational study has a model and a time perspective instead."""

    allocation: Words | None = None
    intervention_model: Words | None = None
    primary_purpose: Words | None = None
    masking: Words | None = None
    who_masked: tuple[Words, ...] = ()
    observational_model: Words | None = None
    time_perspective: Words | None = None


class Enrollment(Record, frozen=True):
    """How many participants; `type` is ACTUAL or ESTIMATED."""

    count: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    type: Words | None = None


class Eligibility(Record, frozen=True):
    """Who may take part. `healthy_volunteers` absent means the source does not say."""

    criteria: Prose | None = None
    sex: EligibleSex | None = None
    minimum_age: AgeLimit | None = None
    maximum_age: AgeLimit | None = None
    std_ages: tuple[StdAge, ...] = ()
    healthy_volunteers: bool | None = None


class Agency(Record, frozen=True):
    """A sponsor or collaborator; the registry calls its member `class`."""

    name: Words
    class_: AgencyClass | None = None


class ResponsibleParty(Record, frozen=True):
    """Who answers for the submitted information."""

    type: Words | None = None
    name: Words | None = None
    title: Words | None = None
    affiliation: Words | None = None


class Contact(Record, frozen=True):
    """A person or desk to ask, as the source publishes it."""

    name: Words | None = None
    role: Words | None = None
    affiliation: Words | None = None
    phone: Words | None = None
    email: Words | None = None


class GeoPoint(Record, frozen=True):
    """Degrees, WGS 84."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]


class Location(Record, frozen=True):
    """A site; its status may differ from the trial's."""

    facility: Words | None = None
    city: Words | None = None
    state: Words | None = None
    zip: Words | None = None
    country: Words | None = None
    status: OverallStatus | None = None
    geo_point: GeoPoint | None = None
    contacts: tuple[Contact, ...] = ()


class Outcome(Record, frozen=True):
    """What is measured, and when."""

    measure: Line
    description: Prose | None = None
    time_frame: Line | None = None


class Outcomes(Record, frozen=True):
    """Outcome measures by rank; `unranked` holds those of a page that lost the headings between its lists."""

    primary: tuple[Outcome, ...] = ()
    secondary: tuple[Outcome, ...] = ()
    other: tuple[Outcome, ...] = ()
    unranked: tuple[Outcome, ...] = ()


class Dates(Record, frozen=True):
    """As precise as the source states them."""

    start: PartialDate | None = None
    primary_completion: PartialDate | None = None
    completion: PartialDate | None = None
    first_posted: PartialDate | None = None
    last_update_posted: PartialDate | None = None
    verified: PartialDate | None = None


class Oversight(Record, frozen=True):
    """Regulatory facts; absent means the source does not say."""

    has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None


class IpdSharing(Record, frozen=True):
    """Plan to share individual participant data: `YES`, `NO` or `UNDECIDED`."""

    plan: Words | None = None
    description: Prose | None = None


class MeshTerm(Record, frozen=True):
    """A MeSH term the registry derived; `branch` is `condition` or `intervention`, `ancestor` a broader term."""

    term: Words
    id: Annotated[str, Meta(pattern=r"^[CD][0-9]{6,9}$")] | None = None
    branch: Words | None = None
    ancestor: bool = False


class Offset(Record, frozen=True):
    """From character `text` of the criteria onwards, they stand at character `source` of the document."""

    text: Annotated[int, Meta(ge=0)]
    source: Annotated[int, Meta(ge=0)]


class Provenance(Record, frozen=True):
    """Where a record came from: which reader, which document, when."""

    source: Words
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    parser_version: Words
    retrieved_at: Words | None = None
    criteria_offsets: tuple[Offset, ...] = ()


class Trial(Record, frozen=True):
    """A registered study. What its source does not show is absent, never guessed."""

    nct_id: NctId
    brief_title: Line | None = None
    official_title: Line | None = None
    acronym: Words | None = None
    org_study_id: Words | None = None
    secondary_ids: tuple[Words, ...] = ()
    overall_status: OverallStatus | None = None
    last_known_status: OverallStatus | None = None
    why_stopped: Line | None = None
    study_type: StudyType | None = None
    phases: tuple[Phase, ...] = ()
    conditions: tuple[Words, ...] = ()
    keywords: tuple[Words, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    arms: tuple[Arm, ...] = ()
    design: Design | None = None
    enrollment: Enrollment | None = None
    eligibility: Eligibility | None = None
    sponsor: Agency | None = None
    collaborators: tuple[Agency, ...] = ()
    responsible_party: ResponsibleParty | None = None
    contacts: tuple[Contact, ...] = ()
    locations: tuple[Location, ...] = ()
    outcomes: Outcomes | None = None
    brief_summary: Prose | None = None
    detailed_description: Prose | None = None
    dates: Dates | None = None
    oversight: Oversight | None = None
    ipd_sharing: IpdSharing | None = None
    mesh_terms: tuple[MeshTerm, ...] = ()
    provenance: Provenance | None = None
