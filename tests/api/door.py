"""A service that is closed: keys of every role open it, and tokens of an authority."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from service.api.contract.examples import TRIAL
from service.schemas.access import Role
from service.settings import Settings
from service.store import Store, open_store
from service.store.keys import new_key
from tests.api.authority import AUDIENCE, ISSUER, Authority
from tests.api.conftest import client_of


class Door(NamedTuple):
    """The service holds the example's trial in two versions; `client` sends no credential of its own."""

    client: httpx.AsyncClient
    store: Store
    keys: dict[Role, str]
    authority: Authority


def bearer(text: str) -> dict[str, str]:
    """The header that sends it."""
    return {"authorization": f"Bearer {text}"}


@asynccontextmanager
async def closed_door(dsn: str, directory: Path) -> AsyncIterator[Door]:
    """On an empty database."""
    authority, file = Authority(), directory / "jwks.json"
    file.write_bytes(authority.document)
    tokens = {"token_issuer": ISSUER, "token_audience": AUDIENCE, "token_keys": str(file)}
    settings = Settings(data_dir=directory, database_url=dsn, **tokens)  # type: ignore[arg-type]  # all are text
    keys: dict[Role, str] = {}
    async with open_store(settings) as store:
        for role in Role:
            key, keys[role] = new_key(f"ward of the {role.value}", [role])
            await store.keys.add(key, days=None)
        async with client_of(settings) as client:
            for trial in ({**TRIAL, "overallStatus": "UNKNOWN"}, TRIAL):
                await client.put(f"/trials/{TRIAL['nctId']}", json=trial, headers=bearer(keys[Role.WRITER]))
            yield Door(client, store, keys, authority)
