"""ClinicalTrials.gov API v2: one study as JSON. Markdown escapes are undone; everything else is the registry's own."""

from collections.abc import Iterable

from service.schemas.trial import (
    Agency,
    Arm,
    Contact,
    Dates,
    Design,
    Eligibility,
    Enrollment,
    Intervention,
    IpdSharing,
    Location,
    MeshTerm,
    Outcome,
    Outcomes,
    Oversight,
    ResponsibleParty,
    Trial,
)
from service.sources import study as v2
from service.sources.json_document import decode
from service.sources.traced import Reading, plain


def read(text: str) -> Reading:
    """The registry's record, every member that a Trial has a place for."""
    study = decode(text, v2.Study)
    protocol = study.protocol
    identity, status, description = protocol.identification, protocol.status, protocol.description
    trial = Trial(
        nct_id=identity.nct_id,
        brief_title=_line(identity.brief_title),
        official_title=_line(identity.official_title),
        acronym=_line(identity.acronym),
        org_study_id=_line(identity.org_study_id_info.id) if identity.org_study_id_info else None,
        secondary_ids=_lines(each.id for each in identity.secondary_id_infos),
        overall_status=status.overall_status,
        last_known_status=status.last_known_status,
        why_stopped=_line(status.why_stopped),
        study_type=protocol.design.study_type,
        phases=protocol.design.phases,
        conditions=_lines(protocol.conditions.conditions),
        keywords=_lines(protocol.conditions.keywords),
        interventions=tuple(map(_intervention, protocol.arms.interventions)),
        arms=tuple(map(_arm, protocol.arms.arm_groups)),
        design=_design(protocol.design.design_info),
        enrollment=_enrollment(protocol.design.enrollment_info),
        eligibility=_eligibility(protocol.eligibility),
        sponsor=_agency(protocol.sponsors.lead_sponsor),
        collaborators=tuple(filter(None, map(_agency, protocol.sponsors.collaborators))),
        responsible_party=_responsible_party(protocol.sponsors.responsible_party),
        contacts=_contacts((*protocol.contacts.central_contacts, *protocol.contacts.overall_officials)),
        locations=tuple(map(_location, protocol.contacts.locations)),
        outcomes=_outcomes(protocol.outcomes),
        brief_summary=_prose(description.brief_summary),
        detailed_description=_prose(description.detailed_description),
        dates=_dates(status),
        oversight=_oversight(protocol.oversight),
        ipd_sharing=_sharing(protocol.sharing),
        mesh_terms=_mesh_terms(study.derived),
    )
    return Reading(trial)


def _line(text: str | None) -> str | None:
    return " ".join(plain(text or "").split()) or None


def _lines(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(filter(None, map(_line, texts)))


def _prose(text: str | None) -> str | None:
    return plain(text or "").strip() or None


def _intervention(given: v2.StudyIntervention) -> Intervention:
    """A few records give an intervention no name: its description is then what names it."""
    return Intervention(
        name=_line(given.name) or _line(given.description) or "",
        type=given.type,
        description=_prose(given.description),
        other_names=_lines(given.other_names),
    )


def _arm(group: v2.ArmGroup) -> Arm:
    return Arm(
        label=_line(group.label) or "",
        type=group.type,
        description=_prose(group.description),
        intervention_names=_lines(group.intervention_names),
    )


def _design(info: v2.DesignInfo | None) -> Design | None:
    if info is None:
        return None
    return Design(
        allocation=info.allocation,
        intervention_model=info.intervention_model,
        primary_purpose=info.primary_purpose,
        masking=info.masking_info.masking,
        who_masked=info.masking_info.who_masked,
        observational_model=info.observational_model,
        time_perspective=info.time_perspective,
    )


def _enrollment(info: v2.EnrollmentInfo | None) -> Enrollment | None:
    if info is None or info.count is None:
        return None
    return Enrollment(count=info.count, type=info.type)


def _eligibility(module: v2.EligibilityModule) -> Eligibility | None:
    found = Eligibility(
        criteria=_prose(module.eligibility_criteria),
        sex=module.sex,
        minimum_age=module.minimum_age,
        maximum_age=module.maximum_age,
        std_ages=module.std_ages,
        healthy_volunteers=module.healthy_volunteers,
    )
    return None if found == Eligibility() else found


def _agency(organization: v2.Organization | None) -> Agency | None:
    name = _line(organization.name) if organization else None
    return Agency(name=name, class_=organization.class_) if organization and name else None


def _responsible_party(party: v2.Responsible | None) -> ResponsibleParty | None:
    """Before 2011 the registry kept a name with title, and an organisation."""
    if party is None:
        return None
    return ResponsibleParty(
        type=party.type,
        name=_line(party.investigator_full_name or party.old_name_title),
        title=_line(party.investigator_title),
        affiliation=_line(party.investigator_affiliation or party.old_organization),
    )


def _contacts(people: Iterable[v2.Person]) -> tuple[Contact, ...]:
    return tuple(
        Contact(
            name=_line(person.name),
            role=person.role,
            affiliation=_line(person.affiliation),
            phone=_phone(person),
            email=_line(person.email),
        )
        for person in people
    )


def _phone(person: v2.Person) -> str | None:
    phone = _line(person.phone)
    return f"{phone} ext. {person.phone_ext}" if phone and person.phone_ext else phone


def _location(site: v2.Site) -> Location:
    return Location(
        facility=_line(site.facility),
        city=_line(site.city),
        state=_line(site.state),
        zip=_line(site.zip),
        country=_line(site.country),
        status=site.status,
        geo_point=site.geo_point,
        contacts=_contacts(site.contacts),
    )


def _outcomes(module: v2.OutcomesModule) -> Outcomes | None:
    found = Outcomes(
        primary=tuple(map(_outcome, module.primary_outcomes)),
        secondary=tuple(map(_outcome, module.secondary_outcomes)),
        other=tuple(map(_outcome, module.other_outcomes)),
    )
    return None if found == Outcomes() else found


def _outcome(outcome: v2.StudyOutcome) -> Outcome:
    return Outcome(
        measure=_line(outcome.measure) or "",
        description=_prose(outcome.description),
        time_frame=_line(outcome.time_frame),
    )


def _dates(status: v2.Status) -> Dates | None:
    def of(struct: v2.DateStruct | None) -> str | None:
        return struct.date if struct else None

    found = Dates(
        start=of(status.start_date),
        primary_completion=of(status.primary_completion_date),
        completion=of(status.completion_date),
        first_posted=of(status.first_post_date),
        last_update_posted=of(status.last_update_post_date),
        verified=status.status_verified_date,
    )
    return None if found == Dates() else found


def _oversight(module: v2.OversightModule) -> Oversight | None:
    found = Oversight(
        has_dmc=module.oversight_has_dmc,
        is_fda_regulated_drug=module.is_fda_regulated_drug,
        is_fda_regulated_device=module.is_fda_regulated_device,
    )
    return None if found == Oversight() else found


def _sharing(statement: v2.SharingStatement) -> IpdSharing | None:
    found = IpdSharing(plan=statement.ipd_sharing, description=_prose(statement.description))
    return None if found == IpdSharing() else found


def _mesh_terms(derived: v2.Derived) -> tuple[MeshTerm, ...]:
    branches = (("condition", derived.conditions), ("intervention", derived.interventions))
    return tuple(
        MeshTerm(term=term.term, id=term.id, branch=branch, ancestor=ancestor)
        for branch, browse in branches
        for ancestor, terms in ((False, browse.meshes), (True, browse.ancestors))
        for term in terms
    )
