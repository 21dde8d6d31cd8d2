"""The audit log: who asked what, when, and of which registry; a JSON object a line, never the question's content.

It is a stream, in a file or beside the log, for whatever keeps a hospital's records: the service itself must not be
able to change what it has said, and reading from a standby must not need a table to write to. The log's level does not
concern it. A file may be renamed at any time; the next line makes it anew.
"""

import os
import sys
import time
from datetime import UTC, datetime
from hashlib import sha256
from hmac import HMAC
from pathlib import Path

import msgspec

from service.errors import AuditUnavailable

ENCODER = msgspec.json.Encoder()


class AuditLog:
    """Appends to the file, or to standard error. `key` makes the digests of requests; without it there are none."""

    def __init__(self, file: Path | None, key: str | None) -> None:
        self._file, self._key = file, key.encode() if key else None
        self._descriptor, self._inode = sys.stderr.fileno() if file is None else -1, -1

    def write(self, **fields: object) -> None:
        """One line, at once; what is None is left out. Raises AuditUnavailable."""
        now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
        said = {name: value for name, value in fields.items() if value is not None}
        try:
            if self._file is not None:
                self._open(self._file)
            os.write(self._descriptor, ENCODER.encode({"event": "audit", "timestamp": now, **said}) + b"\n")
        except OSError as error:
            raise AuditUnavailable(f"the audit log cannot be written: {error.strerror}") from error

    def digest(self, *parts: bytes) -> str | None:
        """The same for the same parts, and telling nothing of them without the key."""
        if self._key is None:
            return None
        mac = HMAC(self._key, digestmod=sha256)
        for part in parts:
            mac.update(b"%d:" % len(part))
            mac.update(part)
        return mac.hexdigest()

    def _open(self, file: Path) -> None:
        """Unless the open file is still the one of that name."""
        try:
            if file.stat().st_ino == self._inode:
                return
        except FileNotFoundError:
            pass
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._inode = os.fstat(self._descriptor).st_ino
