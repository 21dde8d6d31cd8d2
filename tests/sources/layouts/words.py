"""How pages print the registry's enumerations; written apart from the readers' own tables, as their check."""

import re
from collections.abc import Iterable
from typing import TypeVar

from service.schemas.trial import AgencyClass, ArmType, Intervention, OverallStatus, Phase, StdAge, StudyType

STATUS = {
    OverallStatus.ACTIVE_NOT_RECRUITING: "Active, not recruiting",
    OverallStatus.COMPLETED: "Completed",
    OverallStatus.ENROLLING_BY_INVITATION: "Enrolling by invitation",
    OverallStatus.NOT_YET_RECRUITING: "Not yet recruiting",
    OverallStatus.RECRUITING: "Recruiting",
    OverallStatus.SUSPENDED: "Suspended",
    OverallStatus.TERMINATED: "Terminated",
    OverallStatus.WITHDRAWN: "Withdrawn",
    OverallStatus.AVAILABLE: "Available",
    OverallStatus.NO_LONGER_AVAILABLE: "No longer available",
    OverallStatus.TEMPORARILY_NOT_AVAILABLE: "Temporarily not available",
    OverallStatus.APPROVED_FOR_MARKETING: "Approved for marketing",
    OverallStatus.WITHHELD: "Withheld",
    OverallStatus.UNKNOWN: "Unknown",
}
PHASE = {
    Phase.NA: "Not Applicable",
    Phase.EARLY_PHASE1: "Early Phase 1",
    Phase.PHASE1: "Phase 1",
    Phase.PHASE2: "Phase 2",
    Phase.PHASE3: "Phase 3",
    Phase.PHASE4: "Phase 4",
}
STUDY_TYPE = {
    StudyType.INTERVENTIONAL: "Interventional",
    StudyType.OBSERVATIONAL: "Observational",
    StudyType.EXPANDED_ACCESS: "Expanded Access",
}
ARM_TYPE = {
    ArmType.EXPERIMENTAL: "Experimental",
    ArmType.ACTIVE_COMPARATOR: "Active Comparator",
    ArmType.PLACEBO_COMPARATOR: "Placebo Comparator",
    ArmType.SHAM_COMPARATOR: "Sham Comparator",
    ArmType.NO_INTERVENTION: "No Intervention",
    ArmType.OTHER: "Other",
}
AGENCY = {
    AgencyClass.NIH: "NIH",
    AgencyClass.FED: "Other U.S. Federal agency",
    AgencyClass.OTHER_GOV: "Other Government",
    AgencyClass.INDIV: "Individual",
    AgencyClass.INDUSTRY: "Industry",
    AgencyClass.NETWORK: "Network",
    AgencyClass.AMBIG: "Ambiguous",
    AgencyClass.OTHER: "Other",
    AgencyClass.UNKNOWN: "Unknown",
}
STD_AGE = {StdAge.CHILD: "Child", StdAge.ADULT: "Adult", StdAge.OLDER_ADULT: "Older Adult"}
MODEL = {
    "SINGLE_GROUP": "Single Group Assignment",
    "PARALLEL": "Parallel Assignment",
    "CROSSOVER": "Crossover Assignment",
    "FACTORIAL": "Factorial Assignment",
    "SEQUENTIAL": "Sequential Assignment",
}
ALLOCATION = {"NA": "N/A", "RANDOMIZED": "Randomized", "NON_RANDOMIZED": "Non-Randomized"}
MASKING = {
    "NONE": "None (Open Label)",
    "SINGLE": "Single",
    "DOUBLE": "Double",
    "TRIPLE": "Triple",
    "QUADRUPLE": "Quadruple",
}
ROLE = {
    "PARTICIPANT": "Participant",
    "CARE_PROVIDER": "Care Provider",
    "INVESTIGATOR": "Investigator",
    "OUTCOMES_ASSESSOR": "Outcomes Assessor",
}
PURPOSE = {"ECT": "Educational/Counseling/Training"}
MONTH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December")  # fmt: skip


T = TypeVar("T")


def the(value: T | None) -> T:
    """What every registry record has."""
    assert value is not None
    return value


def titled(value: str) -> str:
    """`SUPPORTIVE_CARE`: `Supportive Care`."""
    return PURPOSE.get(value, value.replace("_", " ").title())


def linked(given: Intervention) -> str:
    """`Drug: Fludarabine`."""
    return f"{given.type.value.replace('_', ' ').title()}: {given.name}" if given.type else given.name


def long_date(date: str | None) -> str:
    """`2020-11-13`: `November 13, 2020`; `2020-11`: `November 2020`."""
    assert date is not None
    year, month, *day = date.split("-")
    return f"{MONTH[int(month) - 1]} {int(day[0])}, {year}" if day else f"{MONTH[int(month) - 1]} {year}"


def halves(criteria: str) -> tuple[str, str]:
    """The two lists of a text in the registry's usual form; all of another text is in the first."""
    found = re.fullmatch(r"Inclusion Criteria:\n+(.*?)\n+Exclusion Criteria:\n+(.*)", criteria, re.DOTALL)
    return (found[1], found[2]) if found else (criteria, "")


def bulleted(text: str, indent: str, bullet: str) -> str:
    """The list with another bullet and everything moved in, as pages print it."""
    return "\n".join(
        re.sub(r"^( *)(?:\* )", rf"\1{bullet} ", f"{indent}{line}" if _listed(line) else line)
        for line in text.split("\n")
    )


def _listed(line: str) -> bool:
    return bool(re.match(r" *(\* |\d+\. )", line))


def paragraphs(*parts: str | None) -> str:
    """The parts that there are, a blank line between."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str | None) -> str:
    """The parts that there are, each on a line."""
    return "\n".join(part for part in parts if part)


def one_line(text: str) -> str:
    """Single blanks, no line breaks."""
    return " ".join(text.split())


def joined(parts: Iterable[str]) -> str:
    """On one line, with blanks between."""
    return " ".join(parts)
