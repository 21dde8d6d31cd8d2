"""MedDataX (meddatax.com) clinical-trial page as text, layout of 2025 to 2026."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.reference.concepts import ConceptKind
from service.schemas.trial import (
    Agency,
    Arm,
    Contact,
    Dates,
    Design,
    Eligibility,
    Intervention,
    Location,
    ResponsibleParty,
    Trial,
)
from service.sources import glued, page, parties, wording
from service.sources.page import Line, Sections
from service.sources.traced import Reading

SITE = "MedDataX"
MARKS = ("NCT ID: NCT", "Basic Information", "Study Classification", "Blinding Strategy", "Minimum Eligible Age",
         "Identifier Source:")  # fmt: skip
LIMITS = ("minimum eligible age", "maximum eligible age", "eligible sex", "accepts healthy volunteers")
PROSE = ("brief summary", "detailed description", "eligibility criteria")
HEADINGS = (
    "study results", "basic information", "brief summary", "detailed description", "conditions", "keywords",
    "study design", "study groups", "interventions", "eligibility criteria", *LIMITS, "sponsors",
    "responsible party", "principal investigators", "locations", "countries", "facility locations",
    "central contacts", "other identifiers", "more related trials",
)  # fmt: skip
BASIC = ("official title", "acronym", "recruitment status", "last known status", "clinical phase", "total enrollment",
         "study classification", "study start date", "primary completion date", "study completion date")  # fmt: skip
DESIGN = ("allocation method", "intervention model", "primary study purpose", "blinding strategy",
          "observational model type", "study time perspective")  # fmt: skip
# The sentence that the site sets under each heading.
EXPLAINER = re.compile(
    r"(?:Get|Review|Dive|See|Explore|Understand|Learn|Check|Meet|Identify|Reach|Find|Discover|Access|View|Download"
    r"|Additional|Browse|Consult|Track|Examine) .{20,}\."
)
GROUP_TYPE = re.compile(r"Group Type (\S+)")
INTERVENTION_TYPE = re.compile(r"Intervention Type (\S+)")
SPONSOR_ROLE = re.compile(r"Sponsor Role (\w+)", re.IGNORECASE)
RESPONSIBILITY = re.compile(r"Responsibility Role (\w+)")
ROLE = re.compile(r"Role: (\w+)")
ID_SOURCE = re.compile(r"Identifier Source: (\w+)")
NO_LINE = Line(0, 0, 0, "", "")


def read(text: str) -> Reading:
    """The page of one trial, up to its other identifiers; the related trials below are none of it."""
    lines = page.page_lines(text)
    found = _without_explainers(page.sections(lines, HEADINGS))
    basic = page.labelled(found.get("basic information", ()), BASIC)
    _require_whole(lines, found, basic)
    interventions, arms = _interventions(found), _arms(found)
    names = [*(each.name for each in interventions), *(arm.label for arm in arms)]
    criteria = page.criteria(found["eligibility criteria"])
    org_study_id, secondary_ids = _identifiers(found["other identifiers"])
    sponsor, collaborators = _sponsors(found["sponsors"])
    trial = Trial(
        nct_id=page.nct_number(_masthead(found, "nct id"), SITE),
        brief_title=page.first_words(found[""]),
        official_title=_value(basic, "official title"),
        acronym=_value(basic, "acronym"),
        org_study_id=org_study_id,
        secondary_ids=secondary_ids,
        overall_status=wording.status(basic["recruitment status"]),
        last_known_status=wording.status(basic["last known status"]) if "last known status" in basic else None,
        study_type=wording.study_type(basic.get("study classification")),
        phases=wording.phases(_value(basic, "clinical phase") or ""),
        conditions=_list(found, "conditions", names, glued.DISEASES),
        keywords=_list(found, "keywords", names, glued.ANY_KIND),
        interventions=interventions,
        arms=arms,
        design=_design(found),
        enrollment=wording.enrollment(basic.get("total enrollment")),
        eligibility=_eligibility(found, str(criteria)),
        sponsor=sponsor,
        collaborators=collaborators,
        responsible_party=_responsible_party(found.get("responsible party", ())),
        contacts=(*_people(found.get("central contacts", ())), *_people(found.get("principal investigators", ()))),
        locations=_locations(found),
        brief_summary=page.prose(found["brief summary"]),
        detailed_description=page.prose(found.get("detailed description", ())),
        dates=_dates(found, basic),
    )
    return Reading(trial, criteria.offsets)


def _require_whole(lines: Sequence[Line], found: Sections, basic: Mapping[str, Line]) -> None:
    """Every trial has a sponsor and an identifier of its own; the page ends after them."""
    required = ("basic information", "brief summary", "eligibility criteria", "sponsors", "other identifiers")
    page.require(found, required, SITE, lines)
    if not any(ID_SOURCE.fullmatch(line.words) for line in found["other identifiers"]):
        raise page.cut_off(SITE, "Identifier Source:", page.filled(lines)[-1])
    if "recruitment status" not in basic:
        raise page.cut_off(SITE, "Recruitment Status", page.filled(lines)[-1])


def _without_explainers(found: Sections) -> Sections:
    """The sections without the site's sentence under their heading, nor a section of a heading that we do not know."""
    return {heading: _own_lines(body, heading in PROSE) for heading, body in found.items()}


