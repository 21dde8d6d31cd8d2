"""The registry's enumerations, ages and dates in the words that pages print for them."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from service.schemas.trial import (
    Arm,
    ArmType,
    Design,
    EligibleSex,
    Enrollment,
    Intervention,
    InterventionType,
    OverallStatus,
    Phase,
    StdAge,
    StudyType,
)
from service.sources.page import Line, unexpected

Member = TypeVar("Member", bound=Enum)

STATUSES = {
    "unknownstatus": OverallStatus.UNKNOWN,
    "enrolling": OverallStatus.RECRUITING,
    "invitationonly": OverallStatus.ENROLLING_BY_INVITATION,
    "byinvitation": OverallStatus.ENROLLING_BY_INVITATION,
    "notyetenrolling": OverallStatus.NOT_YET_RECRUITING,
    "activenotenrolling": OverallStatus.ACTIVE_NOT_RECRUITING,
}
PHASES = {"notapplicable": Phase.NA, "earlyphasei": Phase.EARLY_PHASE1, "phase0": Phase.EARLY_PHASE1}
SEXES = {"both": EligibleSex.ALL, "females": EligibleSex.FEMALE, "males": EligibleSex.MALE}
STUDY_TYPES = {
    "interventionalclinicaltrial": StudyType.INTERVENTIONAL,
    "observationalpatientregistry": StudyType.OBSERVATIONAL,
}
ARM_TYPES = {"nointerventionarm": ArmType.NO_INTERVENTION}
MASKED_ROLES = {
    "participant": "PARTICIPANT",
    "participants": "PARTICIPANT",
    "subject": "PARTICIPANT",
    "caregiver": "CARE_PROVIDER",
    "caregivers": "CARE_PROVIDER",
    "careprovider": "CARE_PROVIDER",
    "investigator": "INVESTIGATOR",
    "investigators": "INVESTIGATOR",
    "outcomesassessor": "OUTCOMES_ASSESSOR",
    "outcomesassessors": "OUTCOMES_ASSESSOR",
    "outcomeassessors": "OUTCOMES_ASSESSOR",
}
LONGEST_LABEL = 100  # characters, the registry's limit for the label of an arm
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip

PHASE = re.compile(r"early phase \W*[1I]\b|phase \W*(?:[1-4]|I{1,3}V?|IV)\b|not applicable|N/?A\b", re.IGNORECASE)
AGE = re.compile(r"(\d{1,4}) ?(year|month|week|day|hour|minute)s?", re.IGNORECASE)
INTERVENTION = re.compile(
    r"(?<![A-Z/-])(Behavioral|Biological(?:/Vaccine)?|Combination Product|Device|Diagnostic Test|Dietary Supplement"
    r"|Drug|Genetic|Procedure(?:/Surgery)?|Radiation|Other): ?"
)
DESIGN_TAIL = re.compile(r"\s+(assignment|blind|masked|label|masking)\b.*|\s*[(\[].*", re.IGNORECASE)


def letters(words: str) -> str:
    """What two spellings of one name share: `Active, not recruiting`, `ACTIVE_NOT_RECRUITING`."""
    return re.sub(r"[^a-z0-9]", "", words.lower())


def member(kind: type[Member], words: str, also: Mapping[str, Member]) -> Member | None:
    """The enumeration's member of that name, or of that other name."""
    key = letters(words)
    return also.get(key) or next((each for each in kind if letters(str(each.value)) == key), None)


def status(line: Line) -> OverallStatus:
    """A reason in brackets (`Terminated (slow accrual)`) does not belong to it."""
    if found := status_of(re.sub(r"\s*\(.*", "", line.words)):
        return found
    raise unexpected("a recruitment status of ClinicalTrials.gov", line)


def status_of(words: str) -> OverallStatus | None:
    """`Enrolling`, `Begins enrollment in 2 months` and `Invitation-only` are Veeva's words for the registry's."""
    if words.lower().startswith("begins enrollment"):
        return OverallStatus.NOT_YET_RECRUITING
    return member(OverallStatus, words, STATUSES)


def why_stopped(line: Line) -> str | None:
    """The reason in brackets after the status."""
    found = re.match(r"[^(]*\((.+)\)\s*$", line.words)
    return found[1].strip() if found else None


