"""Every deliberate failure: class, stable code, message. No HTTP here."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One thing wrong and its place: a JSON Pointer into the document, a parameter, or a line of the page (from 1)."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    line: int | None = None


class ServiceError(Exception):
    """A failure we foresaw; `code` is stable and documented, the message is for the caller."""

    code = "service_error"
    faults: tuple[Fault, ...] = ()

    def __init__(self, message: str, *faults: Fault) -> None:
        super().__init__(message)
        self.faults = faults


class InvalidParameter(ServiceError):
    """A parameter of the query or the path is unknown, or its value is not one it can take."""

    code = "invalid_parameter"


class InvalidBody(ServiceError):
    """The body is JSON, but not of the shape asked for."""

    code = "invalid_body"


class MalformedBody(ServiceError):
    """The body is not JSON at all, or not UTF-8, or nested beyond reason."""

    code = "malformed_body"


class NctIdMismatch(ServiceError):
    """The record speaks of another trial than its address."""

    code = "nct_id_mismatch"


class WritesDisabled(ServiceError):
    """No writer token is configured, and the service can be reached from other machines."""

    code = "writes_disabled"


class Unauthorized(ServiceError):
    """The writer token is missing or not the configured one."""

    code = "unauthorized"
