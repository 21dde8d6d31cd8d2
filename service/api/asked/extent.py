"""How long an address and a request's header may be; told from the raw request, before anything reads it.

The server itself answers 414 without a body beyond 64 KiB of address, and 431 beyond 100 header fields.
"""

from typing import Any

from service.api.contract.statuses import HTTP, problem
from service.schemas.problem import Problem

LONGEST_ADDRESS = 16_384  # bytes of path and query: a thousand NCT numbers fit
LONGEST_HEADER = 32_768  # bytes of names and values, all fields together


def overlong(scope: dict[str, Any]) -> Problem | None:
    """What to answer to a request that is too long outside its body."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return _problem(414)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADER:
        return _problem(431)
    return None


def _problem(status: int) -> Problem:
    code, title, detail = HTTP[status]
    return problem(status, code, title, detail)
