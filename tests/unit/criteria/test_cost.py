"""What a text costs to read follows its length, whatever stands in it: nobody is held up by one that means to."""

import time

import pytest

from service.criteria import compile_text

PUMPS = (
    " ", "1", "1 ", "1,", "1) ", "1. ", "(", "[", "( ", "(a) ", "a", "a ", "a/", "a-b ",
    "Aa ", "- ", ", ", ": ", "; ", ". ",
    "\\* ", "<", "≥ 1 ", "10^", "e.g. ", "or ", "and ", "and/or ", "not ", "no ", "if ", "then ", "unless ", "except ",
    "either ", "with ", "of ", "patients ", "male ", "years ", "age ", "18-", "mg/dL ", "within ", "ALT ", "ALT, AST, ",
    "cancer, ", "hepatitis B or ", "stage IV ", "Inclusion Criteria: ", "at least ", "\"", "•", "\u3000", "㎡", "⁹",
)  # fmt: skip
LENGTH, TIMES, SLOW_S, LINEAR = 12_000, 4, 0.05, 12.0
HARD = ("1,", "1 ", "1) ", "ALT ", "≤", "10^", "18-")
HARDEST = 60.0
"""How much more the worst costs than what people write, as long: it was a thousand times before there were bounds."""


def cost_s(text: str) -> float:
    began = time.process_time()
    compile_text(text)
    return time.process_time() - began


@pytest.mark.parametrize("pump", PUMPS)
def test_a_text_costs_no_more_than_its_length(pump: str) -> None:
    short, long = (f"Inclusion Criteria:\n\n* {pump * (length // len(pump))}x" for length in (LENGTH, LENGTH * TIMES))
    if cost_s(long) > SLOW_S:
        assert min(cost_s(long) for _ in range(2)) < LINEAR * min(cost_s(short) for _ in range(2))


@pytest.mark.parametrize("pump", HARD)
def test_a_requirement_is_not_worth_more_than_a_bounded_time(pump: str) -> None:
    """The longest, and that of most words, against what anybody could have written."""
    plain = "".join(f"* Age {number} years or older, or a history of asthma\n" for number in range(60))[:2_900]
    most = HARDEST * max(cost_s(plain), 0.005)
    assert all(cost_s(f"* {pump * times}x") < most for times in (2_900 // len(pump), 290))
