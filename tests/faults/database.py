"""A Postgres of the faults' own, that can be stopped, killed, frozen and starved; never one that others use."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.store import keeper
from service.store.embedded import SERVING, programs, server_user

PATIENCE_S = 30.0
SETTINGS = {
    **SERVING,
    "fsync": "off",  # what is synced to a disk matters to a machine that loses power, and none does here
    "max_connections": "20",
    "superuser_reserved_connections": "3",
    "shared_buffers": "16MB",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
}


class Database:
    """A running server with its files under `root`."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o755, exist_ok=True)
        user = server_user(root)
        if user:
            os.chown(root, *user)
        lock = os.open(root / "keeper.lock", os.O_RDWR | os.O_CREAT)
        self.root = root
        self._keeper = keeper.Keeper(
            keeper.Options(str(root), str(programs(root, None, user)), user, PATIENCE_S, SETTINGS, lock)
        )
        os.close(lock)

    @classmethod
    def standby_of(cls, primary: "Database", root: Path) -> "Database":
        """Another server, that follows the first and can be read."""
        root.mkdir(mode=0o755)
        user = server_user(root)
        uid, gid = user or (None, None)
        if user:
            os.chown(root, *user)
        program = str(programs(root, None, user) / "pg_basebackup")
        copy = [program, "--pgdata", str(root / "postgres"), "--username", "eligo"]
        follow = ["--host", primary.host, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync"]
        subprocess.run([*copy, *follow], check=True, cwd="/", user=uid, group=gid, extra_groups=[] if user else None)
        return cls(root)

    @property
    def host(self) -> str:
        """The directory of its socket."""
        return str(keeper.socket_dir(self.root))

    @property
    def dsn(self) -> str:
        """As its superuser."""
        return f"postgresql://eligo@/postgres?host={self.host}"

    def start(self) -> None:
        """Again, after an end."""
        self._keeper.server = self._keeper.start()

    def stop(self) -> None:
        """As an operator does: sessions are cut off."""
        self._keeper.server.send_signal(signal.SIGINT)
        self._keeper.server.wait(PATIENCE_S)

    def kill(self) -> None:
        """Every process of it at once, as a crash of the machine would."""
        for pid in self._pids():
            os.kill(pid, signal.SIGKILL)
        self._keeper.server.wait(PATIENCE_S)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections, for the kernel does, and never says a word."""
        pids = self._pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(pids):
                os.kill(pid, signal.SIGCONT)

    def end(self) -> None:
        """For good."""
        if self._keeper.server.poll() is None:
            self.stop()
        self._keeper.log.close()

    def _pids(self) -> list[int]:
        """The server first, then the processes it has forked."""
        server = self._keeper.server.pid
        return [server, *children(server)]


def children(parent: int) -> list[int]:
    """Processes that it has forked."""
    found = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in found if _parent(pid) == parent]


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])
