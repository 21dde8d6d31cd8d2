"""What the validator reports, trial by trial, and where; the cases are in issues.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.criteria import compile_trial
from service.schemas.issue import Issue
from service.schemas.trial import Trial
from service.validate import RULES, rules, validate

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("issues.toml").read_text())["case"]


def _issues(case: dict[str, Any]) -> tuple[Issue, ...]:
    trial = msgspec.convert({"nctId": "NCT00000001", **case["trial"]}, Trial)
    return validate(trial, compile_trial(trial))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_issues(case: dict[str, Any]) -> None:
    assert sorted(issue.code for issue in _issues(case)) == sorted(case["issues"])


@pytest.mark.parametrize("case", [case for case in CASES if "places" in case], ids=lambda case: case["note"])
def test_an_issue_names_its_places(case: dict[str, Any]) -> None:
    places = [[place.pointer for place in issue.places] for issue in _issues(case)]
    assert case["places"] in places


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_a_place_exists_in_the_record(case: dict[str, Any]) -> None:
    """Or its parent does, where the issue is that nothing stands there."""
    record = {"nctId": "NCT00000001", **case["trial"]}
    for issue in _issues(case):
        for place in issue.places:
            node: Any = record
            for part in (place.pointer or "").split("/")[1:-1]:
                node = node[int(part)] if isinstance(node, list) else node[part]


def test_every_code_has_a_case() -> None:
    code = "".join(path.read_text() for path in Path(rules.__path__[0]).glob("*.py"))
    raised = set(re.findall(r"\b(?:error|warning|information)\(\s*\"([a-z_]+)\"", code))
    assert raised - {each for case in CASES for each in case["issues"]} == set()


def test_a_record_of_nothing_is_validated() -> None:
    trial = Trial(nct_id="NCT00000001")
    assert {issue.code for issue in validate(trial, ())} == {"age_not_stated", "criteria_missing"}


def test_a_rule_is_a_fact_in_words() -> None:
    assert [rule.__name__ for rule in RULES if not rule.__doc__] == []
