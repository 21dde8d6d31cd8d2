"""ClinicalTrials.Veeva (ctv.veeva.com) study page as text, layout of 2024 to 2026."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.schemas.trial import Agency, Arm, Contact, Dates, Design, Eligibility, Enrollment, Trial
from service.sources import page, parties, wording
from service.sources.page import Line, Sections
from service.sources.traced import Reading

SITE = "ClinicalTrials.Veeva"
MARKS = (
    SITE,
    "Status and phase",
    "Funder types",
    "Details and patient eligibility",
    "Data sourced from clinicaltrials",
)
FOOTER = "data sourced from clinicaltrials.gov"
CRITERIA = ("inclusion and exclusion criteria", "eligibility criteria", "inclusion criteria", "exclusion criteria")
DESIGN = ("trial design", "primary purpose", "allocation", "interventional model", "observational model",
          "time perspective", "masking")  # fmt: skip
HEADINGS = (
    "status and phase", "conditions", "treatments", "study type", "funder types", "identifiers",
    "details and patient eligibility", "about", "full description", "enrollment", "sex", "ages", "volunteers",
    *CRITERIA, *DESIGN, "trial documents", "trial contacts and locations", "central trial contact",
    "timeline", "start date", "end date", "sponsor of this trial", "lead sponsor", "collaborating sponsor",
    "collaborating sponsors", FOOTER,
)  # fmt: skip
FURNITURE = frozenset({"clinicaltrials.veeva", "menu", "loading...", "today"})
GROUPS = re.compile(r"[\d,]+ \w+ in [\d,]+ (?:\w+ )?groups?\b.*", re.IGNORECASE)
END = sys.maxsize  # beyond every line's number


def read(text: str) -> Reading:
    """The page of one study, up to `Data sourced from clinicaltrials.gov`."""
    lines = page.page_lines(text)
    found = page.sections(lines, HEADINGS)
    page.require(found, ("status and phase", "identifiers", FOOTER), SITE, lines)
    title, sponsor = _masthead(found[""])
    status = page.first(found, "status and phase") or page.filled(lines)[-1]
    phases = page.words_under(found, "status and phase")
    nct_id, *other_ids = page.filled(found["identifiers"]) or (None,)
    org_study_id, secondary_ids = _identifiers(line.words for line in other_ids if line)
    criteria = page.criteria([line for heading in CRITERIA for line in page.with_heading(lines, found, heading)])
    trial = Trial(
        nct_id=page.nct_number(nct_id, SITE),
        brief_title=title,
        org_study_id=org_study_id,
        secondary_ids=secondary_ids,
        overall_status=wording.status(status),
        why_stopped=wording.why_stopped(status),
        study_type=wording.study_type(page.first(found, "study type")),
        phases=wording.phases(" ".join(phases[1:])),
        conditions=page.words_under(found, "conditions"),
        interventions=tuple(map(wording.intervention, page.words_under(found, "treatments"))),
        arms=_arms(found),
        design=_design(found),
        enrollment=_enrollment(found),
        eligibility=_eligibility(found, str(criteria)),
        sponsor=_sponsor(found, sponsor),
        collaborators=_collaborators(found),
        contacts=_contacts(found),
        brief_summary=page.prose(found.get("about", ())),
        detailed_description=page.prose(found.get("full description", ())),
        dates=_dates(found),
    )
    return Reading(trial, criteria.offsets)


def _masthead(lines: Iterable[Line]) -> tuple[str | None, str | None]:
    """The title first, the sponsor last; between them the sponsor's logo, or its initial."""
    said = [words for words in page.words_of(lines) if words.lower() not in FURNITURE]
    return said[0] if said else None, said[-1] if len(said) > 1 else None


