"""`GET /trials/{nctId}` as it is mostly asked: the canonical address, and nothing else in the question.

It is asked more than all else, and the framework takes longer over it than the database does, so this form is answered
without it. Every other form goes through the framework, to the same answer.
"""

import re
from typing import Any

from litestar.types import Send

from service.api.answers import is_known, validators
from service.api.contract.operation import JSON, Operation
from service.api.contract.operations import GET_TRIAL
from service.api.observed.access import note
from service.store import Store

CANONICAL = re.compile(r"/trials/(NCT(?!0{8})[0-9]{8})", re.ASCII)
ACCEPTED = frozenset({b"*/*", JSON.encode()})
MEDIA_TYPE = (b"content-type", JSON.encode())


def plainly_asked(operation: Operation, scope: Any) -> str | None:
    """The id of the trial; None where there is more to the question."""
    if operation is not GET_TRIAL or scope["query_string"]:
        return None
    found = CANONICAL.fullmatch(scope["path"])
    is_plain = all(value in ACCEPTED for name, value in scope["headers"] if name == b"accept")
    return found[1] if found and is_plain else None


async def answer_record(scope: Any, send: Send, store: Store, nct_id: str) -> None:
    """The record as it is stored, byte for byte. Raises what the store raises."""
    note(scope, nct_id=nct_id)
    stored = await store.trials.get(nct_id)
    known = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), None)
    status, body = (304, b"") if is_known(stored.etag, known) else (200, stored.record)
    fields = [(name.encode(), value.encode()) for name, value in validators(stored.etag).items()]
    if body:
        fields += [MEDIA_TYPE, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body, "more_body": False})
