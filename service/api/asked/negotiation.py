"""What an operation takes and gives, checked before its handler runs."""

from collections.abc import Iterator
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from service.api.asked.parameters import query_pairs, refuse_unknown
from service.api.contract.operation import Operation


class Refusal(HTTPException):
    """A refusal in our own words, which repeat nothing of the request."""


async def negotiate(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Raises 406, 415 or InvalidParameter where the request does not fit the handler's operation."""
    operation: Operation | None = handler.opt.get("operation")
    if operation is None:
        return
    if not accepts(connection.headers.get("accept", "*/*"), operation.gives):
        raise Refusal(
            status_code=406, detail=f"the Accept header does not admit `{operation.gives}`, which is all there is"
        )
    if operation.takes:
        _check_body_type(connection, tuple(operation.takes))
    refuse_unknown(query_pairs(connection.scope["query_string"]), operation.parameter_names)


def _check_body_type(connection: ASGIConnection[Any, Any, Any, Any], takes: tuple[str, ...]) -> None:
    media_type, charset = media_type_of(connection.headers.get("content-type", ""))
    coding = connection.headers.get("content-encoding", "identity")
    if media_type not in takes:
        said = f"say what the body is: `Content-Type: {'` or `Content-Type: '.join(takes)}`"
    elif charset not in ("", "utf-8", "utf8"):
        said = "send the body in UTF-8"
    elif coding != "identity":
        said = "send the body as it is, without Content-Encoding"
    else:
        return
    raise Refusal(status_code=415, detail=said, headers={"accept": ", ".join(takes)})


def media_type_of(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type header, in lower case; the charset may be empty."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    charsets = (part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset="))
    return media_type, next(charsets, "")


def accepts(header: str, media_type: str) -> bool:
    """Whether an Accept header admits the media type: the most specific range that matches it decides."""
    matching = [(specific, quality) for specific, quality in _ranges(header, media_type)]
    return max(matching, default=(0, 0.0))[1] > 0


def _ranges(header: str, media_type: str) -> Iterator[tuple[int, float]]:
    """Specificity and quality of each range that covers the media type."""
    family = media_type.partition("/")[0]
    specificity = {media_type: 3, f"{family}/*": 2, "*/*": 1}
    for each in header.lower().split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        if name in specificity:
            yield specificity[name], _quality(parameters)


def _quality(parameters: list[str]) -> float:
    """The `q` of a range; 1 where it is not said, 0 where it is not a number."""
    for parameter in parameters:
        if parameter.startswith("q="):
            digits = parameter[2:].replace(".", "", 1)
            return float(parameter[2:]) if digits.isascii() and digits.isdigit() else 0.0
    return 1.0
