"""One sentence, one patient, one verdict: the tables in tests/cases/verdict."""

import tomllib
from datetime import date
from pathlib import Path

import msgspec
import pytest

from service.criteria.patient.facts import Facts
from service.match.evaluate import evaluate
from service.match.verdict import judged
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import Expression
from service.schemas.patient import Patient
from service.schemas.report import Policy, Verdict

TABLES = Path(__file__).parents[2] / "cases" / "verdict"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`missing` and `evidence` are the pointers that the answer must give, exactly; absent, they are not looked at."""

    note: str
    expression: Expression
    patient: Patient
    verdict: Verdict
    polarity: Polarity = Polarity.INCLUSION
    policy: Policy = Policy.UNKNOWN
    on: date = date(2026, 1, 1)
    reason: str | None = None
    missing: tuple[str, ...] | None = None
    evidence: tuple[str, ...] | None = None


def cases() -> list[Case]:
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TABLES.glob("*.toml"))]
    return msgspec.convert([case for table in tables for case in table["case"]], list[Case], strict=False)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.note)
def test_verdict(case: Case) -> None:
    facts = Facts(case.patient, case.on, case.policy)
    criterion = Criterion(id="one", polarity=case.polarity, text="", expression=case.expression, coverage=Coverage.FULL)
    row = judged(criterion, evaluate(case.expression, facts, case.polarity))
    assert row.verdict is case.verdict, row
    assert row.reason
    if case.reason is not None:
        assert row.reason == case.reason
    if case.missing is not None:
        assert tuple(each.pointer for each in row.missing) == case.missing
    if case.evidence is not None:
        assert tuple(each.pointer for each in row.evidence) == case.evidence
