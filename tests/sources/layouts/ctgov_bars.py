"""A Trial as the classic ClinicalTrials.gov page prints it, its tables with bars and its lists run together."""

from itertools import groupby

from msgspec.structs import replace

from service.schemas.trial import (
    Arm,
    Contact,
    Dates,
    Design,
    Eligibility,
    IpdSharing,
    Location,
    Outcome,
    Outcomes,
    Oversight,
    ResponsibleParty,
    StudyType,
    Trial,
)
from tests.sources.layouts.words import (
    ALLOCATION,
    ARM_TYPE,
    MASKING,
    MODEL,
    PHASE,
    ROLE,
    STATUS,
    STD_AGE,
    STUDY_TYPE,
    bulleted,
    joined,
    lines,
    linked,
    long_date,
    one_line,
    the,
    titled,
)

BAR, BETWEEN = " |", " | "


def page(trial: Trial) -> str:
    """The page's text."""
    return lines(
        trial.brief_title,
        "![]() |",
        "The safety and scientific validity of this study is the responsibility of the study sponsor and investigators."
        + BAR,
        f"ClinicalTrials.gov Identifier: {trial.nct_id}{BAR}",
        status(trial),
        "- Study Details\n- Tabular View\n- No Results Posted\n- Disclaimer",
        conditions(trial),
        design(trial),
        arms(trial),
        outcomes(trial.outcomes or Outcomes()),
        "Choosing to participate in a study is an important personal decision.",
        eligibility(the(trial.eligibility)),
        "To learn more about this study, you or your doctor may contact the study research staff.",
        f"Please refer to this study by its ClinicalTrials.gov identifier (NCT number): {trial.nct_id}",
        sites(trial.locations),
        *(row(f"{titled(each.role or '')}:", each.name or "", each.affiliation or "") for each in officials(trial)),
        more(trial),
    )


def row(*cells: str) -> str:
    return BETWEEN.join(cells) + BAR


def status(trial: Trial) -> str:
    reason = f" ({trial.why_stopped})" if trial.why_stopped else ""
    dates = trial.dates or Dates()
    label = "Expanded Access Status" if trial.study_type is StudyType.EXPANDED_ACCESS else "Recruitment Status"
    verified = f"Verified {long_date(dates.verified)} by {the(trial.sponsor).name}." if dates.verified else None
    return lines(
        f"{label} :\n{STATUS[the(trial.overall_status)]}{reason}",
        verified if trial.last_known_status else None,
        f"Recruitment status was: {STATUS[the(trial.last_known_status)]}" if trial.last_known_status else None,
        f"First Posted : {long_date(dates.first_posted)}",
        f"Last Update Posted : {long_date(dates.last_update_posted)}",
        "|",
    )


def conditions(trial: Trial) -> str:
    names = joined(map(one_line, trial.conditions))
    given = joined(linked(each) for each in trial.interventions)
    phases = joined(PHASE[phase] for phase in trial.phases)
    if trial.study_type is StudyType.INTERVENTIONAL:
        return lines(
            row("Condition or disease", "Intervention/treatment", "Phase"), "---|---|---|", row(names, given, phases)
        )
    return lines(row("Condition or disease", "Intervention/treatment"), "---|---|", row(names, given))


def design(trial: Trial) -> str:
    given, dates = trial.design or Design(), trial.dates or Dates()
    roles = f" ({', '.join(ROLE[each] for each in given.who_masked)})" if given.who_masked else ""
    kind = {StudyType.INTERVENTIONAL: "Interventional (Clinical Trial)"}.get(
        the(trial.study_type), STUDY_TYPE[the(trial.study_type)]
    )
    count = trial.enrollment
    listed = [
        ("Study Type :", kind),
        (
            f"{(count.type or '').title()} Enrollment :".strip() if count else "",
            f"{count.count} participants" if count else None,
        ),
        ("Allocation:", given.allocation and ALLOCATION[given.allocation]),
        ("Intervention Model:", given.intervention_model and MODEL[given.intervention_model]),
        ("Masking:", given.masking and MASKING[given.masking] + roles),
        ("Primary Purpose:", given.primary_purpose and titled(given.primary_purpose)),
        ("Observational Model:", given.observational_model and titled(given.observational_model)),
        ("Time Perspective:", given.time_perspective and titled(given.time_perspective)),
        ("Official Title:", trial.official_title),
        ("Actual Study Start Date :", dates.start and long_date(dates.start)),
        ("Estimated Primary Completion Date :", dates.primary_completion and long_date(dates.primary_completion)),
        ("Estimated Study Completion Date :", dates.completion and long_date(dates.completion)),
    ]
    return lines(*(row(label, value) for label, value in listed if value)) + "\n"


def arms(trial: Trial) -> str | None:
    if not trial.arms:
        return None
    head = "Arm" if trial.study_type is StudyType.INTERVENTIONAL else "Group/Cohort"
    return lines(row(head, "Intervention/treatment"), "---|---|", *(arm(each, trial) for each in trial.arms))


def arm(given: Arm, trial: Trial) -> str:
    kind = f"{ARM_TYPE[given.type]}: " if given.type else ""
    described = {linked(each): each for each in trial.interventions}
    told = []
    for name in given.intervention_names:
        each = described.get(name)
        others = "".join(f"\nOther Name: {other}" for other in each.other_names[:1]) if each else ""
        told.append(f"{name} {one_line(each.description or '')}{others}" if each else name)
    return lines(f"{kind}{given.label}", given.description, "|", joined(told) + BAR)


