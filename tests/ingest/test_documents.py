"""What counts as a document, in every kind of container."""

import gzip
import io
from pathlib import Path

import pytest

from service.ingest import Document, documents, extent

ONE, TWO = b'{"nctId": "NCT00000001"}', b'{"nctId": "NCT00000002"}'
PAGE = b"A page\nof text\n"

FILES = [
    ("one record", "a.json", ONE, [("", ONE)]),
    ("one record over several lines", "a.json", b'{\n "nctId": "NCT00000001"\n}\n', None),
    ("JSON lines", "a.jsonl", ONE + b"\n\n" + TWO, [("line 1", ONE), ("line 3", TWO)]),
    ("JSON lines under another name", "a.txt", ONE + b"\n" + TWO + b"\n", [("line 1", ONE), ("line 2", TWO)]),
    ("JSON lines whose first is broken", "a.jsonl", b"{]\n" + TWO, [("line 1", b"{]"), ("line 2", TWO)]),
    ("an array", "a.json", b"[" + ONE + b",\n" + TWO + b"]", [("/0", ONE), ("/1", TWO)]),
    ("a page of the registry's search", "a.json", b'{"studies": [' + ONE + b"]}\n", [("/studies/0", ONE)]),
    ("a page of text", "a.txt", PAGE, [("", PAGE)]),
    ("an empty file", "a.txt", b"", [("", b"")]),
]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(("name", "data", "expected"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_file(tmp_path: Path, name: str, data: bytes, expected: list[tuple[str, bytes]] | None, packed: bool) -> None:
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(data) if packed else data)
    found = [(each.place, each.data.strip(b"\n") if each.place else each.data) for each in documents([path])]
    assert found == (expected or [("", data)])
    assert all(each.path == str(path) and each.error is None for each in documents([path]))


def test_a_folder_in_the_order_of_its_names_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".git/config", "a/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PAGE)
    assert [Path(each.path).relative_to(tmp_path).as_posix() for each in documents([tmp_path])] == ["a/z.txt", "b.txt"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(gzip.compress(ONE + b"\n" + TWO))))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [each.place for each in documents(["-"])] == ["line 1", "line 2"]


def test_what_cannot_be_read_is_named_and_the_rest_still_comes(tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(ONE + b"\n" + TWO)[:-12])
    good = tmp_path / "good.json"
    good.write_bytes(ONE)
    found = list(documents([tmp_path / "missing", cut, good]))
    assert found[0] == Document(str(tmp_path / "missing"), "", b"", "cannot be opened: No such file or directory")
    assert found[-2].error is not None
    assert found[-2].error.startswith("cannot be read to its end")
    assert found[-1]._replace(offset=0) == Document(str(good), "", ONE)


def test_how_much_there_is_and_how_far_the_reading_is(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(ONE + b"\n" + TWO)
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(ONE))
    size = extent([tmp_path])
    offsets = [document.offset for document in documents([tmp_path])]
    assert offsets == sorted(offsets)
    assert offsets[-1] == size
    assert extent([tmp_path, "-"]) is None
