"""Earlier versions: none is lost, none is kept twice, and little room is taken."""

import asyncio
from typing import Any

import asyncpg
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from service.errors import TrialNotFound, VersionNotFound
from service.schemas.trial import OverallStatus, Provenance
from service.store import PutOutcome, Store, stored_form
from service.store.packing import packed, unpacked
from tests.store.builders import an_entry

LONG = " ".join(f"Criterion {number} of a long text." for number in range(2_000))


async def put(store: Store, nct: int = 1, **members: Any) -> PutOutcome:
    return await store.trials.put(an_entry(nct, **members))


async def numbers(store: Store, nct_id: str = "NCT00000001") -> list[int]:
    return [each.version for each in (await store.versions.list(nct_id)).versions]


async def test_a_trial_that_never_changed_has_one_version(store: Store) -> None:
    await put(store, overallStatus="RECRUITING", dates={"lastUpdatePosted": "2024-05"})
    [only] = (await store.versions.list("NCT00000001")).versions
    assert (only.version, only.current, only.last_update_posted) == (1, True, "2024-05")
    assert only.overall_status is OverallStatus.RECRUITING
    assert only.stored_at is not None


async def test_every_earlier_version_can_be_read(store: Store) -> None:
    titles = ["first", "second", "first", "", "fifth"]
    for title in titles:
        await put(store, briefTitle=title or "?", briefSummary=LONG)
    assert await numbers(store) == [5, 4, 3, 2, 1]
    read = [await store.versions.get("NCT00000001", number) for number in range(1, 6)]
    assert [trial.brief_title for trial in read] == [title or "?" for title in titles]
    assert {trial.brief_summary for trial in read} == {LONG}


async def test_little_room_is_taken(store: Store, database: str) -> None:
    for year in range(2000, 2020):
        await put(store, briefSummary=LONG, dates={"lastUpdatePosted": str(year)})
    connection = await asyncpg.connect(database)
    sizes = [row[0] for row in await connection.fetch("SELECT length(document) FROM trial_version ORDER BY version")]
    await connection.close()
    assert len(sizes) == 19
    assert max(sizes[1:]) < 100


async def test_what_is_stored_already_or_older_makes_no_version(store: Store) -> None:
    newer: dict[str, Any] = {"dates": {"lastUpdatePosted": "2024-05"}}
    await put(store, **newer)
    assert await put(store, **newer) is PutOutcome.UNCHANGED
    assert await put(store, dates={"lastUpdatePosted": "2023-05"}) is PutOutcome.OLDER
    assert await numbers(store) == [1]


async def test_other_criteria_of_the_same_record_make_no_version(store: Store) -> None:
    await put(store)
    assert await store.trials.put(an_entry(1, "MESH:D054198")) is PutOutcome.UPDATED
    assert await numbers(store) == [1]


async def test_the_same_record_read_again_makes_no_version(store: Store) -> None:
    """From another copy of the document, or by another reader: nothing was said anew."""
    for sha256, reader in (("a" * 64, "1"), ("b" * 64, "1"), ("b" * 64, "2")):
        await put(store, provenance={"source": "ctgov", "sha256": sha256, "parserVersion": reader})
        [only] = (await store.versions.list("NCT00000001")).versions
        assert only.source_sha256 == sha256
    await put(store, briefTitle="new")
    assert await numbers(store) == [2, 1]
    first = await store.versions.get("NCT00000001", 1)
    assert first.provenance == Provenance(source="ctgov", sha256="b" * 64, parser_version="2")


async def test_versions_in_one_batch_are_all_kept(store: Store) -> None:
    forms = [stored_form(an_entry(nct, briefTitle=title)) for title in "abc" for nct in (1, 2)]
    await store.trials.put_forms(forms)
    for nct_id in ("NCT00000001", "NCT00000002"):
        assert [(await store.versions.get(nct_id, number)).brief_title for number in (1, 2, 3)] == ["a", "b", "c"]


async def test_no_writer_loses_the_version_of_another(store: Store) -> None:
    """All at once, the first of them an insert: whoever comes second keeps what the first wrote."""
    titles = [f"by {writer}" for writer in range(8)]
    await asyncio.gather(*(put(store, briefTitle=title) for title in titles))
    read = [(await store.versions.get("NCT00000001", number)).brief_title for number in await numbers(store)]
    assert sorted(map(str, read)) == titles


async def test_a_version_that_was_not_packed_can_be_read(store: Store, database: str) -> None:
    """Whoever changes a row in SQL keeps a version as well."""
    await put(store, briefTitle="first")
    connection = await asyncpg.connect(database)
    await connection.execute('UPDATE trial SET document = \'{"nctId": "NCT00000001"}\'')
    await connection.close()
    assert (await store.versions.get("NCT00000001", 1)).brief_title == "first"
    await put(store, briefTitle="third")
    assert [(await store.versions.get("NCT00000001", each)).brief_title for each in (1, 2, 3)] == [
        "first",
        None,
        "third",
    ]


async def test_what_does_not_exist_is_named(store: Store) -> None:
    await put(store)
    with pytest.raises(TrialNotFound):
        await store.versions.list("NCT00000002")
    with pytest.raises(TrialNotFound):
        await store.versions.get("NCT00000002", 1)
    with pytest.raises(VersionNotFound, match="`NCT00000001` has no version 2"):
        await store.versions.get("NCT00000001", 2)


@given(st.binary(max_size=2_000), st.binary(max_size=2_000))
def test_packing_is_undone_by_what_it_was_packed_against(document: bytes, before: bytes) -> None:
    assert unpacked(packed(document, before), before) == document


def test_another_document_does_not_undo_it() -> None:
    with pytest.raises(zstandard.ZstdError):
        unpacked(packed(b"one two three " * 9, b"one two three " * 8), b"two three one " * 8)
