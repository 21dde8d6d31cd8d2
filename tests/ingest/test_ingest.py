"""From documents to stored trials: each by itself, nothing lost, nothing half done, and twice changes nothing."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import msgspec
import pytest

from service.ingest import IngestReport, RecordResult, ingest, recompile
from service.ingest.pipeline import WORTH_WORKERS, form_of
from service.schemas.query import TrialQuery
from service.schemas.trial import Trial
from service.store import PutOutcome, Store


def a_record(nct: int, **members: object) -> bytes:
    eligibility = {"criteria": "Inclusion Criteria:\n* Age 18 years or older", "sex": "ALL"}
    return msgspec.json.encode(
        {"nctId": f"NCT{nct:08d}", "briefTitle": f"Trial {nct}", "eligibility": eligibility, **members}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good records, and three documents that are none."""
    (tmp_path / "a.jsonl").write_bytes(a_record(1) + b"\n{]\n" + a_record(2) + b"\n")
    (tmp_path / "b.txt").write_bytes(b"A shopping list\n")
    (tmp_path / "c.txt").write_bytes(b"\xff\xfe not UTF-8")
    (tmp_path / "d.json").write_bytes(a_record(3))
    return tmp_path


async def test_a_bad_document_stops_nothing_and_leaves_nothing(store: Store, folder: Path) -> None:
    report = await ingest(store.trials, [folder])
    assert (report.created, len(report.errors), report.documents) == (3, 3, 6)
    assert (await store.trials.corpus()).trials == 3
    places = [(Path(each.path).name, each.place) for each in report.errors]
    assert places == [("a.jsonl", "line 2"), ("b.txt", ""), ("c.txt", "")]
    assert all(each.error for each in report.errors)


async def test_the_second_time_changes_nothing(store: Store, folder: Path) -> None:
    await ingest(store.trials, [folder])
    before = await store.trials.corpus()
    again = await ingest(store.trials, [folder])
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert await store.trials.corpus() == before


async def test_what_the_same_engine_has_stored_is_not_read_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest(store.trials, [folder / "a.jsonl"])
    read: list[bytes] = []
    monkeypatch.setattr("service.ingest.pipeline.read", lambda data, source: read.append(data))
    told: list[RecordResult] = []
    await ingest(store.trials, [folder / "a.jsonl"], note=told.append)
    assert [(each.nct_id, each.outcome) for each in told if each.outcome] == [
        ("NCT00000001", PutOutcome.UNCHANGED), ("NCT00000002", PutOutcome.UNCHANGED)
    ]  # fmt: skip
    assert read == [b"{]\n"]


async def test_another_engine_reads_everything_again_and_is_remembered(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest(store.trials, [folder])
    before = await store.trials.corpus()
    monkeypatch.setattr("service.ingest.pipeline.engine", lambda: "another")
    assert (await ingest(store.trials, [folder])).unchanged == 3
    assert await store.trials.corpus() == before
    sha256 = hashlib.sha256((folder / "d.json").read_bytes()).digest()
    assert await store.trials.known([sha256], "another sniffed") == {sha256: "NCT00000003"}


async def test_a_file_named_twice_is_looked_at_twice(store: Store, folder: Path) -> None:
    report = await ingest(store.trials, [folder / "d.json", folder / "d.json"])
    assert (report.created, report.unchanged) == (1, 1)


async def test_each_record_is_told(store: Store, folder: Path) -> None:
    told: list[RecordResult] = []
    await ingest(store.trials, [folder / "a.jsonl"], note=told.append)
    assert [(each.nct_id, each.outcome) for each in told] == [
        ("NCT00000001", PutOutcome.CREATED), (None, None), ("NCT00000002", PutOutcome.CREATED)
    ]  # fmt: skip


async def test_an_older_version_in_the_same_batch_stays_behind(store: Store, tmp_path: Path) -> None:
    versions = [a_record(1, dates={"lastUpdatePosted": day}) for day in ("2024-03-01", "2024-05-01", "2024-04-01")]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(versions))
    report = await ingest(store.trials, [tmp_path])
    assert (report.created, report.updated, report.older) == (1, 1, 1)
    dates = (await store.trials.get("NCT00000001")).trial.dates
    assert dates is not None
    assert dates.last_update_posted == "2024-05-01"


