"""The validator on real pages and records: the contradictions known to be in them, and few others."""

import gzip
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from service.criteria import compile_trial
from service.schemas.issue import Issue, IssueSeverity
from service.sources import read
from service.validate import validate

SHARED = Path(__file__).parents[2] / ".." / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real records are not here: ../shared is absent"),
]
KNOWN: dict[str, list[tuple[str, ...]]] = {
    "NCT04691349": [("intervention_listed_as_condition", "/conditions/0", "/interventions/0/name")],
    "NCT04626765": [
        ("criterion_of_other_disease", "/eligibility/criteria", "/conditions"),
        ("status_disagrees_with_site", "/overallStatus", "/locations/0/status"),
    ],
    "NCT06871644": [("age_not_stated", "/eligibility"), ("power_flattened", "/arms/0/description")],
    "NCT07338357": [("intervention_listed_as_condition", "/conditions/1", "/interventions/0/name")],
    "NCT04762485": [
        ("antigens_disagree", "/arms/0/label", "/briefTitle"),
        ("criterion_looks_inverted", "/eligibility/criteria", "/conditions"),
    ],
}


def _issues(document: bytes, source: str | None = None) -> tuple[str, tuple[Issue, ...]]:
    trial = read(document, source)
    return trial.nct_id, validate(trial, compile_trial(trial))


def _seeds() -> list[Path]:
    return sorted((SHARED / "seeds").glob("*.txt"))


@pytest.mark.parametrize("page", _seeds(), ids=lambda page: page.name[:3])
def test_a_page_shows_the_contradictions_that_it_holds_and_no_others(page: Path) -> None:
    nct_id, issues = _issues(page.read_bytes())
    found = sorted((issue.code, *(place.pointer for place in issue.places)) for issue in issues)
    assert found == sorted(KNOWN[nct_id])


def test_the_inverted_criterion_and_the_odd_arm_are_shown_in_their_words() -> None:
    page = next(page for page in _seeds() if page.name.startswith("004"))
    shown = " ".join(place.text or "" for issue in _issues(page.read_bytes())[1] for place in issue.places)
    assert all(words in shown for words in ("CD38 positive", "CD7", "3x upper limit of normal", "2.0 mg/dL"))


def test_few_registry_records_raise_a_warning() -> None:
    """Warnings are read by people: one record in five is too many. Most are sites that went on recruiting."""
    with gzip.open(SHARED / "data" / "ctgov-v2-dev.jsonl.gz") as lines:
        issues = [_issues(line, "ctgov")[1] for line in islice(lines, 0, None, 16)]
    warned = [{issue.code for issue in each if issue.severity is not IssueSeverity.INFORMATION} for each in issues]
    counts = Counter(code for codes in warned for code in codes)
    assert sum(map(bool, warned)) < len(issues) / 5, counts
    assert counts.total() - counts["status_disagrees_with_site"] < len(issues) / 12, counts
