"""Numbers as they were typed."""

import re
from collections.abc import Iterator

from service.schemas.criterion import Criterion
from service.schemas.trial import Trial
from service.validate.issues import CRITERIA, Found, field, information

FLATTENED = re.compile(
    r"(?<![\d.,^])\d+(?:[.,]\d+)?\s*[×xX✕*]\s*10(?P<power>[3-9]|1[0-2])(?![\d.,]|\s*[×xX]\s*\d)(?!\s*(?:mg|g|ml|mm|cm|µg|mcg)\b)"
)


def powers_are_marked(trial: Trial, criteria: tuple[Criterion, ...]) -> Found:
    """`1×108` where 1×10^8 is meant: the superscript was lost."""
    for pointer, text in _texts(trial):
        lost = tuple(FLATTENED.finditer(text))
        if lost:
            first = lost[0]
            message = f"`{first[0]}` is written without its superscript: 10^{first['power']} is meant"
            yield information("power_flattened", message, field(pointer, ", ".join(match[0] for match in lost)))


def _texts(trial: Trial) -> Iterator[tuple[str, str]]:
    """Every prose of the record that holds doses or limits."""
    if trial.eligibility and trial.eligibility.criteria:
        yield CRITERIA, trial.eligibility.criteria
    for index, arm in enumerate(trial.arms):
        yield f"/arms/{index}/description", arm.description or ""
    for index, each in enumerate(trial.interventions):
        yield f"/interventions/{index}/description", each.description or ""
    yield "/briefSummary", trial.brief_summary or ""
    yield "/detailedDescription", trial.detailed_description or ""