async def test_many_records_are_shared_out_and_keep_their_order(store: Store, tmp_path: Path) -> None:
    count = WORTH_WORKERS + 30
    records = [a_record(nct) for nct in range(1, count)] + [a_record(1, acronym="LAST")]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"\n".join(records)))
    told: list[RecordResult] = []
    report = await ingest(store.trials, [tmp_path], note=told.append)
    assert (report.created, report.updated, report.errors) == (count - 1, 1, ())
    assert [each.place for each in told] == [f"line {number}" for number in range(1, count + 1)]
    assert (await store.trials.get("NCT00000001")).trial.acronym == "LAST"


async def test_after_a_large_load_searches_are_planned_for_what_is_there(
    store: Store, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(map(a_record, range(1, 21))))
    monkeypatch.setattr("service.ingest.pipeline.WORTH_STOCK_TAKING", 20)
    await ingest(store.trials, [tmp_path])
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'trial'") == 20
    await connection.close()


async def test_one_that_the_database_refuses_does_not_cost_the_others(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(a_record(nct) for nct in (1, 2, 3)))

    def breaking_two(trial: Trial, read_by: str | None = None) -> object:
        form = form_of(trial, read_by)
        return form._replace(row=form.row._replace(phases="{")) if trial.nct_id.endswith("2") else form

    monkeypatch.setattr("service.ingest.pipeline.form_of", breaking_two)
    report = await ingest(store.trials, [tmp_path])
    assert (report.created, [each.place for each in report.errors]) == (2, ["line 2"])


async def test_recompiling_reads_again_what_another_compiler_read(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest(store.trials, [folder])
    assert await recompile(store.trials) == 0
    monkeypatch.setattr("service.ingest.refresh.COMPILER_VERSION", "next")
    monkeypatch.setattr("service.ingest.pipeline.compile_trial", lambda trial: ())
    monkeypatch.setattr("service.store.row.COMPILER_VERSION", "next")
    assert await recompile(store.trials) == 3
    assert (await store.trials.get("NCT00000001")).criteria == ()


async def test_recompiling_to_the_same_end_is_done_once(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ingest(store.trials, [folder])
    monkeypatch.setattr("service.ingest.refresh.COMPILER_VERSION", "next")
    monkeypatch.setattr("service.store.row.COMPILER_VERSION", "next")
    assert await recompile(store.trials) == 0
    assert [batch async for batch in store.trials.read_by_others("next")] == []


@pytest.mark.shared
async def test_the_five_real_pages_are_five_trials(store: Store, shared: Path) -> None:
    report = await ingest(store.trials, [shared / "seeds"])
    assert report == IngestReport(created=5)
    assert await ingest(store.trials, [shared / "seeds"]) == IngestReport(unchanged=5)
    page = await store.trials.page(TrialQuery(count_total=True))
    assert page.total_count == 5


@pytest.mark.shared
async def test_real_records_ingest_and_again_change_nothing(store: Store, shared: Path, tmp_path: Path) -> None:
    """Every thirtieth of them: all take a minute."""
    with gzip.open(shared / "data" / "ctgov-v2-dev.jsonl.gz") as lines:
        sample: Sequence[bytes] = list(lines)[::30]
    (tmp_path / "a.jsonl").write_bytes(b"".join(sample))
    assert await ingest(store.trials, [tmp_path]) == IngestReport(created=len(sample))
    assert await ingest(store.trials, [tmp_path]) == IngestReport(unchanged=len(sample))
