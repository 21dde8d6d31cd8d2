"""A Trial as a ClinicalTrials.Veeva page prints it."""

from msgspec.structs import replace

from service.schemas.trial import Arm, Contact, Design, Eligibility, Trial
from tests.sources.layouts.words import (
    AGENCY,
    ALLOCATION,
    ARM_TYPE,
    MASKING,
    MODEL,
    PHASE,
    STATUS,
    STUDY_TYPE,
    bulleted,
    halves,
    lines,
    linked,
    paragraphs,
    the,
    titled,
)


def page(trial: Trial) -> str:
    """The page's text."""
    return paragraphs(
        "ClinicalTrials.Veeva",
        "Menu",
        trial.brief_title,
        f"{the(trial.sponsor).name} logo" if trial.sponsor else None,
        the(trial.sponsor).name if trial.sponsor else None,
        section(
            "Status and phase",
            lines(STATUS[the(trial.overall_status)], *(PHASE[each] for each in reversed(trial.phases))),
        ),
        section("Conditions", lines(*trial.conditions)),
        section("Treatments", lines(*map(linked, trial.interventions))),
        section("Study type", STUDY_TYPE[the(trial.study_type)]),
        section(
            "Funder types",
            lines(
                *dict.fromkeys(
                    AGENCY[each.class_] for each in (the(trial.sponsor), *trial.collaborators) if each.class_
                )
            ),
        ),
        section(
            "Identifiers",
            lines(trial.nct_id, *(f"{each} (Other Identifier)" for each in trial.secondary_ids), trial.org_study_id),
        ),
        "Details and patient eligibility",
        section("About", trial.brief_summary),
        section("Full description", trial.detailed_description),
        section(
            "Enrollment",
            f"{the(trial.enrollment).count:,} {(the(trial.enrollment).type or '').lower()} patients"
            if trial.enrollment
            else None,
        ),
        eligibility(the(trial.eligibility)),
        design(trial),
        section("Trial contacts and locations", str(len(trial.locations))),
        "Loading...",
        section(
            "Central trial contact", "; ".join(each.name or "" for each in trial.contacts if each.role == "CONTACT")
        ),
        "Data sourced from clinicaltrials.gov",
        "Clinical trials",
        "Find clinical trialsTrials by location\n© Copyright 2026 Veeva Systems",
    )


def section(heading: str, body: str | None) -> str | None:
    return f"{heading}\n\n{body}" if body else None


def eligibility(given: Eligibility) -> str:
    inclusion, exclusion = halves(given.criteria or "")
    return paragraphs(
        section("Sex", given.sex.value.capitalize() if given.sex else None),
        section("Ages", ages(given)),
        section(
            "Volunteers",
            {True: "Accepts Healthy Volunteers", False: "No Healthy Volunteers", None: None}[given.healthy_volunteers],
        ),
        section("Inclusion criteria", bulleted(inclusion, "  ", "•")),
        section("Exclusion criteria", bulleted(exclusion, "  ", "•")),
    )


def ages(given: Eligibility) -> str | None:
    """`3 to 18 years old`, `6 months to 17 years old`, `18+ years old`, `up to 17 years old`."""
    low, high = (each.lower().split() if each else None for each in (given.minimum_age, given.maximum_age))
    if low and high:
        start = low[0] if low[1].rstrip("s") == high[1].rstrip("s") else " ".join(low)
        return f"{start} to {' '.join(high)} old"
    if low:
        return f"{low[0]}+ {low[1]} old"
    return f"up to {' '.join(high)} old" if high else None


def design(trial: Trial) -> str:
    given = trial.design or Design()
    count = the(trial.enrollment).count if trial.enrollment else 0
    groups = f"{count:,} participants in {len(trial.arms)} patient group{'s' * (len(trial.arms) != 1)}"
    return paragraphs(
        "Trial design",
        section("Primary purpose", given.primary_purpose and titled(given.primary_purpose)),
        section("Allocation", given.allocation and ALLOCATION[given.allocation]),
        section("Interventional model", given.intervention_model and MODEL[given.intervention_model]),
        section("Masking", given.masking and MASKING[given.masking]),
        groups if trial.arms else None,
        *map(arm, trial.arms),
    )


def arm(given: Arm) -> str:
    return lines(
        given.label,
        f"{ARM_TYPE[given.type]} group" if given.type else None,
        f"Description:\n{given.description}" if given.description else None,
        lines("Treatment:", *given.intervention_names) if given.intervention_names else None,
    )


def shown(trial: Trial) -> Trial:
    """What the page shows of it."""
    given = trial.design or Design()
    design = Design(
        allocation=given.allocation,
        intervention_model=given.intervention_model,
        primary_purpose=given.primary_purpose,
        masking=given.masking,
    )
    return replace(
        trial,
        official_title=None,
        acronym=None,
        last_known_status=None,
        why_stopped=None,
        keywords=(),
        interventions=tuple(replace(each, description=None, other_names=()) for each in trial.interventions),
        design=None if design == Design() else design,
        enrollment=trial.enrollment,
        eligibility=replace(the(trial.eligibility), criteria=None, std_ages=()) if trial.eligibility else None,
        collaborators=(),
        responsible_party=None,
        contacts=tuple(Contact(name=each.name, role=each.role) for each in trial.contacts if each.role == "CONTACT"),
        locations=(),
        outcomes=None,
        dates=None,
        oversight=None,
        ipd_sharing=None,
        mesh_terms=(),
        provenance=None,
    )
