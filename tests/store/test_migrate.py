"""Migrations: to nothing, again, by two at once, and never against a schema they do not know."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import asyncpg
import pytest

from service.errors import SchemaMismatch
from service.store.migrate import MIGRATIONS, Migration, migrate, pending

NAMES = tuple(migration.name for migration in MIGRATIONS)
FIRST, SECOND = Migration("0001_a", "CREATE TABLE a ()", "sum a"), Migration("0002_b", "CREATE TABLE b ()", "sum b")


@pytest.fixture
async def empty(new_database: Callable[[], AbstractAsyncContextManager[str]]) -> AsyncIterator[str]:
    """DSN of a database with nothing in it."""
    async with new_database() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()
        yield dsn


async def test_they_apply_to_nothing_and_twice_change_nothing(empty: str) -> None:
    connection = await asyncpg.connect(empty)
    assert await migrate(connection) == NAMES
    assert await migrate(connection) == ()
    await connection.close()


async def test_two_processes_at_once_are_safe(empty: str) -> None:
    code = (
        "import asyncio, asyncpg, sys\n"
        "from service.store.migrate import migrate\n"
        "async def main():\n"
        "    connection = await asyncpg.connect(sys.argv[1])\n"
        "    print(len(await migrate(connection)))\n"
        "    await connection.close()\n"
        "asyncio.run(main())\n"
    )
    both = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, empty, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    answers = [await process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(int(out) for out, _ in answers) == len(MIGRATIONS)


async def test_two_connections_at_once_apply_each_migration_once(empty: str) -> None:
    several = [await asyncpg.connect(empty) for _ in range(4)]
    done = await asyncio.gather(*map(migrate, several))
    assert sorted(name for names in done for name in names) == sorted(NAMES)
    for connection in several:
        await connection.close()


async def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    connection = await asyncpg.connect(empty)
    broken = Migration("0002_broken", "CREATE TABLE half (); SELECT nonsense", "sum")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(connection, (FIRST, broken))
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    assert await migrate(connection, (FIRST, SECOND)) == ("0002_b",)
    await connection.close()


@pytest.mark.parametrize(
    ("applied", "message"),
    [
        ({"0001_a": "sum a", "0002_b": "sum b", "0003_c": "sum c"}, "newer than this version: it has `0003_c`"),
        ({"0001_a": "another sum"}, "`0001_a` was edited after it was applied"),
        ({"0002_b": "sum b"}, "`0001_a` was never applied"),
    ],
    ids=["newer than the code", "edited", "skipped"],
)
def test_a_schema_that_does_not_fit_is_a_clear_error(applied: dict[str, str], message: str) -> None:
    with pytest.raises(SchemaMismatch, match=message):
        pending(applied, (FIRST, SECOND))


def test_every_migration_says_why_and_which_lock() -> None:
    for migration in MIGRATIONS:
        head = [line for line in migration.sql.splitlines()[:3] if line.startswith("-- ")]
        assert len(head) >= 2, migration.name
        assert "lock" in " ".join(head).lower(), migration.name
