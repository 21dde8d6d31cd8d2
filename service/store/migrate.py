"""Bring the schema up to date: the files of sql/migrations, in the order of their names, each once and for ever."""

import hashlib
from typing import NamedTuple

from service.errors import SchemaMismatch
from service.store.pool import Connection
from service.store.queries import QUERIES, SQL, sql_files

LOCK = 0x456C69676F  # "Eligo": any number that no other program uses
LONGEST_S = 86_400.0  # while others migrate, or an index is built; the server has its own limit for all else


class Migration(NamedTuple):
    """A file; `checksum` proves later that it was not edited after it was applied."""

    name: str
    sql: str
    checksum: str


def read_migrations() -> tuple[Migration, ...]:
    """Every migration this version knows."""
    read = (
        (file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")) for file in sql_files(SQL / "migrations")
    )
    return tuple(Migration(name, sql, hashlib.sha256(sql.encode()).hexdigest()) for name, sql in read)


MIGRATIONS = read_migrations()


async def migrate(connection: Connection, known: tuple[Migration, ...] = MIGRATIONS) -> tuple[str, ...]:
    """Apply what is missing and name it. Two at once are safe: each waits for the other. Raises SchemaMismatch."""
    if not pending(await _applied(connection), known):
        return ()
    done: list[str] = []
    while (name := await _apply_next(connection, known)) is not None:
        done.append(name)
    return tuple(done)


def pending(applied: dict[str, str], known: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """The migrations still to apply, given names and checksums of those applied. Raises SchemaMismatch."""
    names = [migration.name for migration in known]
    newer = sorted(applied.keys() - set(names))
    if newer:
        raise SchemaMismatch(f"the database is newer than this version: it has `{newer[-1]}`; upgrade the service")
    for migration in known[: len(applied)]:
        if migration.name not in applied:
            raise SchemaMismatch(f"`{migration.name}` was never applied, though later migrations were")
        if applied[migration.name] != migration.checksum:
            raise SchemaMismatch(f"`{migration.name}` was edited after it was applied; migrations are never edited")
    return known[len(applied) :]


async def _applied(connection: Connection) -> dict[str, str]:
    if not await connection.fetchval(QUERIES["has_schema"]):
        return {}
    return {row["name"]: row["checksum"] for row in await connection.fetch(QUERIES["applied"])}


async def _apply_next(connection: Connection, known: tuple[Migration, ...]) -> str | None:
    """Apply the first pending migration in a transaction of its own; the lock is held until it is committed."""
    async with connection.transaction():
        await connection.execute(QUERIES["wait_as_long_as_it_takes"])
        await connection.execute(QUERIES["lock_migrations"], LOCK, timeout=LONGEST_S)
        await connection.execute(QUERIES["create_schema_migration"])
        missing = pending(await _applied(connection), known)
        if not missing:
            return None
        await connection.execute(QUERIES["limit_waiting"])
        await connection.execute(missing[0].sql, timeout=LONGEST_S)
        await connection.execute(QUERIES["note_migration"], missing[0].name, missing[0].checksum)
        return missing[0].name
