"""The registry in Postgres: `async with open_store(settings) as store`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from service.settings import Settings
from service.store.keys import KeyStore
from service.store.marks import Mark, MarkStore, Posted
from service.store.migrate import migrate
from service.store.pool import open_pools, translated
from service.store.put import PutOutcome
from service.store.quarantine import QuarantineStore, Refusal
from service.store.row import Entry, StoredForm, stored_form
from service.store.snapshot import Snapshot
from service.store.stored import StoredPage, StoredTrial
from service.store.trials import Connections, Stale, TrialStore
from service.store.versions import VersionStore
from service.store.withdrawals import WithdrawalStore

__all__ = [
    "Connections",
    "Entry",
    "KeyStore",
    "Mark",
    "Posted",
    "PutOutcome",
    "Refusal",
    "Snapshot",
    "Stale",
    "Store",
    "StoredForm",
    "StoredPage",
    "StoredTrial",
    "TrialStore",
    "open_store",
    "stored_form",
]


class Store(Struct, frozen=True, kw_only=True):
    """An open registry. `migrated` names the migrations that opening it has applied."""

    trials: TrialStore
    versions: VersionStore
    keys: KeyStore
    quarantine: QuarantineStore
    marks: MarkStore
    withdrawals: WithdrawalStore
    migrated: tuple[str, ...] = ()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Find or start the database, wait for it, bring its schema up to date, and close it all in the end.

    Raises DatabaseUnavailable and SchemaMismatch.
    """
    async with open_pools(settings) as pools:
        with translated():
            async with pools.writes.acquire() as connection:
                migrated = await migrate(connection)
        yield Store(
            trials=TrialStore(pools),
            versions=VersionStore(pools.reads),
            keys=KeyStore(pools),
            quarantine=QuarantineStore(pools),
            marks=MarkStore(pools.writes),
            withdrawals=WithdrawalStore(pools.writes),
            migrated=migrated,
        )
