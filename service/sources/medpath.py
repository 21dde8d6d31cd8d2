"""MedPath (trial.medpath.com) clinical-trial page as text, layout of 2024 to 2026."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.schemas.trial import (
    Arm,
    Contact,
    Design,
    Eligibility,
    Intervention,
    Location,
    Outcome,
    Outcomes,
    StudyType,
    Trial,
)
from service.sources import glued, page, parties, wording
from service.sources.page import Line, Sections
from service.sources.traced import Reading

SITE = "MedPath"
MARKS = ("MedPath", "Recruitment & Eligibility", "Target Recruitment", "Registration Number", "Arm && Interventions")
CRITERIA = ("inclusion criteria", "exclusion criteria")
OUTCOMES = ("primary outcome measures", "secondary outcome measures", "other outcome measures")
HEADINGS = (
    "conditions", "interventions", "registration number", "lead sponsor", "brief summary", "detailed description",
    "recruitment & eligibility", "status", "sex", "target recruitment", *CRITERIA, "study & design", "study type",
    "study design", "arm && interventions", *OUTCOMES, "trial locations", "related trials", "related news",
    "recent news", "latest news", "empowering clinical research with data-driven insights and ai-powered tools.",
)  # fmt: skip
FURNITURE = frozenset({"medpath", "read more", "show more", "show less", "load more", "view more"})
FOOTER = re.compile(r"© ?\d{4} MedPath.*", re.IGNORECASE)
ARMS_HEADER = re.compile(r"group\W*intervention\W*description", re.IGNORECASE)
OUTCOMES_HEADER = re.compile(r"name\W*time\W*method", re.IGNORECASE)
COUNT = re.compile(r"Locations \(\d+\)")
FLAG = re.compile(r"([\U0001F1E6-\U0001F1FF]{2})\s*")
ROLES = {
    "contact": "CONTACT",
    "principal investigator": "PRINCIPAL_INVESTIGATOR",
    "sub-investigator": "SUB_INVESTIGATOR",
    "study director": "STUDY_DIRECTOR",
    "study chair": "STUDY_CHAIR",
}


def read(text: str) -> Reading:
    """The page of one trial that is registered at ClinicalTrials.gov, from its title to its locations."""
    lines = page.page_lines(text)
    found = page.sections([line for line in lines if not _is_furniture(line)], HEADINGS)
    _require_whole(lines, found)
    above = page.filled(found[""])
    interventions = _interventions(found)
    status = page.first(found, "status") or next(filter(_is_status, above), None)
    criteria = page.criteria(_criteria_lines(lines, found))
    kind = wording.study_type(page.first(found, "study type"))
    sponsor = page.first_words(found.get("lead sponsor", ()))
    trial = Trial(
        nct_id=page.nct_number(page.first(found, "registration number"), SITE),
        brief_title=page.first_words(above),
        overall_status=wording.status(status) if status else None,
        study_type=kind,
        phases=wording.phases(" ".join(line.words for line in above[1:] if wording.is_phase(line.words))),
        conditions=tuple(item for words in page.words_under(found, "conditions") for item in glued.at_seams(words)),
        interventions=interventions,
        arms=_arms(found.get("arm && interventions", ()), interventions),
        design=_design(found, kind),
        enrollment=wording.enrollment(page.first(found, "target recruitment")),
        eligibility=Eligibility(criteria=str(criteria) or None, sex=wording.sex(page.first(found, "sex"))),
        sponsor=parties.agency(sponsor) if sponsor else None,
        locations=_locations(found.get("trial locations", ())),
        outcomes=_outcomes(found),
        brief_summary=page.prose(found.get("brief summary", ())),
        detailed_description=page.prose(found.get("detailed description", ())),
    )
    return Reading(trial, criteria.offsets)


def _require_whole(lines: Sequence[Line], found: Sections) -> None:
    """A page that begins with the site's name ends with its copyright line."""
    page.require(
        found, ("registration number", "recruitment & eligibility", "study & design", OUTCOMES[0]), SITE, lines
    )
    first, *_, last = page.filled(lines)
    if first.label == "medpath" and not any(FOOTER.fullmatch(line.words) for line in lines):
        raise page.cut_off(SITE, "© MedPath", last)


def _is_furniture(line: Line) -> bool:
    return line.label in FURNITURE or bool(FOOTER.fullmatch(line.words))


def _is_status(line: Line) -> bool:
    return wording.status_of(line.words) is not None


def _interventions(found: Sections) -> tuple[Intervention, ...]:
    return tuple(each for words in page.words_under(found, "interventions") for each in wording.interventions(words))


def _criteria_lines(lines: Sequence[Line], found: Sections) -> list[Line]:
    """From the count of participants on: some trials have their criteria there, without a heading."""
    loose = page.filled(found.get("target recruitment", ()))[1:]
    headed = [line for heading in CRITERIA for line in page.with_heading(lines, found, heading)]
    return [*loose, *headed]