def _identifiers(ids: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """The sponsor's own number is the first without a note such as `(EudraCT Number)`; the others are secondary."""
    listed = list(ids)
    own = next((each for each in listed if parties.without_note(each) == each), None)
    return own, tuple(parties.without_note(each) for each in listed if each != own)


def _sponsor(found: Sections, name: str | None) -> Agency | None:
    """The page lists funder types with the lead sponsor's first."""
    name = page.first_words(found.get("lead sponsor", ())) or name
    return parties.agency(name, page.first_words(found.get("funder types", ()))) if name else None


def _collaborators(found: Sections) -> tuple[Agency, ...]:
    headings = ("collaborating sponsor", "collaborating sponsors")
    return tuple(parties.agency(name) for heading in headings for name in page.words_under(found, heading))


def _contacts(found: Sections) -> tuple[Contact, ...]:
    """Names on one line, between semicolons."""
    names = (page.first_words(found.get("central trial contact", ())) or "").split(";")
    return tuple(Contact(name=name.strip(), role="CONTACT") for name in names if name.strip())


def _design(found: Sections) -> Design | None:
    return wording.design(
        allocation=page.first_words(found.get("allocation", ())),
        intervention_model=page.first_words(found.get("interventional model", ())),
        primary_purpose=page.first_words(found.get("primary purpose", ())),
        masking=page.first_words(found.get("masking", ())),
        observational_model=page.first_words(found.get("observational model", ())),
        time_perspective=page.first_words(found.get("time perspective", ())),
    )


def _enrollment(found: Sections) -> Enrollment | None:
    return wording.enrollment(page.first(found, "enrollment"))


def _eligibility(found: Sections, criteria: str) -> Eligibility:
    ages = page.first(found, "ages")
    low, high = wording.age_limits(ages) if ages else (None, None)
    return Eligibility(
        criteria=criteria or None,
        sex=wording.sex(page.first(found, "sex")),
        minimum_age=low,
        maximum_age=high,
        healthy_volunteers=wording.yes_or_no(page.first_words(found.get("volunteers", ()))),
    )


def _dates(found: Sections) -> Dates | None:
    updated = next(
        (words for words in page.words_under(found, "timeline") if words.lower().startswith("last upd")), None
    )
    dates = Dates(
        start=wording.date(page.first_words(found.get("start date", ()))),
        completion=wording.date(page.first_words(found.get("end date", ()))),
        last_update_posted=wording.date(updated),
    )
    return None if dates == Dates() else dates


def _arms(found: Sections) -> tuple[Arm, ...]:
    """What follows `20 participants in 2 patient groups`: label, type, `Description:`, `Treatment:`."""
    for heading in DESIGN:
        body = found.get(heading, ())
        for at, line in enumerate(body):
            if GROUPS.fullmatch(line.words):
                return tuple(_arm(block) for block in _arm_blocks(body[at + 1 :]))
    return ()


def _arm_blocks(body: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """A label is what stands before a type, or where there is none before `Description:` or `Treatment:`."""
    listed = page.filled(body)
    starts = list(listed[:1])
    part = ""
    for line, below, after in zip(listed, listed[1:], [*listed[2:], None], strict=False):
        typed = _is_type(below) and not (after and _is_type(after))  # a label may itself read `Experimental group`
        labels = typed or (_is_part(below) and not _is_type(line))
        ends_description = below.label == "treatment" and part == "description"
        if line is not starts[0] and labels and not _is_part(line) and not ends_description:
            starts.append(line)
            part = ""
        part = line.label if _is_part(line) else part
    for start, end in pairwise([*(line.number for line in starts), END]):
        yield [line for line in body if start <= line.number < end]


def _is_part(line: Line) -> bool:
    return line.words in ("Description:", "Treatment:", "Treatments:")


def _is_type(line: Line) -> bool:
    return line.words.lower().endswith(" group") and wording.arm_type(line.words) is not None


def _arm(block: Sequence[Line]) -> Arm:
    label, *rest = block
    kind = next((line.words for line in rest if line.text), "")
    parts = page.sections(rest, ("description", "treatment"))
    arm = wording.arm(label.words, kind, page.prose(parts.get("description", ())))
    return replace(arm, intervention_names=page.words_under(parts, "treatment"))
