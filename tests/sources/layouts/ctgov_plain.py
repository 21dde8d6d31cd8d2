"""A Trial as the classic ClinicalTrials.gov page prints it, its tables without bars, with all of its headings."""

from itertools import groupby

from msgspec.structs import replace

from service.schemas.trial import Arm, Dates, Eligibility, Outcome, Outcomes, ResponsibleParty, StudyType, Trial
from tests.sources.layouts import ctgov_bars
from tests.sources.layouts.words import (
    ARM_TYPE,
    PHASE,
    STATUS,
    bulleted,
    joined,
    lines,
    linked,
    long_date,
    one_line,
    paragraphs,
    the,
)


def page(trial: Trial) -> str:
    """The page's text."""
    return paragraphs(
        "Working…\nClinicalTrials.gov\nClinicalTrials.gov Menu",
        trial.brief_title,
        "The safety and scientific validity of this study is the responsibility of the study sponsor.",
        head(trial),
        f"Study Description\nGo to\n\nBrief Summary:\n{trial.brief_summary}",
        conditions(trial),
        f"Detailed Description:\n{trial.detailed_description}" if trial.detailed_description else None,
        "Study Design\nGo to\n\nLayout table for study information",
        ctgov_bars.design(trial).replace(" | ", " ").replace(" |", "").strip(),
        arms(trial),
        "Outcome Measures\nGo to",
        outcomes(trial.outcomes or Outcomes()),
        "Eligibility Criteria\nGo to\n\nInformation from the National Library of Medicine",
        "Choosing to participate in a study is an important decision.\nLayout table for eligibility information",
        eligibility(the(trial.eligibility)),
        "Contacts and Locations\nGo to\n\nInformation from the National Library of Medicine",
        "To learn more about this study, you or your doctor may contact the study research staff.",
        f"Please refer to this study by its ClinicalTrials.gov identifier (NCT number): {trial.nct_id}",
        sites(trial),
        lines("Sponsors and Collaborators", the(trial.sponsor).name, *(each.name for each in trial.collaborators)),
        more(trial),
    )


def head(trial: Trial) -> str:
    dates = trial.dates or Dates()
    reason = f" ({trial.why_stopped})" if trial.why_stopped else ""
    expanded = trial.study_type is StudyType.EXPANDED_ACCESS
    return lines(
        f"ClinicalTrials.gov Identifier: {trial.nct_id}",
        f"{'Expanded Access' if expanded else 'Recruitment'} Status : {STATUS[the(trial.overall_status)]}{reason}",
        f"First Posted : {long_date(dates.first_posted)}",
        f"Last Update Posted : {long_date(dates.last_update_posted)}",
        f"Sponsor:\n{the(trial.sponsor).name}",
        lines("Collaborators:", *(each.name for each in trial.collaborators)) if trial.collaborators else None,
        f"Information provided by (Responsible Party):\n{the(trial.sponsor).name}",
    )


def conditions(trial: Trial) -> str:
    phases = joined(PHASE[phase] for phase in trial.phases)
    names = joined(map(one_line, trial.conditions))
    given = joined(linked(each) for each in trial.interventions)
    return f"Condition or disease Intervention/treatment{' Phase' * bool(phases)}\n{names} {given} {phases}".strip()


def arms(trial: Trial) -> str | None:
    if not trial.arms:
        return None
    return lines(
        "Arms and Interventions\nGo to\n\nArm Intervention/treatment", *(arm(each, trial) for each in trial.arms)
    )


def arm(given: Arm, trial: Trial) -> str:
    described = {linked(each): each for each in trial.interventions}
    parts = [ARM_TYPE[given.type] + f": {given.label}" if given.type else given.label, given.description]
    for name in given.intervention_names:
        each = described.get(name)
        others = each.other_names if each else ()
        parts += [
            name,
            one_line(each.description or "") if each else None,
            lines(f"Other Name{'s' * (len(others) > 1)}:", *(f"  • {other}" for other in others)) if others else None,
        ]
    return lines(*parts)


def outcomes(given: Outcomes) -> str:
    ranks = (("Primary", given.primary), ("Secondary", given.secondary), ("Other", given.other))
    return paragraphs(
        *(
            lines(f"{rank} Outcome Measures :", *(outcome(number, each) for number, each in enumerate(listed, 1)))
            for rank, listed in ranks
            if listed
        )
    )


def outcome(number: int, given: Outcome) -> str:
    time = f" [ Time Frame: {given.time_frame} ]" if given.time_frame else ""
    return lines(f"  {number}. {given.measure}{time}", one_line(given.description or ""))


def eligibility(given: Eligibility) -> str:
    table = ctgov_bars.eligibility(replace(given, criteria=None)).replace(" | ", "   ").replace(" |", "")
    return paragraphs(table.strip(), "Criteria", bulleted(given.criteria or "", "  ", "•"))


def sites(trial: Trial) -> str:
    listed = ["Locations", "Layout table for location information"]
    for region, group in groupby(trial.locations, key=lambda site: ", ".join(filter(None, (site.country, site.state)))):
        listed.append(region)
        for site in group:
            listed += [site.facility or "Site", ctgov_bars.address(site)]
    return lines(*listed)


def more(trial: Trial) -> str:
    said = ctgov_bars.more(replace(trial, mesh_terms=())).replace(" | ", " ").replace(" |", "").strip()
    mesh = (
        lines("Additional relevant MeSH terms:", *(each.term for each in trial.mesh_terms))
        if trial.mesh_terms
        else None
    )
    words = lines(f"Keywords provided by {the(trial.sponsor).name}:", *trial.keywords) if trial.keywords else None
    return paragraphs("More Information\nGo to", said, words, mesh)


def shown(trial: Trial) -> Trial:
    """What the page shows of it."""
    return replace(
        ctgov_bars.shown(replace(trial, last_known_status=None)),
        keywords=trial.keywords,
        interventions=trial.interventions,
        sponsor=replace(the(trial.sponsor), class_=None),
        collaborators=tuple(replace(each, class_=None) for each in trial.collaborators),
        responsible_party=ResponsibleParty(type="SPONSOR", name=the(trial.sponsor).name),
        contacts=(),
        locations=tuple(
            replace(site, facility=site.facility or "Site", status=None, geo_point=None, contacts=())
            for site in trial.locations
        ),
        outcomes=trial.outcomes,
        brief_summary=trial.brief_summary,
        detailed_description=trial.detailed_description,
    )
