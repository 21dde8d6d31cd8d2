"""Strong Kleene logic: a sentence is true, false, or not known."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether a sentence holds; UNKNOWN never means false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # members are single; an Enum's own hashes their names, in Python

    @staticmethod
    def of(holds: bool) -> "Truth":
        """TRUE or FALSE."""
        return TRUE if holds else FALSE


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
"""For what runs thousands of times a match: to name a member by its class takes five times as long."""


def negate(truth: Truth) -> Truth:
    """NOT; unknown stays unknown."""
    if truth is UNKNOWN:
        return truth
    return FALSE if truth is TRUE else TRUE


def all_of(truths: Iterable[Truth]) -> Truth:
    """AND; nothing at all is true."""
    seen = set(truths)
    if FALSE in seen:
        return FALSE
    return UNKNOWN if UNKNOWN in seen else TRUE


def any_of(truths: Iterable[Truth]) -> Truth:
    """OR; nothing at all is false."""
    seen = set(truths)
    if TRUE in seen:
        return TRUE
    return UNKNOWN if UNKNOWN in seen else FALSE


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Whether `count` or more of the sentences hold."""
    listed = tuple(truths)
    if listed.count(TRUE) >= count:
        return TRUE
    possible = len(listed) - listed.count(FALSE)
    return UNKNOWN if possible >= count else FALSE
