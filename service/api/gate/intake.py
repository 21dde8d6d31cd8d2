"""The body of a request, received whole before anything else is done with it: of bounded size, in bounded time."""

import asyncio
from collections.abc import Iterable
from typing import Any

from litestar.types import HTTPReceiveMessage, Message, Receive, Send

from service.errors import BodyTimedOut, BodyTooLarge, CallerLeft

RECEIVED_S = 30.0
"""Seconds in which a body must have come."""
SMALL_BYTES = 65_536
THROWN_AWAY = 4
"""Times as much as is taken is listened to, before the connection is cut."""


async def body_of(receive: Receive, most: int) -> bytes:
    """At most so many bytes. Raises BodyTooLarge, BodyTimedOut and CallerLeft."""
    try:
        async with asyncio.timeout(RECEIVED_S):
            return await _received(receive, most)
    except TimeoutError:
        raise BodyTimedOut(f"the body did not come within {RECEIVED_S:g} s") from None


async def _received(receive: Receive, most: int) -> bytes:
    """What is too much is thrown away as it comes: a caller who is cut off while sending never reads the answer."""
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= most * THROWN_AWAY:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft("the connection was closed before the body had come")
        size += len(message["body"])
        if size <= most:
            parts.append(message["body"])
        more = message.get("more_body", False)
    if size > most:
        raise BodyTooLarge(most)
    return b"".join(parts)


def is_small(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the body's length is said, and is nothing to speak of."""
    declared = next((value for name, value in headers if name == b"content-length"), b"")
    return declared.isdigit() and len(declared) < 19 and int(declared) <= SMALL_BYTES


def handed_on(body: bytes) -> Receive:
    """What the framework receives: the body at once, then the end."""
    messages: list[HTTPReceiveMessage] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": body, "more_body": False},
    ]

    async def receive() -> HTTPReceiveMessage:
        return messages.pop() if len(messages) > 1 else messages[0]

    return receive


def closing(scope: Any, send: Send) -> Send:
    """To a caller whose body nobody reads: that the connection ends here, lest the next request be sent on it."""
    if scope["method"] == "GET" or scope["http_version"][0] != "1" or not _announces_body(scope["headers"]):
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return sent


def _announces_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)
