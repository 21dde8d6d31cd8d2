"""The body of a request, decoded strictly."""

from asyncio import to_thread
from typing import TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import State

from service.api.asked.decode import from_json

T = TypeVar("T")
HttpRequest = Request[None, None, State]
LARGE = 100_000
"""Bytes whose reading others are served beside: it takes a millisecond or more."""


async def json_body(request: HttpRequest, decoder: msgspec.json.Decoder[T], *, private: bool = True) -> T:
    """The body as the decoder's type. Raises MalformedBody or InvalidBody."""
    body = await request.body()
    if len(body) > LARGE:
        return await to_thread(from_json, body, decoder, private=private)
    return from_json(body, decoder, private=private)
