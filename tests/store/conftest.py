"""A registry of many small trials that differ in everything a search can ask, and one of the real records."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from service.criteria.envelope import envelope_of
from service.criteria.registry import registry_criteria
from service.ingest import documents
from service.schemas.envelope import Envelope
from service.schemas.trial import Trial
from service.settings import Settings
from service.sources import read
from service.store import Entry, Store, open_store, stored_form
from tests.store.builders import an_entry

Some = tuple[Any, ...]


class Registry(NamedTuple):
    """An open registry, the trials in it, and their envelopes by id."""

    store: Store
    trials: list[Trial]
    envelopes: dict[str, Envelope]


STATUS = ("RECRUITING", "COMPLETED", None)
PHASES: Some = ([], ["PHASE1"], ["PHASE1", "PHASE2"])
AGES: Some = (
    {},
    {"minimumAge": "18 Years"},
    {"minimumAge": "6 Months", "maximumAge": "17 Years"},
    {"maximumAge": "28 Days"},
)
SEXES = (None, "ALL", "FEMALE", "MALE")
DATES: Some = (
    {},
    {"lastUpdatePosted": "2024-05", "start": "2020"},
    {"lastUpdatePosted": "2024-05-12"},
    {"lastUpdatePosted": "2023-01-31", "start": "2021-03-01"},
    {"start": "2021-03"},
)
PLACES: Some = (
    [],
    [("Germany", 48.14, 11.58)],
    [("France", 48.86, 2.35), ("Fiji", -17.0, 179.9)],
    [("Norway", 89.9, -40.0)],
)
TITLES = ("leukemia of the young", "lung cancer and leukemia", "asthma", "")


def various() -> list[Entry]:
    """Sixty trials; the cycles have lengths without common factors, so that values meet in many combinations."""
    return [_one(nct) for nct in range(100, 160)]


def _one(nct: int) -> Entry:
    told = {"briefTitle": TITLES[nct % 4], "overallStatus": STATUS[nct % 3], "sex": SEXES[nct // 5 % 4]}
    stated = {name: value for name, value in told.items() if value}
    sex = {"sex": stated.pop("sex")} if "sex" in stated else {}
    places = [{"country": name, "geoPoint": {"lat": lat, "lon": lon}} for name, lat, lon in PLACES[nct // 7 % 4]]
    return an_entry(
        nct, **stated, phases=PHASES[nct // 3 % 3], studyType=("INTERVENTIONAL", "OBSERVATIONAL")[nct % 2],
        eligibility={**AGES[nct // 2 % 4], **sex}, dates=DATES[nct % 5], locations=places,
    )  # fmt: skip


@asynccontextmanager
async def filled(dsn: str, entries: Iterable[Entry]) -> AsyncIterator[Registry]:
    """A registry of these trials."""
    async with open_store(Settings(data_dir=Path(), database_url=dsn, pool_size=2)) as store:
        stored = list(entries)
        await store.trials.put_forms([stored_form(entry) for entry in stored])
        envelopes = {entry.trial.nct_id: envelope_of(entry.trial, entry.criteria) for entry in stored}
        yield Registry(store, [entry.trial for entry in stored], envelopes)


@pytest.fixture(scope="session")
async def small(new_database: Callable[[], AbstractAsyncContextManager[str]]) -> AsyncIterator[Registry]:
    """The various trials, stored; nobody may change them."""
    async with new_database() as dsn, filled(dsn, various()) as registry:
        yield registry


def _dated(nct: int) -> Entry:
    """Every day is of one trial alone, so that the database makes no list of frequent ones."""
    day = f"{2014 + nct % 11}-{nct % 12 + 1:02}-{nct % 28 + 1:02}"
    told = {"dates": {"lastUpdatePosted": day[: (10, 10, 10, 7, 4)[nct % 5]], "start": day}} if nct % 17 else {}
    title = ("leukemia", "asthma", "leukemia of the young and those who live with them", "lung")[nct % 4]
    return an_entry(nct, briefTitle=title, overallStatus=STATUS[nct % 2], phases=PHASES[nct // 3 % 3], **told)


@pytest.fixture(scope="session")
async def dated(new_database: Callable[[], AbstractAsyncContextManager[str]]) -> AsyncIterator[Registry]:
    """Two hundred trials of many dates, counted by the database; nobody may change them."""
    async with new_database() as dsn, filled(dsn, map(_dated, range(1, 201))) as registry:
        await registry.store.trials.take_stock()
        yield registry


@pytest.fixture(scope="session")
async def real(new_database: Callable[[], AbstractAsyncContextManager[str]], shared: Path) -> AsyncIterator[Registry]:
    """The real records with the criteria of their registry fields alone, which compile fast; nobody may change them."""
    read_all = (read(document.data) for document in documents([shared / "data" / "ctgov-v2-dev.jsonl.gz"]))
    entries = (Entry(trial=trial, criteria=registry_criteria(trial)) for trial in read_all)
    async with new_database() as dsn, filled(dsn, entries) as registry:
        yield registry
