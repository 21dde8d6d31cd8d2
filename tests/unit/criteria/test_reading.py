"""What the words of a requirement are read as, told in tables."""

import tomllib
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from msgspec import Struct, convert

from service.criteria import compile_text
from tests.notation import spelled

TABLES = Path(__file__).parents[2] / "cases" / "reading"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """`text` stands in the inclusion list, or as `list` says; `reads` is the tree as tests/notation.py spells it."""

    text: str
    reads: str
    list: str = "inclusion"
    note: str = ""
    xfail: str = ""


def _cases() -> list[ParameterSet]:
    found = []
    for table in sorted(TABLES.glob("*.toml")):
        for row in tomllib.loads(table.read_text(encoding="utf-8"))["case"]:
            case = convert(row, Case)
            marks = [pytest.mark.xfail(reason=case.xfail, strict=True)] if case.xfail else []
            found.append(pytest.param(case, id=f"{table.stem}: {case.note or case.text}"[:100], marks=marks))
    return found


@pytest.mark.parametrize("case", _cases())
def test_the_words_are_read_as_told(case: Case) -> None:
    (criterion,) = compile_text(f"{case.list.title()} Criteria:\n\n* {case.text}")
    assert spelled(criterion.expression) == case.reads
