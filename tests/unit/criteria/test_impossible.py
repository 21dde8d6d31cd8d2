"""Criteria that nobody could meet together are read again."""

from service.criteria import compile_text
from tests.notation import spelled


def test_lines_for_men_and_lines_for_women_ask_each_of_their_own() -> None:
    text = "Inclusion Criteria:\n\n* Male subjects with a BMI ≥ 20 kg/m2\n* Female subjects with a BMI ≥ 19 kg/m2"
    read = [spelled(criterion.expression) for criterion in compile_text(text)]
    assert read == ["if(male then bmi ≥ 20 kg/m2)", "if(female then bmi ≥ 19 kg/m2)"]


def test_a_line_for_one_sex_alone_asks_for_it() -> None:
    (criterion,) = compile_text("Inclusion Criteria:\n\n* Male subjects with a BMI ≥ 20 kg/m2")
    assert spelled(criterion.expression) == "all(male, bmi ≥ 20 kg/m2)"
