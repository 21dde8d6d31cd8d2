"""Findings keep how to come by their words."""

from service.criteria.finding import Finding, decisive, lacking, settled, standing
from service.schemas.truth import Truth


def counted() -> tuple[Finding, list[str]]:
    """A finding, and what has been said for it."""
    said: list[str] = []

    def words() -> str:
        said.append("age 17 years is below 18 years")
        return said[-1]

    return settled(False, words), said


def test_words_are_made_when_they_are_read_and_only_once() -> None:
    finding, said = counted()
    assert finding.truth is Truth.FALSE
    assert not said
    assert finding.reason == finding.reason == "age 17 years is below 18 years"
    assert len(said) == 1


def test_findings_are_equal_by_what_they_say() -> None:
    one, _ = counted()
    other = settled(False, "age 17 years is below 18 years")
    assert one == other
    assert not one != other  # noqa: SIM202 – a Struct has its own
    assert hash(one) == hash(other)
    assert one != settled(False, "age 16 years is below 18 years")
    assert repr(one) == repr(other)


def test_of_tests_that_must_be_passed_the_first_that_is_failed_decides() -> None:
    unclear, failed = lacking("open", "what", "/sex"), settled(False, "failed")
    assert decisive([None, unclear, failed, settled(False, "failed too")]) is failed
    assert decisive([None, unclear, None, lacking("open too", "what", "/sex")]) is unclear
    assert decisive([None, None]) is None


def test_of_entries_one_of_which_is_enough_the_first_that_holds_counts() -> None:
    unclear, holds = lacking("open", "what", "/sex"), settled(True, "holds")
    assert standing([settled(False, "not"), unclear, holds]) is holds
    assert standing([settled(False, "not"), unclear]) is unclear
    assert standing([settled(False, "not")]) is None
