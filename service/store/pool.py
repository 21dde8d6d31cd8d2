"""Connections to the database: where it is, waiting for it at start-up, and its failures in our words."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
from asyncpg.pool import PoolAcquireContext

from service.errors import DatabaseReadOnly, DatabaseUnavailable, InvalidParameter, QueryTimedOut
from service.logs import log_event
from service.settings import Settings
from service.store.embedded import Lease
from service.store.queries import QUERIES

FIRST_PAUSE_S, LONGEST_PAUSE_S, CLOSE_S = 0.05, 1.0, 10.0
CONNECT_S = 5.0  # a new connection, while the service runs
TURN_S = 10.0  # a connection of the pool; and, when it is given back, the server's word that it stopped the query
SILENCE_S = 1.0  # beyond its own limit, until the server is taken to be frozen
PRIMARY, STANDBY = "primary", "prefer-standby"
NOT_YET = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TooManyConnectionsError,
    asyncpg.TargetServerAttributeNotMatched,  # the standby is being promoted
)
GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server left between two messages, and the driver has not noticed yet
)

EXHAUSTED = (asyncpg.InsufficientResourcesError, asyncpg.PostgresSystemError)  # connections, memory, disk
LOST_RACE = asyncpg.TransactionRollbackError  # a deadlock: others go first

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"


class Pools(NamedTuple):
    """Connections for those who write, and for those who only read: the same ones unless there is a standby."""

    writes: "asyncpg.Pool[asyncpg.Record]"
    reads: "asyncpg.Pool[asyncpg.Record]"


@asynccontextmanager
async def open_pools(settings: Settings) -> AsyncIterator[Pools]:
    """On the operator's database, or on the embedded one. Raises DatabaseUnavailable.

    Nothing on a pooled connection may SET, LISTEN or hold an advisory lock of the session: connections are given back
    as they are, which saves a round trip.
    """
    if settings.database_url is not None:
        async with _pools(settings, settings.database_url) as pools:
            yield pools
        return
    lease = await asyncio.to_thread(Lease, settings.data_dir, settings.pgbin, settings.start_timeout_s)

    async def connect(*arguments: Any, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        await asyncio.to_thread(lease.ensure)
        return await asyncpg.connect(*arguments, **options)

    try:
        async with _pool(settings, lease.dsn, None, connect) as pool:
            yield Pools(pool, pool)
    finally:
        await asyncio.to_thread(lease.release)


@asynccontextmanager
async def _pools(settings: Settings, dsn: str) -> AsyncIterator[Pools]:
    """Of several hosts, the one that takes writes, and a standby for reading: unless the DSN says which it means."""
    if not _has_standbys(dsn):
        async with _pool(settings, dsn) as pool:
            yield Pools(pool, pool)
        return
    async with _pool(settings, dsn, PRIMARY) as writes, _pool(settings, dsn, STANDBY) as reads:
        yield Pools(writes, reads)


def _has_standbys(dsn: str) -> bool:
    """Hosts are named before the database or, where they are directories of sockets, behind it."""
    address = urlsplit(dsn)
    asked = parse_qs(address.query)
    return "target_session_attrs" not in asked and any("," in each for each in (address.netloc, *asked.get("host", ())))


@asynccontextmanager
async def _pool(
    settings: Settings, dsn: str, role: Any = None, connect: Any = asyncpg.connect
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    await wait_for(dsn, settings.start_timeout_s, role)
    with translated():
        pool = await _Pool(
            dsn, min_size=1, max_size=settings.pool_size, max_queries=50_000, max_inactive_connection_lifetime=300.0,
            loop=None, connection_class=asyncpg.Connection, record_class=asyncpg.Record, connect=connect,
            init=_discreet, reset=_as_it_is, target_session_attrs=role,
            timeout=min(settings.start_timeout_s, CONNECT_S), command_timeout=settings.statement_timeout_s + SILENCE_S,
            server_settings=session(settings.statement_timeout_s),
        )  # fmt: skip
    try:
        yield pool
    finally:
        await _close(pool)


if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool  # not a generic class at run time


class _Pool(Pool):
    """A pool that nobody waits for without end.

    The server's own limit for a statement holds only while the server runs: one that is frozen, or behind a network
    that swallows everything, says nothing at all.
    """

    def acquire(self, *, timeout: float | None = None) -> "PoolAcquireContext[asyncpg.Record]":
        """Its limit is also that for giving the connection back."""
        return super().acquire(timeout=TURN_S if timeout is None else timeout)


async def _close(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Let what is running finish, but not for ever."""
    try:
        await asyncio.wait_for(pool.close(), CLOSE_S)
    except TimeoutError:
        pool.terminate()


def session(statement_timeout_s: float) -> dict[str, str]:
    """What every connection is set to.

    Plans are made for the values at hand: absent parameters must cost nothing. And a row looked up by an index costs no
    more than one read in passing, for what is searched is in memory: at the default of 4 the planner walks through the
    registry rather than look up what it has found (36 ms instead of 2).
    """
    return {
        "application_name": "eligo",
        "statement_timeout": str(round(statement_timeout_s * 1000)),
        "idle_in_transaction_session_timeout": "60000",
        "plan_cache_mode": "force_custom_plan",
        "random_page_cost": "1.1",
        "jit": "off",
        "TimeZone": "UTC",
    }


async def wait_for(dsn: str, timeout_s: float, role: Any = None) -> None:
    """Return when the database takes connections; say once that it is waited for. Raises DatabaseUnavailable."""
    clock = asyncio.get_running_loop().time
    started, pause = clock(), FIRST_PAUSE_S
    while True:
        try:
            connection = await asyncpg.connect(dsn, timeout=timeout_s, target_session_attrs=role)
        except NOT_YET as error:
            if clock() - started >= timeout_s:
                raise DatabaseUnavailable(
                    f"the database did not answer within {timeout_s:g} s: {_said(error)}"
                ) from error
            if pause == FIRST_PAUSE_S:
                log_event("waiting for the database", detail=_said(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise DatabaseUnavailable(f"the database refuses DATABASE_URL: {_said(error)}") from error
        else:
            await connection.close()
            return


def _said(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


async def _discreet(connection: Any) -> None:
    """Parameters of queries, which may be a patient's facts, stay out of the database's log, whatever it logs.

    Only a superuser may say so; else whoever keeps the database must: the README tells how.
    """
    with suppress(asyncpg.InsufficientPrivilegeError):
        await connection.execute(QUERIES["keep_parameters_out_of_the_log"])


async def _as_it_is(_connection: object) -> None:
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database driver raises as failures of ours."""
    try:
        yield
    except asyncpg.QueryCanceledError as error:
        raise QueryTimedOut("the database gave up the query: it took too long") from error
    except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
        raise InvalidParameter("a value is out of the range that the database can hold") from error
    except asyncpg.ReadOnlySQLTransactionError as error:
        raise DatabaseReadOnly("the database takes no writes: it is a standby, or was set to be read only") from error
    except EXHAUSTED as error:
        raise DatabaseUnavailable("the database has no room left, or no connection") from error
    except LOST_RACE as error:
        raise DatabaseUnavailable("others were writing the same; ask again") from error
    except GONE as error:
        raise DatabaseUnavailable("the database cannot be reached") from error
