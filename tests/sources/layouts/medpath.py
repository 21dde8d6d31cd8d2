"""A Trial as a MedPath page prints it: table cells run together, methods of outcomes below their row."""

from collections.abc import Sequence

from msgspec.structs import replace

from service.schemas.trial import Design, Enrollment, Intervention, Location, Outcome, Outcomes, Trial
from tests.sources.layouts.words import PHASE, STATUS, bulleted, halves, lines, linked, one_line, paragraphs, the


def page(trial: Trial) -> str:
    """The page's text."""
    inclusion, exclusion = halves(the(trial.eligibility).criteria or "")
    return paragraphs(
        "MedPath",
        trial.brief_title,
        header(trial),
        trial.brief_summary or "Not available",
        "Detailed Description",
        trial.detailed_description or "Not available",
        "Recruitment & Eligibility",
        lines(
            "Status",
            the(trial.overall_status).value,
            "Sex",
            the(the(trial.eligibility).sex).value.capitalize(),
            "Target Recruitment",
            str(the(trial.enrollment).count),
        ),
        lines("Inclusion Criteria", bulleted(inclusion, "  ", "•")),
        lines("Exclusion Criteria", bulleted(exclusion, "  ", "•")) if exclusion else None,
        "Study & Design",
        lines("Study Type", the(trial.study_type).value, "Study Design", model(trial)),
        lines("Arm && Interventions", "GroupInterventionDescription", *rows(trial)),
        lines("Primary Outcome Measures", "NameTimeMethod"),
        measures(trial.outcomes.primary if trial.outcomes else ()),
        lines("Secondary Outcome Measures", "NameTimeMethod"),
        measures(trial.outcomes.secondary if trial.outcomes else ()),
        places(trial.locations),
        "MedPath",
        "© 2025 MedPath, Inc. All rights reserved.",
    )


def header(trial: Trial) -> str:
    return lines(
        "/".join(PHASE[each] for each in trial.phases),
        STATUS[the(trial.overall_status)],
        "Conditions",
        *trial.conditions,
        "Interventions",
        *map(linked, trial.interventions),
        "Registration Number",
        trial.nct_id,
        "Lead Sponsor",
        the(trial.sponsor).name,
        "Brief Summary",
    )


def model(trial: Trial) -> str:
    given = trial.design or Design()
    return given.intervention_model or given.observational_model or "Not specified"


def rows(trial: Trial) -> list[str]:
    names = {linked(each): each.name for each in trial.interventions}
    return [
        f"{one_line(arm.label)}{names[each]}{one_line(arm.description or '-')}"
        for arm in trial.arms
        for each in arm.intervention_names
        if each in names
    ]


def measures(outcomes: Sequence[Outcome]) -> str:
    return paragraphs(
        *(part for each in outcomes for part in (f"{each.measure}{each.time_frame or ''}", each.description))
    )


def places(locations: Sequence[Location]) -> str | None:
    if not locations:
        return None
    return paragraphs(
        "Trial Locations",
        f"Locations ({len(locations)})",
        *(part for each in locations for part in (each.facility, "🇨🇳", address(each))),
        *(lines(each.facility, f"🇨🇳{address(each)}") for each in locations),
    )


def address(site: Location) -> str:
    return ", ".join(part for part in (site.city, site.state, site.country) if part)


def shown(trial: Trial) -> Trial:
    """What the page shows of it."""
    given, outcomes = trial.design or Design(), trial.outcomes or Outcomes()
    observed = given.intervention_model is None and given.observational_model
    design = Design(
        intervention_model=given.intervention_model, observational_model=given.observational_model if observed else None
    )
    kept = Outcomes(primary=outcomes.primary, secondary=outcomes.secondary)
    return Trial(
        nct_id=trial.nct_id,
        brief_title=trial.brief_title,
        overall_status=trial.overall_status,
        study_type=trial.study_type,
        phases=trial.phases,
        conditions=trial.conditions,
        interventions=tuple(Intervention(name=each.name, type=each.type) for each in trial.interventions),
        arms=tuple(replace(arm, type=None) for arm in trial.arms),
        design=None if design == Design() else design,
        enrollment=Enrollment(count=the(trial.enrollment).count) if trial.enrollment else None,
        eligibility=replace(
            the(trial.eligibility),
            criteria=None,
            minimum_age=None,
            maximum_age=None,
            std_ages=(),
            healthy_volunteers=None,
        ),
        sponsor=replace(the(trial.sponsor), class_=None) if trial.sponsor else None,
        locations=tuple(
            Location(facility=site.facility, city=site.city, state=site.state, country=site.country)
            for site in trial.locations
        ),
        outcomes=None if kept == Outcomes() else kept,
        brief_summary=trial.brief_summary,
        detailed_description=trial.detailed_description,
    )