def _own_lines(body: tuple[Line, ...], is_prose: bool) -> tuple[Line, ...]:
    listed = page.filled(body)
    if listed and EXPLAINER.fullmatch(listed[0].words):
        body = tuple(line for line in body if line.number > listed[0].number)
    unknown = (line for line, below in pairwise(page.filled(body)) if EXPLAINER.fullmatch(below.words))
    end = next(unknown, None)
    return body if is_prose or end is None else tuple(line for line in body if line.number < end.number)


def _masthead(found: Sections, label: str) -> Line | None:
    """`NCT ID: NCT…` and `Last Updated: …` stand under the title."""
    return next((line for line in found[""] if line.words.lower().startswith(f"{label}:")), None)


def _value(labelled: Mapping[str, Line], label: str) -> str | None:
    return labelled[label].words if label in labelled else None


def _list(found: Sections, heading: str, names: Sequence[str], kinds: frozenset[ConceptKind]) -> tuple[str, ...]:
    """The site runs a list together on one line."""
    return tuple(item for words in page.words_under(found, heading) for item in glued.parted(words, names, kinds))


def _identifiers(lines: Iterable[Line]) -> tuple[str | None, tuple[str, ...]]:
    """The number, its type and, last, its source: `org_study_id`, `secondary_id` or an alias."""
    ids: dict[str, list[str]] = {}
    for block, source in page.blocks(lines, ID_SOURCE):
        ids.setdefault(source[1].lower(), []).append(block[0].words)
    own = ids.pop("org_study_id", [])
    return next(iter(own), None), tuple(number for numbers in ids.values() for number in numbers)


def _sponsors(lines: Iterable[Line]) -> tuple[Agency | None, tuple[Agency, ...]]:
    lead: Agency | None = None
    others: list[Agency] = []
    for block, role in page.blocks(lines, SPONSOR_ROLE):
        name, *kind = (line.words for line in block)
        agency = parties.agency(name, next(iter(kind), None))
        if role[1].lower() == "lead":
            lead = agency
        else:
            others.append(agency)
    return lead, tuple(others)


def _responsible_party(lines: Iterable[Line]) -> ResponsibleParty | None:
    """Name, title and affiliation of a person; the role alone where the sponsor itself answers."""
    said = [line.words for line in page.filled(lines)]
    for at, words in enumerate(said):
        if role := RESPONSIBILITY.fullmatch(words):
            name, title, affiliation = [*said[:at], None, None, None][:3]
            return ResponsibleParty(type=role[1], name=name, title=title, affiliation=affiliation)
    return None


def _people(lines: Iterable[Line]) -> Iterator[Contact]:
    """A name above each role; telephone, address or affiliation below it."""
    listed = page.filled(lines)
    starts = [at - 1 for at, line in enumerate(listed) if at and ROLE.fullmatch(line.words)]
    for start, end in pairwise([*starts, len(listed)]):
        name, role, *reach = (line.words for line in listed[start:end])
        yield parties.contact(name, role.removeprefix("Role: "), reach)