def outcomes(given: Outcomes) -> str:
    return lines(*(f"- {outcome(each)}" for each in (*given.primary, *given.secondary))) + "\n"


def outcome(given: Outcome) -> str:
    time = f" [ Time Frame: {given.time_frame} ]" if given.time_frame else ""
    return f"{given.measure}{time}{one_line(given.description or '')}"


def eligibility(given: Eligibility) -> str:
    groups = ", ".join(STD_AGE[each] for each in given.std_ages)
    limits = {
        (True, True): f"{given.minimum_age} to {given.maximum_age} ({groups})",
        (True, False): f"{given.minimum_age} and older ({groups})",
        (False, True): f"up to {given.maximum_age} ({groups})",
        (False, False): groups,
    }[bool(given.minimum_age), bool(given.maximum_age)]
    return lines(
        row("Ages Eligible for Study:", limits),
        row("Sexes Eligible for Study:", given.sex.value.title() if given.sex else ""),
        row("Accepts Healthy Volunteers:", "Yes" if given.healthy_volunteers else "No")
        if given.healthy_volunteers is not None
        else None,
        bulleted(given.criteria or "", "", "-"),
    )


def sites(locations: tuple[Location, ...]) -> str:
    listed = []
    for region, group in groupby(locations, key=lambda site: ", ".join(filter(None, (site.country, site.state)))):
        listed.append(row(region, ""))
        listed += [
            part
            for site in group
            for part in (
                row(site.facility or "Site", STATUS[site.status] if site.status else ""),
                row(address(site), ""),
            )
        ]
    return lines(*listed)


def address(site: Location) -> str:
    return ", ".join(part for part in (site.city, site.state, site.country, site.zip) if part)


def officials(trial: Trial) -> tuple[Contact, ...]:
    return tuple(
        each for each in trial.contacts if each.role in ("PRINCIPAL_INVESTIGATOR", "STUDY_DIRECTOR", "STUDY_CHAIR")
    )


def more(trial: Trial) -> str:
    dates, oversight, sharing = (
        trial.dates or Dates(),
        trial.oversight or Oversight(),
        trial.ipd_sharing or IpdSharing(),
    )
    said = {True: "Yes", False: "No", None: None}
    ids = lines(
        f"Other Study ID Numbers:{BAR}",
        trial.org_study_id,
        *(f"{each} ( Other Identifier: Somewhere )" for each in trial.secondary_ids),
    )
    listed = [
        ("ClinicalTrials.gov Identifier:", trial.nct_id),
        ("Plan to Share IPD:", sharing.plan and sharing.plan.title()),
        ("Studies a U.S. FDA-regulated Drug Product:", said[oversight.is_fda_regulated_drug]),
        ("Studies a U.S. FDA-regulated Device Product:", said[oversight.is_fda_regulated_device]),
    ]
    return lines(
        row("Responsible Party:", the(trial.sponsor).name),
        row("ClinicalTrials.gov Identifier:", trial.nct_id),
        ids + BAR,
        row("First Posted:", long_date(dates.first_posted)),
        row("Last Verified:", long_date(dates.verified)),
        *(row(label, value) for label, value in listed if value),
        joined(term.term for term in trial.mesh_terms) + BAR if trial.mesh_terms else None,
    )


def shown(trial: Trial) -> Trial:
    """What the page shows of it."""
    given, dates = trial.design or Design(), trial.dates or Dates()
    kept = trial.outcomes or Outcomes()
    listed = (*kept.primary, *kept.secondary)
    ranked = Outcomes(primary=listed[:1], unranked=listed[1:])
    oversight = replace(trial.oversight or Oversight(), has_dmc=None)
    plan = trial.ipd_sharing.plan if trial.ipd_sharing else None
    linked_in_arms = {name for arm in trial.arms for name in arm.intervention_names}
    return Trial(
        nct_id=trial.nct_id,
        brief_title=trial.brief_title,
        official_title=trial.official_title,
        org_study_id=trial.org_study_id,
        secondary_ids=trial.secondary_ids,
        overall_status=trial.overall_status,
        last_known_status=trial.last_known_status,
        why_stopped=trial.why_stopped,
        study_type=trial.study_type,
        phases=trial.phases,
        conditions=trial.conditions,
        interventions=tuple(
            replace(each, other_names=each.other_names[:1])
            if linked(each) in linked_in_arms
            else replace(each, description=None, other_names=())
            for each in trial.interventions
        ),
        arms=trial.arms,
        design=None if given == Design() else given,
        enrollment=trial.enrollment,
        eligibility=replace(the(trial.eligibility), criteria=None),
        sponsor=replace(the(trial.sponsor), class_=None) if trial.last_known_status else None,
        contacts=officials(trial),
        responsible_party=ResponsibleParty(
            type="SPONSOR" if trial.last_known_status else None, name=the(trial.sponsor).name
        ),
        locations=tuple(
            replace(site, facility=site.facility or "Site", geo_point=None, contacts=()) for site in trial.locations
        ),
        outcomes=None if ranked == Outcomes() else ranked,
        dates=dates,
        oversight=None if oversight == Oversight() else oversight,
        ipd_sharing=IpdSharing(plan=plan) if plan else None,
    )
