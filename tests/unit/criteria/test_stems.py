"""Rules whose words are looked for first: where the pattern is found, so is one of the stems."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.criteria.reading.attested import attestations
from service.criteria.reading.grammar import speech
from service.criteria.reading.words.normal import normal
from service.criteria.reading.words.stems import Stems
from tests.examples import examples

PATTERNS = (
    *((attestations.STEMS, key, pattern) for key, pattern in attestations.ABOUT),
    *((speech.STEMS, key, pattern) for key, pattern in speech.PATTERNS.items()),
)


@pytest.mark.parametrize(
    ("stems", "key", "pattern"), PATTERNS, ids=lambda value: value if isinstance(value, str) else ""
)
@examples(20)
@given(data=st.data())
def test_no_text_of_a_rule_is_without_its_stems(
    stems: Stems, key: str, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    folded = normal(data.draw(st.from_regex(pattern)))
    assert key in stems.of(folded) or not pattern.search(folded)


def test_words_that_nothing_is_a_matter_of() -> None:
    assert attestations.STEMS.of("asthma, 3 years") == frozenset()
    assert attestations.STEMS.of("volunteers who consent") == {"consent"}
