"""The line that the audit log gets of a request, before anything of the answer leaves."""

from typing import Any

from litestar.types import Scope

from service.api.contract.operation import Operation
from service.api.engine import engine
from service.api.observed.access import NOTES, REQUEST
from service.audit import AuditLog

NOTED = (
    "nct_id",
    "trials",
    "candidates",
    "eligible",
    "undetermined",
    "ineligible",
    "outcome",
    "source",
    "corpus",
    "code",
)
"""What handlers note for the log and the audit takes too: identifiers and counts of trials, versions, codes."""


class Record:
    """What is known of a request meanwhile. `write` may be called once its status is known."""

    def __init__(self, log: AuditLog | None, operation: Operation, scope: Scope) -> None:
        self._log, self._operation, self._scope = log, operation, scope
        self._digest: str | None = None

    def take(self, body: bytes) -> None:
        """The whole request, of which only a keyed digest is kept: method, path, query and body."""
        if self._log is not None:
            scope: Any = self._scope
            self._digest = self._log.digest(
                scope["method"].encode(), scope["path"].encode(), scope["query_string"], body
            )

    def write(self, status: int) -> None:
        """Raises AuditUnavailable."""
        if self._log is None:
            return
        scope: Any = self._scope
        notes = scope[NOTES]
        self._log.write(
            operation=self._operation.id, status=status, who=notes.get("caller"),
            address=scope["client"][0] if scope["client"] else None, request_id=scope.get(REQUEST),
            request=self._digest, engine=engine(), **{name: notes[name] for name in NOTED if name in notes},
        )  # fmt: skip
