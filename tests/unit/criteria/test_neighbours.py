"""What a requirement's heading and the lines beside it tell of it."""

import pytest

from service.criteria import compile_text
from tests.notation import spelled


def _read(*lines: str, section: str = "Inclusion") -> list[str]:
    listed = "\n".join(f"* {line}" for line in lines)
    return [spelled(each.expression) for each in compile_text(f"{section} Criteria:\n\n{listed}")]


@pytest.mark.parametrize(
    ("heading", "words", "reads"),
    [
        ("Life expectancy", "At least 3 months", "survival ≥ 3 mo"),
        ("Life expectancy:", "More than 2 years", "survival > 2 a"),
        ("Age", "40 and over", "age ≥ 40 a"),
        ("Hemoglobin:", "≥ 9 g/dL", "hemoglobin ≥ 9 g/dL"),
        ("ECOG:", "0-1", "ecog ≥ 0 ≤ 1"),
        ("Age", "At least one lesion that can be measured", "?At least one lesion that can be measured?"),
        ("Renal", "At least 3 months", "?At least 3 months?"),
    ],
)
def test_a_limit_is_of_what_its_heading_names(heading: str, words: str, reads: str) -> None:
    (criterion,) = compile_text(f"Inclusion Criteria:\n\n{heading}\n\n* {words}")
    assert spelled(criterion.expression) == reads
    assert all(0 <= leaf.start < leaf.end <= len(words) for leaf in [criterion.expression.span])  # type: ignore[union-attr]


def test_diseases_side_by_side_let_in_and_shut_nobody_out() -> None:
    assert _read("Melanoma", "Thymoma") == ["any(<Melanoma>, ?Melanoma?)", "any(<Thymoma>, ?Thymoma?)"]


def test_a_disease_alone_is_asked_for() -> None:
    assert _read("Melanoma", "Age ≥ 18 years") == ["<Melanoma>", "age ≥ 18 a"]
    assert _read("Diagnosis of melanoma", "Has insomnia") == ["<melanoma>", "<insomnia>"]


def test_a_therapy_that_nobody_says_to_have_had_shuts_nobody_out() -> None:
    assert _read("Hormone therapy", "Prior hormone therapy") == [
        "any(any [Hormone therapy], ?Hormone therapy?)",
        "prior [hormone therapy]",
    ]


def test_what_any_therapy_is_keeps_nobody_out() -> None:
    assert _read("Surgery", "Dialysis", section="Exclusion") == ["all(any [Surgery], ?Surgery?)", "any [Dialysis]"]


def test_what_is_not_specified_asks_nothing() -> None:
    assert _read("Not specified") == ["all()"]


@pytest.mark.parametrize(
    "lines",
    [
        ("HbA1c ≥ 6.5 %, or", "Glucose ≥ 126 mg/dL"),
        ("HbA1c ≥ 6.5 %", "or glucose ≥ 126 mg/dL"),
        ("HbA1c ≥ 6.5 %", "- OR -", "Glucose ≥ 126 mg/dL"),
    ],
)
def test_lines_joined_by_or_let_in_and_shut_nobody_out(lines: tuple[str, ...]) -> None:
    told = [read for read in _read(*lines) if "≥" in read]
    assert len(told) == 2
    assert all(read.startswith("any(") and "?" in read for read in told)


def test_a_list_that_ends_in_or_is_of_alternatives() -> None:
    assert all(read.startswith("any(") for read in _read("Asthma for 1 year;", "HbA1c ≥ 7 %; or", "BMI ≥ 30"))


def test_lines_that_exclude_exclude_each_by_itself() -> None:
    assert _read("HbA1c ≥ 6.5 %, or", "BMI ≥ 30", section="Exclusion") == ["hba1c ≥ 6.5 %", "bmi ≥ 30"]


def test_a_sign_in_words_joins_nothing() -> None:
    assert _read("BMI ≥ 30", "< or = 6.5 hours of sleep") == ["bmi ≥ 30", _read("< or = 6.5 hours of sleep")[0]]
