"""A caller who wrote to the released contract is not broken unknowingly."""

import copy
import tomllib
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.api.compatibility import breaking

OPENAPI = Path(__file__).parents[2] / "openapi"
NOW: dict[str, Any] = msgspec.json.decode((OPENAPI / "openapi.json").read_bytes())
GONE = object()
PATIENT = "components schemas Patient"
Q = {"name": "q", "in": "query", "schema": {}}


def test_what_breaks_a_caller_is_declared() -> None:
    """Not meant? Undo it. Meant? Say why in openapi/breaking.toml."""
    released = msgspec.json.decode((OPENAPI / "released.json").read_bytes())
    declared: dict[str, str] = tomllib.loads((OPENAPI / "breaking.toml").read_text())["changes"]
    assert breaking(released, NOW) == list(declared)
    assert all(declared.values())


def changed(place: str, value: object) -> dict[str, Any]:
    """The document with another value at a place, or with nothing there."""
    document = copy.deepcopy(NOW)
    *above, last = place.split()
    holder: Any = reduce(lambda part, name: part[name], above, document)
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return document


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("paths /match", GONE, "POST /match: gone"),
        ("paths /trials get responses 200", GONE, "GET /trials 200: gone"),
        ("paths /trials get parameters", [], "GET /trials q: gone"),
        ("paths /trials get parameters", [{**Q, "required": True}], "GET /trials q: required now"),
        ("paths /match post requestBody content", {"text/csv": {}}, "POST /match body application/json: gone"),
        ("paths /health/live get security", [{"admin": []}], "GET /health/live: asks for other credentials"),
        (f"{PATIENT} properties sex", GONE, "Patient.sex: gone"),
        (f"{PATIENT} required", ["sex"], "Patient.sex: required now"),
        (f"{PATIENT} properties pregnant", {"type": "string"}, "Patient.pregnant: boolean is no longer taken"),
        ("components schemas Policy enum", ["unknown"], "Policy: other values: absent_is_no"),
        ("components schemas MatchRequest properties limit maximum", 10, "MatchRequest.limit: maximum 10"),
        ("components schemas MatchRequest properties limit default", 1, "MatchRequest.limit: another default"),
        ("components schemas Verdict enum", ["met", "maybe"], "Verdict: other values: maybe"),
        ("components schemas MatchReport properties counts", GONE, "MatchReport.counts: gone"),
        ("components schemas MatchReport required", [], "MatchReport.asOf: may be absent now"),
        ("components schemas Counts properties eligible type", "number", "Counts.eligible: number was never answered"),
        (
            "components schemas Expression anyOf",
            [{"$ref": "#/components/schemas/Counts"}],
            "Expression: Counts was never",
        ),
    ],
)
def test_what_takes_something_away_is_seen(place: str, value: object, said: str) -> None:
    found = breaking(NOW, changed(place, value))
    assert any(line.startswith(said) for line in found), found


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("paths /new", {"get": {"responses": {}}}),
        ("paths /match post responses 418", {"description": "a teapot"}),
        (f"{PATIENT} properties shoeSize", {"type": "number"}),
        ("components schemas Policy enum", ["unknown", "absent_is_no", "absent_is_yes"]),
        ("components schemas MatchRequest properties limit maximum", 2_000),
        ("components schemas MatchReport properties took", {"type": "number"}),
        ("components schemas Verdict enum", ["met"]),
        ("components schemas Trial properties briefTitle description", "in a few words"),
    ],
)
def test_what_only_adds_is_no_break(place: str, value: object) -> None:
    assert breaking(NOW, changed(place, value)) == []
