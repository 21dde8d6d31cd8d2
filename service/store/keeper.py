"""Keeps one Postgres running for as long as any process holds the registry open.

A program of its own, run as `python -I keeper.py OPTIONS` by service/store/embedded.py; standard library only.
Its files lie in the data directory:

| file         | locked by                                | says                                   |
|--------------|------------------------------------------|----------------------------------------|
| holders.lock | every user, shared; the keeper to stop   | free of users: stop Postgres           |
| start.lock   | a user while it looks for a keeper       | one start at a time                    |
| keeper.lock  | the keeper for its whole life            | taken: a keeper is there               |
| server.lock  | Postgres and every process it has forked | taken: an earlier one is still ending  |

Kernel locks vanish with their holder however it died, so no pid file is ever trusted. Whoever comes while the keeper
is stopping waits for holders.lock and then starts a new one.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, NamedTuple

PDEATHSIG = 1
SOCKET_DIR_MAX = 88
PAUSE_S = 0.02


class Options(NamedTuple):
    """How Postgres is run. `user` is its uid and gid where this process is root; `settings` are postgres -c options."""

    root: str
    programs: str
    user: tuple[int, int] | None
    timeout_s: float
    settings: dict[str, str]
    keeper_fd: int


class StartError(Exception):
    """Postgres could not be started; the message says why."""


def lock(path: Path, mode: int, deadline: float) -> int:
    """Take a kernel lock on a file and return its descriptor. Raises TimeoutError at the deadline."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    while True:
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise TimeoutError(f"{path} is locked by another process") from None
            time.sleep(PAUSE_S)
        else:
            return descriptor


def socket_dir(root: Path) -> Path:
    """`run` in the data directory, or a short name under /tmp where that is longer than a socket's path may be."""
    inside = root / "run"
    if len(os.fsencode(inside)) <= SOCKET_DIR_MAX:
        return inside
    return Path("/tmp", f"eligo-{hashlib.sha256(os.fsencode(root)).hexdigest()[:20]}")  # noqa: S108 – private_dir checks its owner


def private_dir(path: Path, user: tuple[int, int] | None) -> None:
    """Make a directory that only Postgres's user may enter. Raises StartError where another user made it."""
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if status.st_uid not in {os.geteuid(), user[0] if user else os.geteuid()} or path.is_symlink():
        raise StartError(f"{path} belongs to another user")
    path.chmod(0o700)
    if user:
        os.chown(path, *user)