def is_phase(words: str) -> bool:
    """Whether the words name phases and nothing else."""
    return bool(words) and not PHASE.sub("", _spaced(words)).strip(" /,|&")


def phases(words: str) -> tuple[Phase, ...]:
    """In the registry's order, however the page lists them; `PHASE1/PHASE2`, `Phase 2 Phase 1`, `Early Phase 1`."""
    named = {_phase(found.group()) for found in PHASE.finditer(_spaced(words))}
    return tuple(phase for phase in Phase if phase in named)


def _spaced(words: str) -> str:
    """`PHASE1/PHASE2` and `Phase 1/2` as `phase 1/phase 2`."""
    spaced = re.sub(r"phase(?=\d|I)", "phase ", words.replace("_", " "), flags=re.IGNORECASE)
    return re.sub(r"(?<=[\dIV])/(?=\d|I)", "/phase ", spaced)


def _phase(words: str) -> Phase | None:
    number = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
    key = re.sub(r"(?<=phase)i+v?$", lambda roman: number.get(roman.group(), ""), letters(words))
    return member(Phase, key, PHASES)


def sex(line: Line | None) -> EligibleSex | None:
    """Which sexes may take part; absent where the page has no such line."""
    if line is None:
        return None
    if found := member(EligibleSex, line.words, SEXES):
        return found
    raise unexpected("a sex (All, Female or Male)", line)


def study_type(line: Line | None) -> StudyType | None:
    """`Observational [Patient Registry]` is observational; absent where the page has no such line."""
    if line is None:
        return None
    if found := member(StudyType, re.sub(r"\s*[\[(].*", "", line.words), STUDY_TYPES):
        return found
    raise unexpected("a study type (Interventional, Observational or Expanded Access)", line)


def linked(given: Intervention) -> str:
    """As the registry names it from an arm: `Dietary Supplement: Fish oil`."""
    if given.type is None:
        return given.name
    return f"{given.type.value.replace('_', ' ').title()}: {given.name}"


def arm_type(words: str) -> ArmType | None:
    """`Experimental group`, `Placebo Comparator`, `NO_INTERVENTION`."""
    return member(ArmType, re.sub(r"\s+(group|arm)$", "", words, flags=re.IGNORECASE), ARM_TYPES)


def arm(label: str, kind: str | None = None, description: str | None = None) -> Arm:
    """A text too long for a label is the description, and its beginning the label."""
    if len(label) <= LONGEST_LABEL:
        return Arm(label=label, type=arm_type(kind or ""), description=description)
    whole = "\n".join(filter(None, (label, description)))
    return Arm(label=f"{label[: LONGEST_LABEL - 1]}…", type=arm_type(kind or ""), description=whole)


def intervention_type(words: str) -> InterventionType | None:
    """`Biological/Vaccine` is the registry's `BIOLOGICAL`."""
    return member(InterventionType, words.split("/", maxsplit=1)[0], {})


def intervention(words: str) -> Intervention:
    """`Drug: Fludarabine`; without a type that the registry has, the whole is the name."""
    if found := INTERVENTION.match(words):
        return Intervention(name=words[found.end() :].strip() or words, type=intervention_type(found[1]))
    return Intervention(name=words)


def interventions(words: str) -> tuple[Intervention, ...]:
    """`Drug: A Drug: B`, `Drug: ADrug: B`: one starts wherever a type does; without any, the whole is one."""
    starts: list[int] = []
    end = 0
    for found in INTERVENTION.finditer(words):
        if not starts or words[end : found.start()].strip():  # `Device: Device: X` is one, of that odd name
            starts.append(found.start())
            end = found.end()
    if not starts or words[: starts[0]].strip():
        return (intervention(words),)
    return tuple(
        intervention(words[start:end].strip()) for start, end in zip(starts, [*starts[1:], len(words)], strict=True)
    )


def design_word(words: str | None) -> str | None:
    """The registry's enumeration: `Single Group Assignment` is `SINGLE_GROUP`, `N/A` is `NA`."""
    if not words:
        return None
    if words.lower().startswith(("educational", "ect")):
        return "ECT"
    short = DESIGN_TAIL.sub("", words).strip()
    return "NA" if short.upper() == "N/A" else re.sub(r"[^A-Z0-9]+", "_", short.upper()).strip("_") or None


