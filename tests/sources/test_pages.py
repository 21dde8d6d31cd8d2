"""Every fixture page becomes exactly the Trial that stands beside it."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from service.schemas.trial import Trial
from service.sources import READER_VERSION, SOURCES, read, sniff
from tests.sources.documents import HERE, PAGES, TEXTS, source_of


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_becomes_its_trial(path: Path) -> None:
    golden = msgspec.json.decode((HERE / "golden" / f"{path.stem}.json").read_bytes())
    trial = msgspec.json.decode(msgspec.json.encode(read(path.read_bytes())))
    trial.pop("provenance")
    assert trial == golden


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_recognised_by_itself(path: Path) -> None:
    assert sniff(path.read_bytes()) == source_of(path)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_provenance_names_reader_and_document(path: Path) -> None:
    document = path.read_bytes()
    provenance = read(document, retrieved_at="2026-01-02T03:04:05Z").provenance
    assert provenance is not None
    assert provenance.source == source_of(path)
    assert provenance.sha256 == hashlib.sha256(document).hexdigest()
    assert provenance.parser_version == READER_VERSION
    assert provenance.retrieved_at == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_line_ends_and_byte_order_mark_change_nothing(path: Path) -> None:
    text = path.read_text()
    plain, marked = read(text.encode()), read(("\ufeff" + text.replace("\n", "\r\n")).encode())
    assert msgspec.structs.replace(marked, provenance=None) == msgspec.structs.replace(plain, provenance=None)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_our_own_trial_json_reads_back_with_its_provenance(path: Path) -> None:
    trial = read(path.read_bytes())
    assert read(msgspec.json.encode(trial)) == trial


def test_our_own_trial_json_without_provenance_gets_one() -> None:
    trial = read(b'{"nctId": "NCT09900001"}')
    assert trial.provenance is not None
    assert trial.provenance.source == "eligo"


def test_every_source_has_a_page_here() -> None:
    assert {source_of(path) for path in PAGES} | {"eligo"} == set(SOURCES)


def test_related_trials_and_news_leave_no_trace() -> None:
    for path in TEXTS:
        trial = read(path.read_bytes())
        assert isinstance(trial, Trial)
        assert b"NCT0999999" not in msgspec.json.encode(trial)


def test_a_role_below_a_role_names_nobody() -> None:
    page = (HERE / "pages" / "medpath-arms.txt").read_text()
    doubled = page.replace("\nBo Sample\nPrincipal", "\nBo Sample\nContact\nPrincipal")
    (site, _) = read(doubled.encode()).locations
    assert [(contact.name, contact.role) for contact in site.contacts][1:] == [("Bo Sample", "CONTACT")]
