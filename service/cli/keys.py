"""`keys`: who may ask the service, and what."""

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from getpass import getuser

import msgspec

from service.audit import AuditLog
from service.cli.database import with_store
from service.errors import NoSuchKey
from service.schemas.access import ApiKey, Role
from service.settings import settings_from
from service.store import Store
from service.store.keys import new_key


def keys(asked: argparse.Namespace) -> int:
    """Make, list or revoke."""
    return with_store(lambda store: DO[asked.do](store, asked))


async def _create(store: Store, asked: argparse.Namespace) -> int:
    """The key itself goes to standard output, and is never seen again."""
    key, text = new_key(asked.name, [Role(role) for role in asked.role])
    await store.keys.add(key, asked.days)
    _audit("keys create", key=key.id, holder=key.name, roles=asked.role)
    sys.stderr.write(f"key {key.id} for {key.name}: {', '.join(asked.role)}; it is shown this once\n")
    sys.stdout.write(f"{text}\n")
    return 0


async def _list(store: Store, asked: argparse.Namespace) -> int:
    for key in await store.keys.all():
        told = _told(key)
        sys.stdout.write(msgspec.json.encode(told).decode() if asked.json else "  ".join(filter(None, told.values())))
        sys.stdout.write("\n")
    return 0


async def _revoke(store: Store, asked: argparse.Namespace) -> int:
    if not await store.keys.revoke(asked.id):
        raise NoSuchKey(f"no key `{asked.id}` that could be revoked; `keys list` shows them all")
    _audit("keys revoke", key=asked.id)
    sys.stderr.write(f"key {asked.id} is revoked; running services notice within five seconds\n")
    return 0


def _audit(operation: str, **fields: object) -> None:
    """In the audit log, where a file is named for it; the table of keys tells the rest."""
    settings = settings_from(os.environ)
    if settings.audit_file is not None:
        AuditLog(settings.audit_file, None).write(operation=operation, who=f"cli {getuser()}", **fields)


def _told(key: ApiKey) -> Mapping[str, str]:
    """Neither salt nor digest."""
    return {
        "id": key.id, "name": key.name, "roles": ",".join(role.value for role in key.roles),
        "created": _day(key.created), "expires": _day(key.expires), "revoked": _day(key.revoked),
    }  # fmt: skip


def _day(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


DO: Mapping[str, Callable[[Store, argparse.Namespace], Awaitable[int]]] = {
    "create": _create,
    "list": _list,
    "revoke": _revoke,
}
