"""Every deliberate failure: class, stable code, message. No HTTP here."""


class ServiceError(Exception):
    """A failure we foresaw; `code` is stable and documented, the message is for the caller."""

    code = "service_error"
