"""Classic ClinicalTrials.gov study page (`/ct2/show/NCT…`, 2017 to 2024) as text, with or without table bars."""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from service.schemas.trial import (
    Agency,
    Dates,
    Design,
    Eligibility,
    Enrollment,
    IpdSharing,
    OverallStatus,
    Oversight,
    ResponsibleParty,
    Trial,
)
from service.sources import ctgov_sites as sites
from service.sources import ctgov_tables as tables
from service.sources import page, parties, wording
from service.sources.ctgov_rows import Rows, label_of, labelled_rows, said
from service.sources.page import Line
from service.sources.traced import Reading

SITE = "ClinicalTrials.gov"
MARKS = (
    "ClinicalTrials.gov Identifier", "Recruitment Status", "Study Type", "Ages Eligible for Study", "Last Verified",
    "Expanded Access Status",
)  # fmt: skip
VERIFIED = re.compile(r"Verified (?P<date>\w+ \d{4}) by (?P<sponsor>.+?)\.?$")
DISCLAIMER = "The safety and scientific validity of this study"
SENTENCES = {
    "is currently recruiting participants": "Recruiting",
    "is not yet open for participant recruitment": "Not yet recruiting",
    "is enrolling participants by invitation only": "Enrolling by invitation",
    "is ongoing, but not recruiting participants": "Active, not recruiting",
    "has been completed": "Completed",
    "has been terminated": "Terminated",
    "has been suspended": "Suspended",
    "has been withdrawn": "Withdrawn",
    "recruitment status of this study is unknown": "Unknown",
}
STATUS_SENTENCE = re.compile(rf"(?:This study |The )({'|'.join(SENTENCES)})")
CRITERIA_END = re.compile(
    r"(To learn more about this study, you or your doctor|Please refer to this study by|Contacts and Locations$"
    r"|Information from the National Library|Go to$)"
)


def read(text: str) -> Reading:
    """The page of one study, from its title to its MeSH terms."""
    lines = page.page_lines(text)
    rows = labelled_rows(lines)
    _require_whole(lines, rows)
    criteria = page.criteria(_criteria_lines(lines, rows))
    study = _study(lines, rows, str(criteria))
    sponsor = _sponsor(lines, rows)
    trial = replace(
        study,
        sponsor=parties.agency(sponsor) if sponsor else None,
        collaborators=_collaborators(lines, rows),
        responsible_party=_responsible_party(rows, sponsor),
        contacts=sites.contacts(lines),
        locations=sites.locations(lines),
        brief_summary=_prose(rows, "brief summary") or _purpose(lines),
        detailed_description=_prose(rows, "detailed description"),
        dates=_dates(rows),
        oversight=_oversight(rows),
        ipd_sharing=_sharing(rows),
        mesh_terms=tables.mesh_terms(_tail(lines)),
    )
    return Reading(trial, criteria.offsets)


def _study(lines: Sequence[Line], rows: Rows, criteria: str) -> Trial:
    """What is studied, how, and in whom."""
    conditions, known, phases = tables.conditions(lines)
    arms, interventions = tables.arms(lines, known)
    org_study_id, secondary_ids = _identifiers(rows)
    status = _status_line(lines, rows)
    return Trial(
        nct_id=page.nct_number(rows["clinicaltrials.gov identifier"].as_line, SITE),
        brief_title=_title(lines),
        official_title=said(rows, "official title"),
        org_study_id=org_study_id,
        secondary_ids=secondary_ids,
        overall_status=wording.status(status),
        last_known_status=_last_known_status(rows),
        why_stopped=wording.why_stopped(status),
        study_type=wording.study_type(rows["study type"].as_line),
        phases=phases,
        conditions=conditions,
        keywords=tables.keywords(_tail(lines)),
        interventions=interventions,
        arms=arms,
        design=_design(rows),
        enrollment=_enrollment(rows),
        eligibility=_eligibility(rows, criteria),
        outcomes=tables.outcomes(lines),
    )


