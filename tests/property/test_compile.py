"""Laws of the compiler: it never raises, loses no word, and marks the words it read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from service.criteria import compile_text
from service.criteria.reading.requirement import PASSES
from service.criteria.reading.tokens.lex import lex
from service.criteria.reading.words.normal import normal
from service.criteria.tree import leaves
from service.schemas.criterion import Coverage, Criterion
from service.schemas.expression import Unparsed

PIECES = (
    "Inclusion Criteria:\n", "Exclusion Criteria:\n", "* ", "\n", "\n\n  - ", "1. ", "age", "≥ 18", "years", "or",
    "and", ", ", "not", "no history of", "heart failure", "(", ")", "except", "unless", "if", "within 6 months",
    "prior to screening", "creatinine", "> 1.5 × ULN", "ECOG 0-2", "; ", ". ", "at least two of the following:",
    "pregnant", "consent", "HBsAg", "positive", "received", "rituximab", "\\>", "、", "㎡", "10^9/L", "3-18",
    "NYHA III-IV", "i.e.",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


HOSTILE = (
    "(", ")", "flu (", "flu [", "≥", "> ", "1", "1 ", "no ", "not flu ", "a:\n", "flu, ", "flu or ", "flu except ",
    "if flu, ", "a;", "a. ", "* \n", "severe or mild ", "acute/chronic/", "flu (e.g. ", "flu such as ", "flu, such as ",
    "≤ 5 x ULN ", "any of the following:\n", "except for:\n* a\n", "inclusion: ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_piece_repeated_without_end_is_compiled(piece: str) -> None:
    """Within the length that is read, and far beyond it; with a name behind, so that there is something to read."""
    for length in (2_900, 30_000):
        assert compile_text(piece * (length // len(piece)) + "asthma")


@pytest.mark.parametrize("text", ["lesion () > 3 mg", "() ≥ 18 years", "[] 3-18", "size (] < 3 cm", "a ( ) ( ) > 1"])
def test_brackets_around_nothing_are_compiled(text: str) -> None:
    assert compile_text(text)


@given(texts)
def test_normal_text_is_as_long_as_the_text(text: str) -> None:
    assert len(normal(text)) == len(text)


@given(texts)
def test_criteria_stand_in_order_and_apart(text: str) -> None:
    spans = [c.span for c in compile_text(text) if c.span is not None]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(texts)
def test_every_word_is_in_a_criterion_or_a_heading(text: str) -> None:
    criteria = compile_text(text)
    told = "".join(text[c.span.start : c.span.end] for c in criteria if c.span) + "".join(
        h for c in criteria for h in c.path
    )
    for word in ("heart", "creatinine", "rituximab", "pregnant", "HBsAg"):
        assert text.count(word) <= told.count(word) or not criteria or _is_heading_only(text, word)


def _is_heading_only(text: str, word: str) -> bool:
    """The word stands in a heading below which nothing stands."""
    return any(word in line and ":" in line for line in text.split("\n"))


@given(texts)
def test_leaves_mark_words_inside_their_criterion(text: str) -> None:
    for criterion in compile_text(text):
        for leaf in leaves(criterion.expression):
            assert leaf.span is not None
            assert 0 <= leaf.span.start <= leaf.span.end <= len(criterion.text)
            if isinstance(leaf, Unparsed):
                assert leaf.text == leaf.span.of(criterion.text)


@given(texts)
def test_coverage_says_whether_words_are_left(text: str) -> None:
    for criterion in compile_text(text):
        unread = any(isinstance(leaf, Unparsed) for leaf in leaves(criterion.expression))
        assert unread is (criterion.coverage is not Coverage.FULL)


@given(texts)
def test_criteria_survive_json_and_have_names_of_their_own(text: str) -> None:
    criteria = compile_text(text)
    assert json.decode(json.encode(criteria), type=tuple[Criterion, ...]) == criteria
    assert len({c.id for c in criteria}) == len(criteria)


@given(texts)
def test_the_same_text_compiles_to_the_same_criteria(text: str) -> None:
    assert compile_text(text) == compile_text(text)


@given(texts)
def test_tokens_stand_in_order(text: str) -> None:
    tokens = lex(text)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


@given(texts)
def test_a_pass_changes_nothing_where_none_of_its_tables_is(text: str) -> None:
    tokens = lex(text)
    for needed, read_pass in PASSES:
        tables = {table for token in tokens for table in token.tags}
        if needed and needed.isdisjoint(tables):
            assert read_pass(tokens, text) == tokens
        tokens = read_pass(tokens, text)