def _design(found: Sections, kind: StudyType | None) -> Design | None:
    """One word on the page: the intervention model, or the model of an observational study."""
    model = page.first_words(found.get("study design", ()))
    if kind is StudyType.OBSERVATIONAL:
        return wording.design(observational_model=model)
    return wording.design(intervention_model=model)


def _arms(lines: Iterable[Line], interventions: Sequence[Intervention]) -> tuple[Arm, ...]:
    """A row for each arm and intervention; a line that no row begins on continues the description above."""
    arms: dict[str, Arm] = {}
    label = ""
    names = {each.name: wording.linked(each) for each in interventions}
    for line in page.filled(lines):
        if ARMS_HEADER.fullmatch(line.words) or set(line.text) <= set("|- "):
            continue
        row = _arm_cells(line, names)
        if label and row.intervention is None and (row.description is None or len(row.label) > wording.LONGEST_LABEL):
            row = glued.Row(label, None, line.words)
        label = row.label
        arms[label] = _joined(arms.get(label, wording.arm(label)), row, names)
    return tuple(arms.values())


def _arm_cells(line: Line, names: Iterable[str]) -> glued.Row:
    if line.text.count("|") < 2:
        return glued.arm_row(line.words, names)
    label, name, description, *_ = [*(cell.strip() for cell in line.words.split("|")), "", ""]
    return glued.Row(label, name or None, description or None)


def _joined(arm: Arm, row: glued.Row, names: dict[str, str]) -> Arm:
    """The arm with what one more of its rows says."""
    linked = (names.get(row.intervention, row.intervention),) if row.intervention else ()
    told = [arm.description] if arm.description else []
    if row.description and row.description not in (*told, "-"):
        told.append(row.description)
    given = dict.fromkeys((*arm.intervention_names, *linked))
    return replace(arm, description="\n".join(told) or None, intervention_names=tuple(given))


def _outcomes(found: Sections) -> Outcomes | None:
    primary, secondary, other = (tuple(_outcome_rows(found.get(heading, ()))) for heading in OUTCOMES)
    outcomes = Outcomes(primary=primary, secondary=secondary, other=other)
    return None if outcomes == Outcomes() else outcomes


def _outcome_rows(lines: Iterable[Line]) -> Iterator[Outcome]:
    """A row holds measure and time, run together; the paragraphs below it, up to the next row, are its method."""
    listed = [line for line in page.filled(lines) if not OUTCOMES_HEADER.fullmatch(line.words)]
    rows = [_outcome_cells(line) for line in listed if set(line.text) - set("|- ")]
    timeless = not any(row.time_frame for row in rows)
    current: Outcome | None = None
    for row in rows:
        if current and not row.time_frame and not timeless:
            method = "\n".join(filter(None, (current.description, row.measure)))
            current = Outcome(measure=current.measure, description=method, time_frame=current.time_frame)
            continue
        if current:
            yield current
        current = row
    if current:
        yield current


def _outcome_cells(line: Line) -> Outcome:
    if line.text.count("|") >= 2:
        measure, time, method, *_ = [*(cell.strip() for cell in line.words.split("|")), "", ""]
        return Outcome(measure=measure, description=method or None, time_frame=time or None)
    measure, rest = glued.measure_and_time(line.words)
    if rest is None:
        return Outcome(measure=measure)
    frame, description = glued.time_and_method(rest)
    return Outcome(measure=measure, description=description, time_frame=frame)


def _locations(lines: Iterable[Line]) -> tuple[Location, ...]:
    """Each site stands twice: name and place for the map, then name, place and whom to ask."""
    listed = [line for line in page.filled(lines) if not COUNT.fullmatch(line.words)]
    flags = [at for at, line in enumerate(listed) if FLAG.match(line.text)]
    sites: dict[tuple[str | None, str], Location] = {}
    taken = -1  # the last line that is an address
    for at, following in pairwise([*flags, len(listed) + 1]):
        facility = listed[at - 1].words if at - 1 > taken else None
        beside = FLAG.sub("", listed[at].words)
        taken = at if beside else at + 1
        address = beside or "".join(line.words for line in listed[taken : taken + 1])
        contacts = tuple(_contacts(listed[taken + 1 : following - 1]))
        sites[facility, address] = replace(parties.location(facility, address), contacts=contacts)
    return tuple(sites.values())


def _contacts(lines: Sequence[Line]) -> Iterator[Contact]:
    """A name above each role, telephone and address below it; a role under a role names nobody."""
    starts = [at for at, (name, role) in enumerate(pairwise(lines)) if role.label in ROLES and name.label not in ROLES]
    for start, end in pairwise([*starts, len(lines)]):
        name, role, *reach = lines[start:end]
        yield parties.contact(name.words, ROLES[role.label], (line.words for line in reach))
