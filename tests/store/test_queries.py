"""Every query is named once, prepares against the schema, and is called by somebody."""

import re
from pathlib import Path

import asyncpg
import pytest

from service.store import search
from service.store.queries import QUERIES, read_queries

CODE = "\n".join(path.read_text() for path in Path("service/store").glob("*.py"))


@pytest.fixture
async def connection(database: str) -> asyncpg.Connection:
    """A connection to the current schema."""
    return await asyncpg.connect(database)


async def test_every_query_prepares(connection: asyncpg.Connection) -> None:
    for name, sql in QUERIES.items():
        assert (await connection.prepare(sql)).get_query() == sql, name
    await connection.close()


def test_every_query_is_called() -> None:
    called = set(re.findall(r'"([a-z_]+)"', CODE)) | {order.query for order in search.ORDERS.values()}
    called |= {f"{verb}_{table}" for verb in ("link", "unlink") for table in ("concepts", "interventions", "sites")}
    assert QUERIES.keys() - called == set()


def test_a_fragment_stands_where_it_is_named() -> None:
    assert read_queries(["-- fragment: both\na AND b\n-- name: one\nSELECT /* both */;\n"]) == {"one": "SELECT a AND b"}


def test_a_name_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="two blocks named one"):
        read_queries(["-- name: one\nSELECT 1;\n", "-- name: one\nSELECT 2;\n"])
