"""Pages' words for the registry's terms, and what runs together on a page: tables to be read by the eye."""

import tomllib
from typing import Any

import pytest

from service.errors import UnreadableDocument
from service.sources import glued, wording
from service.sources.page import Line, said
from service.sources.traced import plain
from tests.sources.documents import HERE

WORDING = tomllib.loads((HERE / "wording.toml").read_text())
GLUED = tomllib.loads((HERE / "glued.toml").read_text())
UNDONE = tomllib.loads((HERE / "undone.toml").read_text())["case"]
Case = dict[str, Any]


def a_line(text: str) -> Line:
    return Line(number=7, start=0, indent=0, text=text, words=said(text))


@pytest.mark.parametrize("case", UNDONE, ids=lambda case: case["note"])
def test_spellings_are_undone(case: Case) -> None:
    assert plain(case["written"]) == case["reads"]


@pytest.mark.parametrize(("words", "expected"), WORDING["status"].items())
def test_status(words: str, expected: str) -> None:
    assert wording.status(a_line(words)).value == expected


@pytest.mark.parametrize(("words", "expected"), WORDING["phases"].items())
def test_phases(words: str, expected: list[str]) -> None:
    assert [phase.value for phase in wording.phases(words)] == expected


@pytest.mark.parametrize(("words", "expected"), WORDING["ages"].items())
def test_ages(words: str, expected: list[str]) -> None:
    assert [limit or "" for limit in wording.age_limits(a_line(words))] == expected


@pytest.mark.parametrize(("words", "expected"), WORDING["design"].items())
def test_design(words: str, expected: str) -> None:
    assert wording.design_word(words) == expected


@pytest.mark.parametrize(("words", "expected"), WORDING["date"].items())
def test_date(words: str, expected: str) -> None:
    assert wording.date(words) == expected


@pytest.mark.parametrize("words", ["Hiring", "18", "N/A"])
def test_an_unknown_status_names_its_line(words: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"recruitment status .* on line 7") as caught:
        wording.status(a_line(words))
    assert caught.value.faults[0].line == 7


@pytest.mark.parametrize("case", GLUED["outcome"], ids=lambda case: case["cell"])
def test_measure_and_time(case: Case) -> None:
    measure, time = glued.measure_and_time(case["cell"])
    assert [measure, *([time] if time else [])] == case["parts"]


def test_a_time_of_several_parts_holds_no_method() -> None:
    assert glued.time_and_method("Baseline, week 4Week 8 at the latest") == (
        "Baseline, week 4Week 8 at the latest",
        None,
    )


@pytest.mark.parametrize("case", GLUED["list"], ids=lambda case: case["items"])
def test_lists(case: Case) -> None:
    assert list(glued.parted(case["items"], case.get("names", []))) == case["parts"]


@pytest.mark.parametrize("case", GLUED["seams"], ids=lambda case: case["items"])
def test_seams(case: Case) -> None:
    assert list(glued.at_seams(case["items"])) == case["parts"]


@pytest.mark.parametrize("case", GLUED["row"], ids=lambda case: case["cells"])
def test_rows_of_arms(case: Case) -> None:
    assert [part or "" for part in glued.arm_row(case["cells"], case["names"])] == case["parts"]


@pytest.mark.parametrize("case", GLUED["interventions"], ids=lambda case: case["words"])
def test_interventions(case: Case) -> None:
    assert [each.name for each in wording.interventions(case["words"])] == case["parts"]


def test_a_text_too_long_for_a_label_is_the_description() -> None:
    arm = wording.arm("word " * 30, "Experimental", "more")
    assert (len(arm.label), arm.label[-1], arm.description) == (100, "…", "word " * 30 + "\nmore")
