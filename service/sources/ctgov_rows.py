"""The labelled rows of the classic ClinicalTrials.gov page: `Study Type : | Interventional |`, or the value below."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.sources import page
from service.sources.page import Line

LABELS = (
    "clinicaltrials.gov identifier", "recruitment status", "expanded access status", "recruitment status was",
    "first posted", "results first posted", "last update posted", "sponsor", "collaborator", "collaborators",
    "information provided by (responsible party)", "information provided by", "brief summary", "detailed description",
    "study type", "estimated enrollment", "actual enrollment", "enrollment", "allocation", "intervention model",
    "observational model", "time perspective", "masking", "primary purpose", "official title", "study start date",
    "actual study start date", "estimated study start date", "primary completion date",
    "actual primary completion date", "estimated primary completion date", "study completion date",
    "actual study completion date", "estimated study completion date", "ages eligible for study",
    "sexes eligible for study", "genders eligible for study", "gender based eligibility",
    "gender eligibility description", "accepts healthy volunteers", "sampling method",
    "responsible party", "other study id numbers", "last verified",
    "individual participant data (ipd) sharing statement", "plan to share ipd", "plan description",
    "studies a u.s. fda-regulated drug product", "studies a u.s. fda-regulated device product",
    "device product not approved or cleared by u.s. fda", "product manufactured in and exported from the u.s.",
    "has data monitoring committee",
    "first received", "last updated", "study first received", "health authority",
    "supporting materials", "time frame", "access criteria", "url",
)  # fmt: skip
DESIGN = ("allocation", "intervention model", "observational model", "time perspective", "masking", "primary purpose")
ROW = re.compile(r"(?P<label>[^:|]{3,70}?)\s*:\s*(?P<value>.*)")


class Row(NamedTuple):
    """A label of the page, what stands beside it, and the lines below it up to the next label."""

    line: Line
    value: str
    below: tuple[Line, ...]

    @property
    def words(self) -> str | None:
        """The value, beside its label or under it."""
        return self.value or page.first_words(self.below)

    @property
    def as_line(self) -> Line:
        """The value as a line of its own, for what needs its place."""
        return self.line._replace(words=self.words or "")


Rows = Mapping[str, Row]


def labelled_rows(lines: Sequence[Line]) -> Rows:
    """The first line of each label; for the design, the first from `Study Type` on, below the prose."""
    marks = [(at, *found) for at, line in enumerate(lines) if (found := label_of(line))]
    design = next((at for at, label, _ in marks if label == "study type"), 0)
    marks = [(at, label, value) for at, label, value in marks if at >= design or label not in DESIGN]
    rows: dict[str, Row] = {}
    ends = [*(mark[0] for mark in marks), len(lines)][1:]
    for (at, label, value), end in zip(marks, ends, strict=True):
        rows.setdefault(label, Row(lines[at], value, tuple(lines[at + 1 : end])))
    return rows


def label_of(line: Line) -> tuple[str, str] | None:
    """The label a line begins with, in lower case, and what stands beside it; None without a label of the site."""
    found = ROW.fullmatch(line.words.removeprefix("Study Design: "))
    label = found["label"].lower() if found else ""
    if found is None or label not in LABELS:
        return None
    return label, found["value"].strip("| ")


def said(rows: Rows, *labels: str) -> str | None:
    """What stands beside or below the first of the labels that the page has."""
    return next((rows[label].words for label in labels if label in rows), None)
