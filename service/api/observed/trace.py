"""Which trace a request belongs to: W3C Trace Context, https://www.w3.org/TR/trace-context/."""

import os
import re
from typing import NamedTuple

# A version after 00 may say more than these four fields; ff is no version.
TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?")
UNSAMPLED = "00"


class Trace(NamedTuple):
    """Hexadecimal: the trace, our own part of it, and the caller's flags."""

    trace_id: str
    span_id: str
    flags: str = UNSAMPLED

    @property
    def ids(self) -> dict[str, str]:
        """As the log names them."""
        return {"trace_id": self.trace_id, "span_id": self.span_id}

    @property
    def header(self) -> str:
        """As `traceparent` writes it."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def trace_of(traceparent: bytes) -> Trace:
    """A part of the caller's trace, or of a new one where the header names none."""
    fresh = os.urandom(24).hex()
    found = TRACEPARENT.fullmatch(traceparent)
    if found is None or (found[3] and traceparent.startswith(b"00")):
        return Trace(fresh[:32], fresh[32:])
    return Trace(found[1].decode(), fresh[32:], found[2].decode())