def _interventions(found: Sections) -> tuple[Intervention, ...]:
    """Name, description, type."""
    listed = [
        Intervention(name=block[0].words, type=wording.intervention_type(kind[1]), description=page.prose(block[1:]))
        for block, kind in page.blocks(found.get("interventions", ()), INTERVENTION_TYPE)
    ]
    return tuple(listed)


def _arms(found: Sections) -> tuple[Arm, ...]:
    """Label, description and `Group Type`, then for each intervention its name, `Intervention Type`, description.

    Such a description is told from the next label by standing in the list of interventions too.
    """
    listed = page.blocks(found.get("interventions", ()), INTERVENTION_TYPE)
    described = {block[0].words: {line.words for line in block[1:]} for block, _ in listed}
    arms: list[Arm] = []
    head: list[Line] = []
    told: set[str] = set()
    for line, below in pairwise([*page.filled(found.get("study groups", ())), NO_LINE]):
        if given := INTERVENTION_TYPE.fullmatch(below.words):
            arms.extend(_arm(head))
            arms[-1:] = [_with_intervention(arm, given[1], line.words) for arm in arms[-1:]]
            head, told = [], described.get(line.words, set())
        elif kind := GROUP_TYPE.fullmatch(line.words):
            arms.extend(_arm(head, kind[1]))
            head = []
        elif (head or line.words not in told) and not INTERVENTION_TYPE.fullmatch(line.words):
            head.append(line)
    return (*arms, *(arm for part in _untyped(head) for arm in _arm(part)))


def _untyped(head: Sequence[Line]) -> Sequence[Sequence[Line]]:
    """Cohorts without type or intervention: parted only if labels and descriptions plainly take turns."""
    labels, descriptions = head[::2], head[1::2]
    short = all(len(line.words) <= wording.LONGEST_LABEL and not line.words.endswith(".") for line in labels)
    long = all(len(line.words) > wording.LONGEST_LABEL or line.words.endswith(".") for line in descriptions)
    if len(labels) == len(descriptions) and short and long:
        return list(zip(labels, descriptions, strict=True))
    return [head]


def _arm(head: Sequence[Line], kind: str = "") -> tuple[Arm, ...]:
    """None without a label."""
    if not head:
        return ()
    return (wording.arm(head[0].words, kind, page.prose(head[1:])),)


def _with_intervention(arm: Arm, kind: str, name: str) -> Arm:
    linked = wording.linked(Intervention(name=name, type=wording.intervention_type(kind)))
    return replace(arm, intervention_names=(*arm.intervention_names, linked))


def _design(found: Sections) -> Design | None:
    said = page.labelled(found.get("study design", ()), DESIGN)
    return wording.design(
        allocation=_value(said, "allocation method"),
        intervention_model=_value(said, "intervention model"),
        primary_purpose=_value(said, "primary study purpose"),
        masking=_value(said, "blinding strategy"),
        observational_model=_value(said, "observational model type"),
        time_perspective=_value(said, "study time perspective"),
    )


def _eligibility(found: Sections, criteria: str) -> Eligibility:
    return Eligibility(
        criteria=criteria or None,
        sex=wording.sex(page.first(found, "eligible sex")),
        minimum_age=wording.age_limit(page.first_words(found.get("minimum eligible age", ()))),
        maximum_age=wording.age_limit(page.first_words(found.get("maximum eligible age", ()))),
        healthy_volunteers=wording.yes_or_no(page.first_words(found.get("accepts healthy volunteers", ()))),
    )


def _dates(found: Sections, basic: Mapping[str, Line]) -> Dates | None:
    updated = _masthead(found, "last updated")
    dates = Dates(
        start=wording.date(_value(basic, "study start date")),
        primary_completion=wording.date(_value(basic, "primary completion date")),
        completion=wording.date(_value(basic, "study completion date")),
        last_update_posted=wording.date(updated.words.partition(":")[2]) if updated else None,
    )
    return None if dates == Dates() else dates


def _locations(found: Sections) -> tuple[Location, ...]:
    """A facility above each `City, State, Country`; where only countries are listed, those."""
    listed = [
        line.words for heading in ("locations", "facility locations") for line in page.filled(found.get(heading, ()))
    ]
    sites = [parties.location(above, address) for above, address in pairwise(listed) if ", " in address]
    countries = page.words_under(found, "countries")
    return tuple(sites) or tuple(Location(country=country) for country in countries)