def masking(words: str | None) -> tuple[str | None, tuple[str, ...]]:
    """`Double (Participant, Investigator)`: how many are masked, and who."""
    kind = design_word(words)
    listed = re.match(r"[^(]*\((.+)\)", words or "")
    roles = [MASKED_ROLES.get(letters(role)) for role in re.split(r"[,;]", listed[1])] if listed else []
    named = {"OPEN": "NONE", "OPEN_LABEL": "NONE", "NO": "NONE"}
    return named.get(kind or "", kind), tuple(role for role in roles if role)


def design(**words: str | None) -> Design | None:
    """The design in the registry's words; `masking` may name who is masked. None when nothing is said."""
    kind, roles = masking(words.pop("masking", None))
    found = Design(masking=kind, who_masked=roles, **{name: design_word(value) for name, value in words.items()})
    return None if found == Design() else found


def enrollment(line: Line | None) -> Enrollment | None:
    """`3,234 patients`, `10 estimated patients`: actual or estimated only where the page says so."""
    count = re.search(r"\d[\d,]{0,19}", line.words) if line else None
    if line is None or count is None:
        return None
    said = next((kind for kind in ("ESTIMATED", "ACTUAL") if kind.lower() in line.words.lower()), None)
    return Enrollment(count=int(count.group().replace(",", "")), type=said)


def age_limit(words: str | None) -> str | None:
    """`3 Years`, `6 Months`, `1 Year` as the registry writes them."""
    found = AGE.search((words or "").replace("+", ""))
    if not found:
        return None
    count, unit = int(found[1]), found[2].capitalize()
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def age_limits(line: Line) -> tuple[str | None, str | None]:
    """Lowest and highest age: `3 to 18 years old`, `18+ years old`, `up to 17 Years`, `18 Years and older`."""
    words = re.sub(r"\(.*", "", line.words).strip().lower()
    unit = AGE.search(words.replace("+", ""))
    if not unit:
        if re.search(r"\d", words):
            raise unexpected("ages with their unit", line)
        return None, None
    words = re.sub(r"^(birth|newborns?) to ", "up to ", words)
    between = re.match(r"(\d+(?: ?[a-z]+)?) ?(?:to|-|–) ?(\d.*)", words)
    if between:
        low = between[1] if AGE.search(between[1]) else f"{between[1]} {unit[2]}"
        return age_limit(low), age_limit(between[2])
    if re.match(r"(up to|under|younger|below|≤|<=)", words) or "younger" in words:
        return None, age_limit(words)
    if re.search(r"\+|older|over|above|≥|at least|from", words):
        return age_limit(words), None
    if re.fullmatch(r"\d+ ?[a-z]+( old)?", words):
        return age_limit(words), age_limit(words)
    raise unexpected("a range of ages", line)


def std_ages(words: str) -> tuple[StdAge, ...]:
    """`(Adult, Older Adult)`, in the registry's order."""
    named = {letters(part) for part in re.split(r"[,()]", words)}
    return tuple(group for group in StdAge if letters(group.value) in named)


def yes_or_no(words: str | None) -> bool | None:
    """`No Healthy Volunteers` is no; anything else than yes and no is not said."""
    said = (words or "").lower()
    if said.startswith("no"):
        return False
    return True if said.startswith(("yes", "accepts", "healthy", "true")) else False if said == "false" else None


def date(words: str | None) -> str | None:
    """`November 13, 2020`, `Nov 2020`, `2026-01-05`: as precise as written."""
    said = (words or "").strip()
    if found := re.match(r"\d{4}(-\d{2}){0,2}\b", said):
        return found.group()
    found = re.search(r"([A-Za-z]{3,9})\.? (?:(\d{1,2}), )?(\d{4})", said)
    if not found or (month := _month(found[1])) is None:
        return None
    day = f"-{int(found[2]):02d}" if found[2] else ""
    return f"{found[3]}-{month:02d}{day}"


def _month(name: str) -> int | None:
    return next((number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower())), None)
