"""What cannot be read is refused with the reason, the place and what to do; nothing else ever escapes."""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ServiceError, TruncatedDocument, UnreadableDocument
from service.sources import SOURCES, read
from tests.examples import examples
from tests.sources.documents import HERE, PAGES, TEXTS

CASES = tomllib.loads((HERE / "errors.toml").read_text())["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_the_message_says_what_where_and_what_to_do(case: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as caught:
        read(case["document"].encode(), case.get("source"))
    assert type(caught.value).__name__ == case.get("error", "UnreadableDocument")
    assert case["says"] in str(caught.value)
    places = [(fault.line, fault.pointer) for fault in caught.value.faults]
    if expected := {key: case[key] for key in ("line", "pointer") if key in case}:
        assert places == [(expected.get("line"), expected.get("pointer"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_bytes_that_are_not_utf8_name_their_line(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    lines[4] += b"\xe9t\xe9"
    with pytest.raises(UnreadableDocument, match="not UTF-8: byte 0xe9 on line 5"):
        read(b"\n".join(lines))


def test_a_gzip_file_is_told_apart() -> None:
    with pytest.raises(UnreadableDocument, match="gzip"):
        read(b"\x1f\x8b\x08\x00")


def test_nesting_beyond_reason_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="nested too deep"):
        read(b'{"protocolSection": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}")


@pytest.mark.parametrize("path", [path for path in TEXTS if path.stem != "medpath-list"], ids=lambda path: path.stem)
def test_a_page_cut_off_is_refused_with_what_it_lacks(path: Path) -> None:
    """Any page that is cut between its title and the middle of its criteria."""
    lines = path.read_text().split("\n")
    last = next(at for at, line in enumerate(lines) if line.strip(": ").lower().startswith("inclusion criteria"))
    for end in range(last // 2, last + 4):
        with pytest.raises(TruncatedDocument, match=r"ends at line \d+, without `.+`: save the whole page"):
            read("\n".join(lines[:end]).encode())


@examples(150)
@given(st.sampled_from(PAGES), st.sampled_from([None, *SOURCES]), st.data())
def test_a_damaged_page_is_read_or_refused(path: Path, source: str | None, data: st.DataObject) -> None:
    """Lines lost, doubled, moved or cut: a Trial or a deliberate error, never another."""
    lines = path.read_text().split("\n")
    places = st.integers(min_value=0, max_value=len(lines))
    start, end, to = (data.draw(places) for _ in range(3))
    moved = lines[start:end]
    damaged = [*lines[:start], *lines[end:]] if data.draw(st.booleans()) else lines[: data.draw(places)]
    damaged[to:to] = moved
    with suppress(ServiceError):
        assert read("\n".join(damaged).encode(), source).nct_id.startswith("NCT")