def _require_whole(lines: Sequence[Line], rows: Rows) -> None:
    """The title block, the study's type, its eligibility, and near the end the date of verification."""
    last = ("other study id numbers", "last verified")
    for label in ("clinicaltrials.gov identifier", "study type", "sexes eligible for study", *last):
        other = label.replace("sexes", "genders")
        if label not in rows and other not in rows:
            raise page.cut_off(SITE, label.capitalize(), page.filled(lines)[-1])


def _status_line(lines: Sequence[Line], rows: Rows) -> Line:
    """Beside its label; before 2017 a sentence, with the reason in brackets below it."""
    for label in ("recruitment status", "expanded access status"):
        if label in rows:
            return rows[label].as_line
    listed = page.filled(lines)
    for line, below in pairwise(listed):
        if found := STATUS_SENTENCE.match(line.words):
            reason = below.words if below.words.startswith("(") else ""
            return line._replace(words=f"{SENTENCES[found[1]]} {reason}")
    raise page.cut_off(SITE, "Recruitment Status", listed[-1])


def _title(lines: Sequence[Line]) -> str | None:
    """The line above the disclaimer, or above the status; a page without these begins with its title."""
    words = [line.words for line in lines if line.words.strip("![]() ")]
    marks = [at for at, each in enumerate(words) if each.startswith(DISCLAIMER) or STATUS_SENTENCE.match(each)]
    return words[max(0, marks[0] - 1)] if marks else next(iter(words), None)


def _purpose(lines: Sequence[Line]) -> str | None:
    """Before 2017 the summary stood under `Purpose`."""
    start = next((at + 1 for at, line in enumerate(lines) if line.words == "Purpose"), len(lines))
    return page.prose(lines[start : start + tables.prose_end(lines[start:])])


def _prose(rows: Rows, label: str) -> str | None:
    """What stands below the label, up to the next table or heading of the site."""
    if label not in rows:
        return None
    row = rows[label]
    return "\n".join(filter(None, (row.value, page.prose(row.below[: tables.prose_end(row.below)])))) or None


def _last_known_status(rows: Rows) -> OverallStatus | None:
    row = rows.get("recruitment status was")
    return wording.status(row.as_line) if row else None


def _identifiers(rows: Rows) -> tuple[str | None, tuple[str, ...]]:
    """The sponsor's own number first; others carry a note such as `( EudraCT Number )`."""
    row = rows["other study id numbers"]
    below = row.below[: tables.terms_start(row.below)]
    listed = [part for words in (row.value, *page.words_of(below)) for part in _noted(words) if part]
    if listed and parties.without_note(listed[0]) != listed[0]:  # the first has no note: it runs into the second
        listed[:1] = listed[0].split(" (")[0].rsplit(" ", 1)
    ids = [parties.without_note(part) for part in listed]
    return next(iter(ids), None), tuple(ids[1:])


def _noted(words: str) -> list[str]:
    """`A1 ( EudraCT Number ) B2 ( Other Identifier )`: two."""
    return re.split(r"(?<= \))\s+", words)


def _sponsor(lines: Sequence[Line], rows: Rows) -> str | None:
    """Beside its label, or in `Verified November 2020 by …` where the status is unknown."""
    verified = next((found for line in lines if (found := VERIFIED.fullmatch(line.words))), None)
    listed = sites.sponsors(lines)
    return said(rows, "sponsor") or (verified["sponsor"] if verified else None) or next(iter(listed), None)


def _collaborators(lines: Sequence[Line], rows: Rows) -> tuple[Agency, ...]:
    """Under their label, or after the sponsor in the list near the end."""
    row = rows.get("collaborators") or rows.get("collaborator")
    names = (row.value, *page.words_of(row.below)) if row else sites.sponsors(lines)[1:]
    return tuple(parties.agency(name) for name in names if name)


