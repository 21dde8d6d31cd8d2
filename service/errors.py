"""Every deliberate failure: class, stable code, message. No HTTP here."""

from collections.abc import Mapping
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
    headers: Mapping[str, str] = {}

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


class PreconditionFailed(ServiceError):
    """The trial is not, or no longer, as If-Match or If-None-Match say; nothing was done."""

    code = "precondition_failed"


class OlderVersion(ServiceError):
    """The registry already holds a newer version of the record."""

    code = "older_version"


class Unauthorized(ServiceError):
    """No key or access token came with the request, or not a good one."""

    code = "unauthorized"


class Forbidden(ServiceError):
    """Whoever asks is known, but may not do this."""

    code = "forbidden"

    def __init__(self, role: str) -> None:
        super().__init__(f"this asks for the role `{role}`, which the key or token does not have")


class NotLocal(ServiceError):
    """A service without keys answers this machine only, asked directly and under its own name."""

    code = "not_local"


class TokenKeysUnavailable(ServiceError):
    """The keys that access tokens are verified with cannot be read from where they are configured to be."""

    code = "token_keys_unavailable"


class AccessNotConfigured(ServiceError):
    """Other machines could reach the service, and nothing is configured to tell callers apart."""

    code = "access_not_configured"


class NoSuchKey(ServiceError):
    """No API key has that id, or it has been revoked already."""

    code = "no_such_key"


class BadSetting(ServiceError):
    """An environment variable has a value that it cannot take."""

    code = "bad_setting"


class DatabaseUnavailable(ServiceError):
    """The database cannot be reached, or went away in the middle."""

    code = "database_unavailable"


class DatabaseReadOnly(DatabaseUnavailable):
    """The database can be read, but takes no writes now."""

    code = "database_read_only"


class EmbeddedServerFailed(DatabaseUnavailable):
    """The embedded Postgres could not be started."""

    code = "embedded_server_failed"


class QueryTimedOut(ServiceError):
    """The database gave up a query after the configured time."""

    code = "query_timed_out"


class MatchTimedOut(ServiceError):
    """The match took longer than ELIGO_MATCH_TIMEOUT_S allows."""

    code = "match_timed_out"

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"the match was given up after {limit_s:g} s: narrow it by `where`, or by more of the record")


class RequestTimedOut(ServiceError):
    """The request took longer than ELIGO_REQUEST_TIMEOUT_S allows."""

    code = "request_timed_out"

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"the request was given up after {limit_s:g} s")


class AuditUnavailable(ServiceError):
    """The audit log cannot be written, and nothing is answered that is not in it."""

    code = "audit_unavailable"


class Overloaded(ServiceError):
    """More is asked than can be answered soon; nothing was done."""

    code = "overloaded"


class RateLimited(ServiceError):
    """The caller asks more often than is allowed to one; nothing was done."""

    code = "rate_limited"

    def __init__(self, rate: int, headers: Mapping[str, str]) -> None:
        super().__init__(f"more than {rate} requests a second; Retry-After says when the next is answered")
        self.headers = headers


class BodyTooLarge(ServiceError):
    """The body is larger than is taken."""

    code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"the body is larger than {most:,} bytes")


class BodyTimedOut(ServiceError):
    """The body did not come in time."""

    code = "body_timed_out"


class CallerLeft(ServiceError):
    """The connection was closed before the answer was ready; only the log shows it."""

    code = "caller_left"


class RegistryUnavailable(ServiceError):
    """The registry that is followed does not answer, or not with studies."""

    code = "registry_unavailable"


class RegistryRefused(ServiceError):
    """The registry that is followed refuses what it is asked."""

    code = "registry_refused"


class SchemaMismatch(ServiceError):
    """The database's schema is not one that this version can work with."""

    code = "schema_mismatch"


class TrialNotFound(ServiceError):
    """No trial with that NCT number is in the registry."""

    code = "trial_not_found"

    def __init__(self, nct_id: str) -> None:
        super().__init__(f"no trial `{nct_id}` in the registry")


class VersionNotFound(ServiceError):
    """The trial has no version with that number."""

    code = "version_not_found"

    def __init__(self, nct_id: str, version: int) -> None:
        super().__init__(f"`{nct_id}` has no version {version}; see `/trials/{nct_id}/versions`")


class ConceptNotFound(ServiceError):
    """The vocabulary has no concept with that id."""

    code = "concept_not_found"

    def __init__(self) -> None:
        super().__init__("the vocabulary has no concept with that id; find one with `/concepts?q=`")


class InvalidPageToken(ServiceError):
    """The page token is not one that was given for this search."""

    code = "invalid_page_token"


class UnreadableDocument(ServiceError):
    """A document that is not what its source writes; the message says what was expected, where, and what to do."""

    code = "unreadable_document"


class UnrecognisedDocument(UnreadableDocument):
    """A document that fits none of the accepted sources."""

    code = "unrecognised_document"


class TruncatedDocument(UnreadableDocument):
    """A page of a known site that ends before its last section."""

    code = "truncated_document"


class UnknownSource(ServiceError):
    """The source that the caller named does not exist."""

    code = "unknown_source"


class AddressTaken(ServiceError):
    """The address to listen on is another program's, or not this machine's."""

    code = "address_taken"
