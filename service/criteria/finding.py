"""What came of holding one sentence against one patient."""

from msgspec import Struct

from service.schemas.report import Evidence, Missing
from service.schemas.truth import Truth


class Finding(Struct, frozen=True, gc=False):
    """The truth of a sentence, and what it rests on.

    `missing` names what the patient's record lacks, `unread` that words stand undecoded, `attest` that only the site
    can say; all three are set only while the truth is UNKNOWN. `reason` is a clause a clinician can read.
    """

    truth: Truth
    reason: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    attest: bool = False
    unread: bool = False


def settled(holds: bool | Truth, reason: str, *evidence: Evidence) -> Finding:
    """A sentence that the record decides."""
    return Finding(holds if isinstance(holds, Truth) else Truth.of(holds), reason, evidence)


def lacking(reason: str, ask: str, pointer: str, *evidence: Evidence) -> Finding:
    """A sentence that one more datum would decide."""
    return Finding(Truth.UNKNOWN, reason, evidence, (Missing(ask=ask, pointer=pointer),))


def unsure(reason: str, *evidence: Evidence) -> Finding:
    """A sentence that only the site can decide."""
    return Finding(Truth.UNKNOWN, reason, evidence, attest=True)


def unread(reason: str, *evidence: Evidence) -> Finding:
    """A sentence whose own words leave it open."""
    return Finding(Truth.UNKNOWN, reason, evidence, unread=True)
