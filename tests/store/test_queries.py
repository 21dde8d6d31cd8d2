"""Every query is named once, prepares against the schema, and is called by somebody."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from service.schemas.envelope import CandidateQuery
from service.schemas.query import TrialQuery
from service.schemas.report import Near, TrialFilter
from service.schemas.trial import EligibleSex, OverallStatus, Phase, StudyType
from service.store.pool import Connection
from service.store.queries import FILTERS, QUERIES, read_blocks, search
from service.store.row import Links
from service.store.search import candidate_filters, trial_filters, where_filters
from service.store.spans import spans

CODE = "\n".join(path.read_text() for path in Path("service/store").glob("*.py"))
ASKED = TrialQuery(
    q=("a",), condition=("a",), intervention=("a",), status=tuple(OverallStatus), phase=(Phase.NA,),
    study_type=tuple(StudyType), sex=tuple(EligibleSex), age=1.0, country=("a",), near=Near(lat=0, lon=0, km=1),
    sponsor=("a",), updated_since=date(2024, 1, 1), ids=("NCT00000001",),
)  # fmt: skip
PATIENT = CandidateQuery(
    sex=EligibleSex.MALE,
    keys=frozenset({"a"}),
    within=frozenset({"a"}),
    where=TrialFilter(
        status=OverallStatus.RECRUITING, phase=Phase.NA, country="france", near="0,0,1", nct_ids=("NCT00000001",)
    ),
)
CURSOR: dict[str, Any] = {
    "nct": 0,
    "key": "",
    "score": 0.0,
    "floor_key": "",
    "floor_nct": 0,
    "size": 1,
    "ranked": 1,
    "numbers": [1],
}
NAMED = [name for name, sql in QUERIES.items() if re.search(r"(?<!:):[a-z_]|/\* asked", sql)]


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Connection]:
    """A connection to the current schema."""
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


async def test_every_query_prepares(connection: Connection) -> None:
    for name in QUERIES.keys() - set(NAMED):
        assert await connection.prepare(QUERIES[name]), name


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"candidates", "outlines"}))
async def test_every_search_prepares_with_all_filters_and_runs(connection: Connection, name: str) -> None:
    statement = search(name, trial_filters(ASKED), **CURSOR)
    found = await connection.fetch(statement.sql, *statement.values)
    assert [tuple(row) for row in found] in ([], [(0,)]) or name == "expected"


async def test_the_search_of_candidates_prepares_with_all_filters(
    connection: Connection,
) -> None:
    statement = search("candidates", candidate_filters(PATIENT), where_filters(PATIENT))
    assert await connection.fetchval(statement.sql, *statement.values) == []


async def test_a_trial_without_demands_has_an_outline_without_them(connection: Connection) -> None:
    statement = search("outlines", {}, numbers=[1])
    found = await connection.fetch(statement.sql, *statement.values)
    assert [tuple(row) for row in found] == [(1, None, None, None, None)]


def test_every_filter_is_asked_by_some_query() -> None:
    asked = trial_filters(ASKED).keys() | trial_filters(replace(ASKED, q=())).keys()
    asked |= {"condition_of_many"}
    spans_asked = {name for span in spans("2024-05", "", ["2024-01"], 1) for name in span}
    assert FILTERS.keys() == asked | candidate_filters(PATIENT).keys() | spans_asked | {"all"}


def test_every_query_is_called() -> None:
    called = set(re.findall(r'"([a-z_]+)"', CODE))
    called |= {f"link_{table}" for table in Links._fields}
    assert QUERIES.keys() - called == set()


def test_filters_stand_where_the_query_says_and_values_never_in_the_text() -> None:
    statement = search("count", {"status": {"statuses": ["A"]}, "age": {"age_days": 7}})
    assert statement.values == [["A"], 7]
    assert "overall_status = ANY ($1::text[])" in statement.sql
    assert "($2::integer BETWEEN age_min_days AND age_max_days)" in statement.sql


def test_a_search_for_nothing_in_particular_is_for_all() -> None:
    assert search("count", {}).sql == "SELECT count(*) FROM trial WHERE true"


def test_a_name_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="two blocks named one"):
        read_blocks(["-- name: one\nSELECT 1;\n", "-- name: one\nSELECT 2;\n"])
