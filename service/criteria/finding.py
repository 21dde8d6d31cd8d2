"""What came of holding one sentence against one patient."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import force_setattr

from service.schemas.report import Evidence, Missing
from service.schemas.truth import FALSE, TRUE, UNKNOWN, Truth

Spoken = Callable[[], str]
Words = str | Spoken
"""A clause, or how to come by it: of most sentences nobody ever reads why they came out as they did."""


class Finding(Struct, frozen=True, gc=False, eq=False):
    """The truth of a sentence, and what it rests on.

    `missing` names what the patient's record lacks, `unread` that words stand undecoded, `attest` that only the site
    can say; all three are set only while the truth is UNKNOWN.
    """

    truth: Truth
    words: Words
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    attest: bool = False
    unread: bool = False

    @property
    def reason(self) -> str:
        """A clause a clinician can read; once made it is kept, for whatever is shown again."""
        words = self.words
        if not isinstance(words, str):
            words = words()
            force_setattr(self, "words", words)
        return words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._told == other._told

    def __ne__(self, other: object) -> bool:  # a Struct's own does not ask __eq__
        return not self == other

    def __hash__(self) -> int:
        return hash(self._told)

    def __repr__(self) -> str:
        return f"Finding{self._told}"

    @property
    def _told(self) -> tuple[object, ...]:
        return self.truth, self.reason, self.evidence, self.missing, self.attest, self.unread


def settled(holds: bool | Truth, reason: Words, *evidence: Evidence) -> Finding:
    """A sentence that the record decides."""
    return Finding(holds if isinstance(holds, Truth) else Truth.of(holds), reason, evidence)


def lacking(reason: Words, ask: str, pointer: str, *evidence: Evidence) -> Finding:
    """A sentence that one more datum would decide."""
    return Finding(UNKNOWN, reason, evidence, (Missing(ask=ask, pointer=pointer),))


def unsure(reason: Words, *evidence: Evidence) -> Finding:
    """A sentence that only the site can decide."""
    return Finding(UNKNOWN, reason, evidence, attest=True)


def unread(reason: Words, *evidence: Evidence) -> Finding:
    """A sentence whose own words leave it open."""
    return Finding(UNKNOWN, reason, evidence, unread=True)


def decisive(tests: Iterable[Finding | None]) -> Finding | None:
    """Of tests that must all be passed, None where one is: the first that is failed, else the first left open."""
    first = None
    for test in tests:
        if test is not None:
            if test.truth is FALSE:
                return test
            first = first or test
    return first


def standing(findings: Sequence[Finding]) -> Finding | None:
    """Of what several entries say, one of which is enough: the first that holds, else the first that may."""
    truths = [finding.truth for finding in findings]
    for wanted in (TRUE, UNKNOWN):
        if wanted in truths:
            return findings[truths.index(wanted)]
    return None
