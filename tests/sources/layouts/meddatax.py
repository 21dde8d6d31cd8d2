"""A Trial as a MedDataX page prints it: a sentence under every heading, lists on one line."""

from msgspec.structs import replace

from service.schemas.trial import Dates, Design, Trial
from tests.sources.layouts.words import joined, paragraphs, the

EXPLAINERS = {
    "Basic Information": "Get the short facts of this trial, its status, its phase, its size and its dates.",
    "Brief Summary": "Review in a few words what the sponsor says that this study is about.",
    "Detailed Description": "Dive into the longer text that gives background, aims and procedures.",
    "Conditions": "See the diseases and findings that this research is aimed at.",
    "Keywords": "Explore the words under which this study can be found and grouped.",
    "Study Design": "Understand how the trial is built: allocation, masking, purpose and the like.",
    "Study Groups": "Review every arm or cohort together with what its participants are given.",
    "Interventions": "Learn about the drugs, procedures or behaviours that are put to the test.",
    "Eligibility Criteria": "Check what is asked of participants, from age limits to exclusions.",
    "Sponsors": "Meet the organizations that pay for the study or work on it.",
    "Responsible Party": "Identify who answers for what is submitted about the study.",
    "Principal Investigators": "Learn about the researchers in charge and where they work.",
    "Central Contacts": "Reach out to these people with questions about taking part.",
    "Other Identifiers": "Review further numbers under which the trial is registered.",
    "More Related Trials": "Additional trials that resemble this one and may be of interest.",
}


def page(trial: Trial) -> str:
    """The page's text."""
    given, dates = the(trial.eligibility), trial.dates or Dates()
    return paragraphs(
        trial.brief_title,
        f"NCT ID: {trial.nct_id}",
        f"Last Updated: {dates.last_update_posted}" if dates.last_update_posted else None,
        "Study Results\n\nResults pending",
        "The study team has not yet published what came of it.",
        heading("Basic Information"),
        *pair("Recruitment Status", the(trial.overall_status).value),
        *pair("Clinical Phase", "/".join(phase.value for phase in trial.phases)),
        *pair("Total Enrollment", f"{the(trial.enrollment).count} participants" if trial.enrollment else None),
        *pair("Study Classification", the(trial.study_type).value),
        *pair("Study Start Date", dates.start),
        *pair("Study Completion Date", dates.completion),
        *part("Brief Summary", trial.brief_summary),
        *part("Detailed Description", trial.detailed_description),
        *part("Conditions", joined(trial.conditions)),
        *part("Keywords", joined(trial.keywords)),
        *design(trial.design or Design()),
        *groups(trial),
        *interventions(trial),
        *part("Eligibility Criteria", given.criteria),
        *pair("Minimum Eligible Age", given.minimum_age),
        *pair("Maximum Eligible Age", given.maximum_age),
        *pair("Eligible Sex", given.sex.value if given.sex else None),
        *pair("Accepts Healthy Volunteers", {True: "Yes", False: "No", None: None}[given.healthy_volunteers]),
        *people(trial),
        heading("More Related Trials"),
        "Another study of the same kind\nNCT01234567 UNKNOWN PHASE1/PHASE2",
    )


def heading(name: str) -> str:
    return f"{name}\n\n{EXPLAINERS[name]}"


def part(name: str, body: str | None) -> tuple[str | None, ...]:
    return (heading(name), body) if body else ()


def pair(label: str, value: str | None) -> tuple[str | None, ...]:
    return (label, value) if value else ()


def design(given: Design) -> tuple[str | None, ...]:
    return (
        heading("Study Design"),
        *pair("Allocation Method", given.allocation),
        *pair("Intervention Model", given.intervention_model),
        *pair("Primary Study Purpose", given.primary_purpose),
        *pair("Blinding Strategy", given.masking),
        *pair("Observational Model Type", given.observational_model),
        *pair("Study Time Perspective", given.time_perspective),
    )


def groups(trial: Trial) -> list[str | None]:
    described = {
        f"{each.type.value.replace('_', ' ').title()}: {each.name}": each for each in trial.interventions if each.type
    }
    said: list[str | None] = [heading("Study Groups")]
    for arm in trial.arms:
        said += [arm.label, arm.description, f"Group Type {arm.type.value}" if arm.type else None]
        for name in arm.intervention_names:
            if each := described.get(name):
                said += [each.name, f"Intervention Type {each.type.value}" if each.type else None, each.description]
    return said


def interventions(trial: Trial) -> list[str | None]:
    said: list[str | None] = [heading("Interventions")]
    for each in trial.interventions:
        said += [each.name, each.description, f"Intervention Type {each.type.value}" if each.type else None]
    return said


def people(trial: Trial) -> list[str | None]:
    said: list[str | None] = [heading("Sponsors")]
    sponsors = [*((each, "collaborator") for each in trial.collaborators), (the(trial.sponsor), "lead")]
    for agency, role in sponsors:
        said += [agency.name, agency.class_.value if agency.class_ else None, f"Sponsor Role {role}"]
    if trial.responsible_party and trial.responsible_party.type:
        party = trial.responsible_party
        name = party.name or ("Dee Prof" if party.title or party.affiliation else None)
        said += [heading("Responsible Party"), name, party.title, party.affiliation]
        said += [f"Responsibility Role {party.type}"]
    said += [heading("Other Identifiers")]
    ids = [(trial.org_study_id, "org_study_id"), *((each, "secondary_id") for each in trial.secondary_ids)]
    for number, source in ids:
        said += [number, "Identifier Type: -", f"Identifier Source: {source}"]
    return said


def shown(trial: Trial) -> Trial:
    """What the page shows of it."""
    given, dates = trial.design or Design(), trial.dates or Dates()
    party = trial.responsible_party
    if party and (party.title or party.affiliation):
        party = replace(party, name=party.name or "Dee Prof")
    design = replace(given, who_masked=())
    return Trial(
        nct_id=trial.nct_id,
        brief_title=trial.brief_title,
        org_study_id=trial.org_study_id,
        secondary_ids=trial.secondary_ids,
        overall_status=trial.overall_status,
        study_type=trial.study_type,
        phases=trial.phases,
        conditions=trial.conditions,
        keywords=trial.keywords,
        interventions=tuple(replace(each, other_names=()) for each in trial.interventions),
        arms=trial.arms,
        design=None if design == Design() else design,
        enrollment=replace(trial.enrollment, type=None) if trial.enrollment else None,
        eligibility=replace(the(trial.eligibility), criteria=None, std_ages=()),
        sponsor=trial.sponsor,
        collaborators=trial.collaborators,
        responsible_party=party if party and party.type else None,
        dates=Dates(start=dates.start, completion=dates.completion, last_update_posted=dates.last_update_posted),
        brief_summary=trial.brief_summary,
        detailed_description=trial.detailed_description,
    )
