"""The body of a request, decoded strictly."""

from typing import TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from service.api.asked.decode import from_json

T = TypeVar("T")
HttpRequest = Request[None, None, State]


async def json_body(request: HttpRequest, decoder: msgspec.json.Decoder[T], *, private: bool = True) -> T:
    """The body as the decoder's type. Raises MalformedBody or InvalidBody."""
    return from_json(await request.body(), decoder, private=private)
