"""Codes that mean nothing here: the table in tests/cases/warnings.toml."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from service.match.warnings import warnings_of
from service.schemas.patient import Patient

TABLE = Path(__file__).parents[2] / "cases" / "warnings.toml"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`warnings` are code and pointer of each."""

    note: str
    patient: Patient
    warnings: list[str]
    says: str = ""


CASES = msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"], list[Case], strict=False)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note)
def test_a_code_that_means_nothing_is_named(case: Case) -> None:
    found = warnings_of(case.patient)
    assert [f"{each.code.value} {each.pointer}" for each in found] == case.warnings
    assert not found or case.says in found[0].detail
