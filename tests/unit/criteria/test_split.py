"""Where one requirement ends and the next begins, and which way it counts."""

import tomllib
from pathlib import Path

import pytest
from msgspec import Struct, convert

from service.criteria.reading.lines.split import split

TABLE = Path(__file__).parents[2] / "cases" / "split.toml"


class Piece(Struct, frozen=True, forbid_unknown_fields=True):
    """One requirement: its words, its list, its headings below the list's own, and what is nested in it."""

    text: str
    list: str = "inclusion"
    under: tuple[str, ...] = ()
    others: bool = False
    nested: tuple[str, ...] = ()


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """An eligibility text and the requirements in it."""

    note: str
    text: str
    requirements: tuple[Piece, ...]


CASES = [convert(row, Case) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note)
def test_a_text_is_split_as_told(case: Case) -> None:
    found = tuple(
        Piece(
            text=case.text[r.start : r.end],
            list=r.polarity.value,
            under=r.path[1:],
            others=r.others,
            nested=tuple(case.text[c.start : c.end] for c in r.children),
        )
        for r in split(case.text)
    )
    assert found == case.requirements
