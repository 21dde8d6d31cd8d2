"""What became of criteria between two versions, told in a table of texts."""

from hypothesis import given
from hypothesis import strategies as st

from service.criteria import compile_text
from service.criteria.difference import difference
from service.schemas.version import CriteriaDifference


def between(before: str, after: str) -> CriteriaDifference:
    return difference(compile_text(before), compile_text(after))


def text(inclusion: list[str], exclusion: list[str]) -> str:
    parts = [f"{name} Criteria:\n\n" + "\n".join(f"* {each}" for each in lines)
             for name, lines in (("Inclusion", inclusion), ("Exclusion", exclusion)) if lines]  # fmt: skip
    return "\n\n".join(parts)


OLD = text(["Age 18 years or older", "ECOG 0 to 1", "Written informed consent"], ["Pregnancy", "HIV infection"])


def test_nothing_changed() -> None:
    assert between(OLD, OLD) == CriteriaDifference(added=(), removed=(), changed=(), unchanged=5)


def test_another_order_is_no_change() -> None:
    new = text(["Written informed consent", "ECOG 0 to 1", "Age 18 years or older"], ["HIV infection", "Pregnancy"])
    assert between(OLD, new).unchanged == 5


def test_added_and_removed() -> None:
    new = text(
        ["Age 18 years or older", "ECOG 0 to 1", "Written informed consent"], ["Pregnancy", "Active hepatitis B"]
    )
    found = between(OLD, new)
    assert [each.text for each in found.added] == ["Active hepatitis B"]
    assert [each.text for each in found.removed] == ["HIV infection"]
    assert found.changed == ()


def test_a_moved_limit_is_a_criterion_reworded() -> None:
    new = text(["Age 12 years or older", "ECOG 0 to 2", "Written informed consent"], ["Pregnancy", "HIV infection"])
    found = between(OLD, new)
    assert [(each.before.text, each.after.text, each.changed) for each in found.changed] == [
        ("Age 18 years or older", "Age 12 years or older", ("text", "expression")),
        ("ECOG 0 to 1", "ECOG 0 to 2", ("text", "expression")),
    ]
    assert (found.added, found.removed, found.unchanged) == ((), (), 3)


def test_the_same_words_on_the_other_side_are_one_criterion() -> None:
    found = between(text(["HIV infection"], []), text([], ["HIV infection"]))
    assert [each.changed for each in found.changed] == [("polarity",)]


def test_alike_words_on_the_other_side_are_two_criteria() -> None:
    found = between(text(["HIV infection at any time"], []), text([], ["HIV infection at some time"]))
    assert (len(found.added), len(found.removed), found.changed) == (1, 1, ())


def test_each_is_paired_with_what_it_is_most_like() -> None:
    before = text(["Platelets above 50 per nL without transfusion", "Platelets above 75 per nL"], [])
    after = text(["Platelets above 80 per nL", "Platelets above 60 per nL without transfusion"], [])
    pairs = [(each.before.text, each.after.text) for each in between(before, after).changed]
    assert pairs == [
        ("Platelets above 50 per nL without transfusion", "Platelets above 60 per nL without transfusion"),
        ("Platelets above 75 per nL", "Platelets above 80 per nL"),
    ]


LINES = st.lists(
    st.sampled_from(["Age 18 years or older", "Age 12 years or older", "HIV infection", "No HIV", "Asthma"])
)
TEXTS = st.builds(text, LINES, LINES)


@given(TEXTS, TEXTS)
def test_every_criterion_is_told_once(before: str, after: str) -> None:
    """Nothing is dropped, whatever is repeated or moved; and what is undone reads the same the other way round."""
    old, new, found = compile_text(before), compile_text(after), between(before, after)
    assert len(old) == len(found.removed) + len(found.changed) + found.unchanged
    assert len(new) == len(found.added) + len(found.changed) + found.unchanged
    back = between(after, before)
    assert (len(back.added), len(back.removed), back.unchanged) == (
        len(found.removed), len(found.added), found.unchanged
    )  # fmt: skip
