"""Who may do what: roles, and whoever holds them."""

from datetime import datetime
from enum import Enum

from msgspec import Struct


class Role(Enum):
    """What somebody may do; every operation asks for one role, and some roles hold others."""

    READER = "reader"
    MATCHER = "matcher"
    WRITER = "writer"
    ADMIN = "admin"

    @property
    def held(self) -> frozenset["Role"]:
        """The role itself and those in it."""
        return HELD[self]


HELD: dict[Role, frozenset[Role]] = {
    Role.READER: frozenset({Role.READER}),
    Role.MATCHER: frozenset({Role.READER, Role.MATCHER}),
    Role.WRITER: frozenset({Role.READER, Role.WRITER}),
    Role.ADMIN: frozenset(Role),
}


class Caller(Struct, frozen=True):
    """Whoever asks: a name for the audit log, and every role held. `trusted` callers have no rate limit."""

    name: str
    roles: frozenset[Role]
    trusted: bool = False


class ApiKey(Struct, frozen=True, kw_only=True):
    """A key as it is kept: of its secret only a salted digest. `revoked` and `expires` are when, if ever."""

    id: str
    name: str
    roles: tuple[Role, ...]
    salt: bytes
    digest: bytes
    created: datetime | None = None
    expires: datetime | None = None
    revoked: datetime | None = None

    @property
    def caller(self) -> Caller:
        """Its holder."""
        return Caller(f"key {self.id} {self.name}", frozenset().union(*(role.held for role in self.roles)))
