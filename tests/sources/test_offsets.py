"""Every character of the criteria stands where its offset says, as written or as what it was undone from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sources import place_in_source, read
from service.sources.traced import TracedText, plain
from tests.sources.documents import TEXTS

INSERTED = "\n :"
BULLETS = "-*•‣◦⁃▪●○·–"
WRITTEN = st.text(st.sampled_from("ab9 .\\>[*&;gtl（）＞、。㎡Ⅲ\u00a0\u200b\r\n×µ⁹"), max_size=40)


def stands_for(document: str, place: int, character: str) -> bool:
    """Whether the document has the character there, or something that is undone to it."""
    written = document[place : place + 1]
    is_entity = written == "&" and plain(document[place : document.find(";", place) + 1]) == character
    return written == character or character in plain(written) or is_entity


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_page_shows_its_criteria_where_the_offsets_say(path: Path) -> None:
    document = path.read_text()
    trial = read(document.encode())
    assert trial.eligibility is not None
    assert trial.provenance is not None
    for at, character in enumerate(trial.eligibility.criteria or ""):
        place = place_in_source(trial.provenance.criteria_offsets, at)
        is_bullet = character in "* " and document[place] in BULLETS
        assert is_bullet or character in INSERTED or stands_for(document, place, character), (at, place)


@given(st.lists(st.tuples(WRITTEN, st.sampled_from(["", "\n\n", "* "]))))
def test_what_is_copied_keeps_its_places(parts: list[tuple[str, str]]) -> None:
    document = "".join(written for written, _ in parts)
    text, start = TracedText(), 0
    for written, inserted in parts:
        text.copy(written, start)
        text.insert(inserted)
        start += len(written)
    for at, (character, source) in enumerate(zip(str(text), text.sources, strict=True)):
        if source is not None:
            assert place_in_source(text.offsets, at) == source
            assert stands_for(document, source, character) or character in ". "


@given(WRITTEN)
def test_copying_reads_as_the_plain_text(written: str) -> None:
    text = TracedText()
    text.copy(written, 0)
    assert str(text) == plain(written)


@given(st.text(st.characters(exclude_characters="\\&", max_codepoint=0x7E, min_codepoint=0x20)))
def test_plain_words_stay_as_they_are(written: str) -> None:
    assert plain(written) == written