def _responsible_party(rows: Rows, sponsor: str | None) -> ResponsibleParty | None:
    """The sponsor itself, or `name, title, affiliation`."""
    named = said(rows, "responsible party", "information provided by (responsible party)")
    if named is None:
        return None
    if named == sponsor:
        return ResponsibleParty(type="SPONSOR", name=named)
    if sponsor is None or not named.endswith(f", {sponsor}"):
        return ResponsibleParty(name=named)
    name, _, title = named.removesuffix(f", {sponsor}").partition(", ")
    return ResponsibleParty(name=name, title=title or None, affiliation=sponsor)


def _design(rows: Rows) -> Design | None:
    return wording.design(
        allocation=said(rows, "allocation"),
        intervention_model=said(rows, "intervention model"),
        primary_purpose=said(rows, "primary purpose"),
        masking=said(rows, "masking"),
        observational_model=said(rows, "observational model"),
        time_perspective=said(rows, "time perspective"),
    )


def _enrollment(rows: Rows) -> Enrollment | None:
    """`Actual Enrollment`, `Estimated Enrollment`: the label tells which."""
    for kind in ("estimated", "actual", ""):
        row = rows.get(f"{kind} enrollment".strip())
        found = wording.enrollment(row.as_line) if row else None
        if found:
            return Enrollment(count=found.count, type=kind.upper() or None)
    return None


def _eligibility(rows: Rows, criteria: str) -> Eligibility:
    ages = rows.get("ages eligible for study")
    sex = rows.get("sexes eligible for study") or rows["genders eligible for study"]
    low, high = wording.age_limits(ages.as_line) if ages else (None, None)
    return Eligibility(
        criteria=criteria or None,
        sex=wording.sex(sex.as_line),
        minimum_age=low,
        maximum_age=high,
        std_ages=wording.std_ages(ages.words or "") if ages else (),
        healthy_volunteers=wording.yes_or_no(said(rows, "accepts healthy volunteers")),
    )


def _criteria_lines(lines: Sequence[Line], rows: Rows) -> Sequence[Line]:
    """From below the last row of the eligibility table, or `Criteria`, to the site's note on whom to ask."""
    table = ("ages eligible for study", "sexes eligible for study", "genders eligible for study",
             "gender based eligibility", "accepts healthy volunteers", "sampling method")  # fmt: skip
    start = max(rows[label].line.number for label in table if label in rows)
    body = lines[start:]
    end = next((at for at, line in enumerate(body) if CRITERIA_END.match(line.words)), len(body))
    heading = next((at + 1 for at, line in enumerate(body[:end]) if line.words in ("Criteria", "Criteria:")), 0)
    return body[heading:end]


def _dates(rows: Rows) -> Dates:
    def of(event: str) -> str | None:
        return wording.date(said(rows, *(f"{kind}{event} date" for kind in ("actual ", "estimated ", ""))))

    return Dates(
        start=of("study start"),
        primary_completion=of("primary completion"),
        completion=of("study completion"),
        first_posted=wording.date(said(rows, "first posted")),
        last_update_posted=wording.date(said(rows, "last update posted")),
        verified=wording.date(said(rows, "last verified")),
    )


def _oversight(rows: Rows) -> Oversight | None:
    found = Oversight(
        has_dmc=wording.yes_or_no(said(rows, "has data monitoring committee")),
        is_fda_regulated_drug=wording.yes_or_no(said(rows, "studies a u.s. fda-regulated drug product")),
        is_fda_regulated_device=wording.yes_or_no(said(rows, "studies a u.s. fda-regulated device product")),
    )
    return None if found == Oversight() else found


def _tail(lines: Sequence[Line]) -> Sequence[Line]:
    """What stands below the page's last table: keywords and MeSH terms."""
    last = max(at for at, line in enumerate(lines) if label_of(line))
    return lines[last + 1 :]


def _sharing(rows: Rows) -> IpdSharing | None:
    plan = said(rows, "plan to share ipd")
    if plan is None:
        return None
    return IpdSharing(plan=plan.split()[0].upper(), description=said(rows, "plan description"))
