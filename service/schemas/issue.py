"""What the validator found: code, severity, and the places it is about."""

from enum import Enum

from msgspec import Struct


class IssueSeverity(Enum):
    """ERROR: the record cannot be used; WARNING: two places disagree; INFORMATION: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Place(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A place in the record (JSON Pointer into the Trial) or on the page (line, from 1), and its words."""

    pointer: str | None = None
    line: int | None = None
    text: str | None = None


class Issue(Struct, frozen=True, kw_only=True, rename="camel"):
    """One finding; a contradiction names both places that disagree."""

    code: str
    severity: IssueSeverity
    message: str
    places: tuple[Place, ...] = ()