class Keeper:
    """Runs Postgres, starts it again should it die, and stops it when its last user has gone."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.root = Path(options.root)
        self.data = self.root / "postgres"
        self.stopping = threading.Event()
        self.libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        self.log = (self.root / "postgres.log").open("ab")
        self.server = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        """Start Postgres and wait until it answers. Raises StartError."""
        deadline = time.monotonic() + self.options.timeout_s
        server_fd = self._lock_out_earlier_server(deadline)
        if not self.data.exists():
            self._create()
        self._check_version()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        private_dir(socket_dir(self.root), self.options.user)
        written = self.log.seek(0, os.SEEK_END)
        settings = [f"--{name}={value}" for name, value in self.options.settings.items()]
        server = self._run(
            "postgres", "-D", str(self.data), "-k", str(socket_dir(self.root)), *settings, lock=server_fd
        )
        os.close(server_fd)
        while not self._is_ready(server.pid):
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                server.wait()
                raise StartError(f"Postgres did not start: {self._complaint(written)}")
            time.sleep(PAUSE_S)
        return server

    def keep(self) -> None:
        """Wait for Postgres to end; start it again unless it was told to stop."""
        while True:
            self.server.wait()
            if self.stopping.is_set():
                return
            self.server = self.start()
            if self.stopping.is_set():
                self.server.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """End Postgres by a fast shutdown: sessions are cut off, nothing that was committed is lost."""
        self.stopping.set()
        self.server.send_signal(signal.SIGINT)

    def _lock_out_earlier_server(self, deadline: float) -> int:
        path = self.root / "server.lock"
        if sys.platform != "linux":
            self._stop_orphan(path)
        try:
            return lock(path, fcntl.LOCK_EX, deadline)
        except TimeoutError as error:
            raise StartError(f"an earlier Postgres in {self.root} does not end") from error

    def _stop_orphan(self, path: Path) -> None:
        """Where the kernel does not end Postgres with its keeper, one may have outlived it: the lock proves it."""
        try:
            os.close(lock(path, fcntl.LOCK_EX, deadline=0))
        except TimeoutError:
            self._run("pg_ctl", "stop", "-m", "fast", "-D", str(self.data)).wait()

    def _create(self) -> None:
        """Make the data directory under another name first, so that a half-made one is never used."""
        half_made = self.root / "postgres.new"
        if half_made.exists():
            subprocess.run(["rm", "-rf", str(half_made)], check=True)  # noqa: S603, S607 – shutil would follow its owner
        private_dir(half_made, self.options.user)
        locale = ["--locale=C.UTF-8"]
        if self._major() >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        written = self.log.seek(0, os.SEEK_END)
        choices = ["-U", "eligo", "--auth=trust", "--encoding=UTF8", "--no-instructions", *locale]
        if self.options.settings.get("fsync") == "off":
            choices.append("--no-sync")
        if self._run("initdb", "-D", str(half_made), *choices).wait() != 0:
            raise StartError(f"initdb failed: {self._complaint(written)}")
        half_made.rename(self.data)

    def _major(self) -> int:
        shown = subprocess.run([f"{self.options.programs}/postgres", "--version"], capture_output=True, check=True)  # noqa: S603
        match = re.search(rb"\) ([0-9]+)", shown.stdout)
        return int(match[1]) if match else 0

    def _check_version(self) -> None:
        made_by, programs = (self.data / "PG_VERSION").read_text().strip(), str(self._major())
        if made_by != programs:
            raise StartError(
                f"{self.data} was made by Postgres {made_by}, and the programs are Postgres {programs}: "
                "name the old ones with PGBIN, or choose another ELIGO_DATA_DIR"
            )

    def _run(self, program: str, *arguments: str, lock: int | None = None) -> "subprocess.Popen[bytes]":
        uid, gid = self.options.user or (None, None)
        return subprocess.Popen(  # noqa: S603 – our own programs
            [f"{self.options.programs}/{program}", *arguments],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=uid, group=gid, extra_groups=None if uid is None else [],
            pass_fds=() if lock is None else (lock,), preexec_fn=self._end_with_me(),  # noqa: PLW1509 – see there
        )  # fmt: skip

    def _end_with_me(self) -> "ctypes._FuncPointer | None":
        """Ask Linux to stop Postgres when this process dies. Set after the change of user, which would clear it."""
        libc, keeper = self.libc, os.getpid()
        if libc is None:
            return None

        def ask() -> None:
            libc.prctl(PDEATHSIG, signal.SIGINT)
            if os.getppid() != keeper:
                os._exit(1)

        return ask  # type: ignore[return-value]

    def _is_ready(self, pid: int) -> bool:
        """Line 1 of postmaster.pid is the server's own pid, line 8 its state."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _complaint(self, written: int) -> str:
        """The last complaint in the log since `written`, and where to read the rest."""
        path = self.root / "postgres.log"
        with path.open("rb") as log:
            log.seek(written)
            lines = log.read(100_000).decode(errors="replace").splitlines()
        serious = [line for line in lines if re.search(r"FATAL|PANIC|error|denied|not found", line)] or lines[-1:]
        return f"{serious[-1].strip() if serious else 'no answer in time'} (see {path})"


def main(argument: str, answer: IO[str]) -> int:
    """Start Postgres, answer `ready` or why not, then stay until the last user has gone."""
    options = Options(**json.loads(argument))
    try:
        keeper = Keeper(options)
    except (StartError, OSError, subprocess.SubprocessError) as error:
        print(error, file=answer, flush=True)
        return 1
    # Whoever ends a whole group of processes ends the users as well; they may still be answering their last requests.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    print("ready", file=answer, flush=True)
    for inherited in (answer.fileno(), sys.stderr.fileno()):
        os.dup2(keeper.log.fileno(), inherited)

    def stop_without_users() -> None:
        fcntl.flock(os.open(Path(options.root, "holders.lock"), os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
        keeper.stop()

    threading.Thread(target=stop_without_users, daemon=True).start()
    try:
        keeper.keep()
    finally:
        os.close(options.keeper_fd)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdout))
