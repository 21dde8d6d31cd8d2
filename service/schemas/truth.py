"""Strong Kleene logic: a sentence is true, false, or not known."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether a sentence holds; UNKNOWN never means false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @staticmethod
    def of(holds: bool) -> "Truth":
        """TRUE or FALSE."""
        return Truth.TRUE if holds else Truth.FALSE


def negate(truth: Truth) -> Truth:
    """NOT; unknown stays unknown."""
    if truth is Truth.UNKNOWN:
        return truth
    return Truth.FALSE if truth is Truth.TRUE else Truth.TRUE


def all_of(truths: Iterable[Truth]) -> Truth:
    """AND; nothing at all is true."""
    seen = set(truths)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def any_of(truths: Iterable[Truth]) -> Truth:
    """OR; nothing at all is false."""
    return negate(all_of(map(negate, truths)))


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Whether `count` or more of the sentences hold."""
    listed = tuple(truths)
    if listed.count(Truth.TRUE) >= count:
        return Truth.TRUE
    possible = len(listed) - listed.count(Truth.FALSE)
    return Truth.UNKNOWN if possible >= count else Truth.FALSE
