"""A study as the ClinicalTrials.gov API v2 writes it (version 2.0.3): the parts that a Trial takes, nothing else."""

from msgspec import Struct, field

from service.schemas.trial import (
    AgencyClass,
    ArmType,
    EligibleSex,
    GeoPoint,
    InterventionType,
    OverallStatus,
    Phase,
    StdAge,
    StudyType,
)


class Module(Struct, frozen=True, kw_only=True, rename="camel"):
    """Wire form of every part: members that a Trial does not take are passed over."""


class Identifier(Module, frozen=True):
    """An id of the sponsor, a funder or another registry."""

    id: str | None = None


class Identification(Module, frozen=True):
    """Names and numbers of the study."""

    nct_id: str
    org_study_id_info: Identifier | None = None
    secondary_id_infos: tuple[Identifier, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None


class DateStruct(Module, frozen=True):
    """A date; whether it is actual or estimated is passed over."""

    date: str | None = None


class Status(Module, frozen=True):
    """Where the study stands, and when."""

    status_verified_date: str | None = None
    overall_status: OverallStatus | None = None
    last_known_status: OverallStatus | None = None
    why_stopped: str | None = None
    start_date: DateStruct | None = field(name="startDateStruct", default=None)
    primary_completion_date: DateStruct | None = field(name="primaryCompletionDateStruct", default=None)
    completion_date: DateStruct | None = field(name="completionDateStruct", default=None)
    first_post_date: DateStruct | None = field(name="studyFirstPostDateStruct", default=None)
    last_update_post_date: DateStruct | None = field(name="lastUpdatePostDateStruct", default=None)


class Organization(Module, frozen=True):
    """A sponsor or collaborator."""

    name: str | None = None
    class_: AgencyClass | None = field(name="class", default=None)


class Responsible(Module, frozen=True):
    """Who answers for the record; the `old` members date from before 2011."""

    type: str | None = None
    investigator_full_name: str | None = None
    investigator_title: str | None = None
    investigator_affiliation: str | None = None
    old_name_title: str | None = None
    old_organization: str | None = None


class SponsorCollaborators(Module, frozen=True):
    """Who runs and who supports the study."""

    responsible_party: Responsible | None = None
    lead_sponsor: Organization | None = None
    collaborators: tuple[Organization, ...] = ()


class OversightModule(Module, frozen=True):
    """Regulatory facts."""

    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None


class Description(Module, frozen=True):
    """Summary and description, in markdown."""

    brief_summary: str | None = None
    detailed_description: str | None = None


class Conditions(Module, frozen=True):
    """What is studied."""

    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class MaskingInfo(Module, frozen=True):
    """How many are masked, and who."""

    masking: str | None = None
    who_masked: tuple[str, ...] = ()


class DesignInfo(Module, frozen=True):
    """Interventional members, or observational ones."""

    allocation: str | None = None
    intervention_model: str | None = None
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking_info: MaskingInfo = MaskingInfo()


class EnrollmentInfo(Module, frozen=True):
    """Older records give no type, some no count."""

    count: int | None = None
    type: str | None = None


class DesignModule(Module, frozen=True):
    """Kind, phase, design and size."""

    study_type: StudyType | None = None
    phases: tuple[Phase, ...] = ()
    design_info: DesignInfo | None = None
    enrollment_info: EnrollmentInfo | None = None


class ArmGroup(Module, frozen=True):
    """An arm; `interventionNames` carry their type: `Drug: Fludarabine`."""

    label: str
    type: ArmType | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


class StudyIntervention(Module, frozen=True):
    """What is given or done."""

    name: str | None = None
    type: InterventionType | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()


class ArmsInterventions(Module, frozen=True):
    """Groups, and what they get."""

    arm_groups: tuple[ArmGroup, ...] = ()
    interventions: tuple[StudyIntervention, ...] = ()


class StudyOutcome(Module, frozen=True):
    """What is measured, and when."""

    measure: str
    description: str | None = None
    time_frame: str | None = None


class OutcomesModule(Module, frozen=True):
    """Measures by rank."""

    primary_outcomes: tuple[StudyOutcome, ...] = ()
    secondary_outcomes: tuple[StudyOutcome, ...] = ()
    other_outcomes: tuple[StudyOutcome, ...] = ()


class EligibilityModule(Module, frozen=True):
    """Who may take part; `eligibilityCriteria` is markdown."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: EligibleSex | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    std_ages: tuple[StdAge, ...] = ()


class Person(Module, frozen=True):
    """A contact or an overall official."""

    name: str | None = None
    role: str | None = None
    affiliation: str | None = None
    phone: str | None = None
    phone_ext: str | None = None
    email: str | None = None


class Site(Module, frozen=True):
    """A place where the study runs."""

    facility: str | None = None
    status: OverallStatus | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    contacts: tuple[Person, ...] = ()
    geo_point: GeoPoint | None = None


class ContactsLocations(Module, frozen=True):
    """Whom to ask, and where."""

    central_contacts: tuple[Person, ...] = ()
    overall_officials: tuple[Person, ...] = ()
    locations: tuple[Site, ...] = ()


class SharingStatement(Module, frozen=True):
    """Plan to share individual participant data."""

    ipd_sharing: str | None = None
    description: str | None = None


class Protocol(Module, frozen=True):
    """Only the identification is required; the registry leaves out whole modules that have nothing to say."""

    identification: Identification = field(name="identificationModule")
    status: Status = field(name="statusModule", default=Status())
    sponsors: SponsorCollaborators = field(name="sponsorCollaboratorsModule", default=SponsorCollaborators())
    oversight: OversightModule = field(name="oversightModule", default=OversightModule())
    description: Description = field(name="descriptionModule", default=Description())
    conditions: Conditions = field(name="conditionsModule", default=Conditions())
    design: DesignModule = field(name="designModule", default=DesignModule())
    arms: ArmsInterventions = field(name="armsInterventionsModule", default=ArmsInterventions())
    outcomes: OutcomesModule = field(name="outcomesModule", default=OutcomesModule())
    eligibility: EligibilityModule = field(name="eligibilityModule", default=EligibilityModule())
    contacts: ContactsLocations = field(name="contactsLocationsModule", default=ContactsLocations())
    sharing: SharingStatement = field(name="ipdSharingStatementModule", default=SharingStatement())


class Term(Module, frozen=True):
    """A MeSH term."""

    term: str
    id: str | None = None


class Browse(Module, frozen=True):
    """MeSH terms that the registry derived, and the broader ones."""

    meshes: tuple[Term, ...] = ()
    ancestors: tuple[Term, ...] = ()


class Derived(Module, frozen=True):
    """What the registry adds to a record."""

    conditions: Browse = field(name="conditionBrowseModule", default=Browse())
    interventions: Browse = field(name="interventionBrowseModule", default=Browse())


class Study(Module, frozen=True):
    """One study of `GET /studies/{nctId}`."""

    protocol: Protocol = field(name="protocolSection")
    derived: Derived = field(name="derivedSection", default=Derived())
