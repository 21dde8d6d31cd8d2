"""The body of a request, received whole before anything else is done with it: of bounded size, in bounded time."""

import asyncio
from typing import Any

from litestar.types import HTTPReceiveMessage, Receive

from service.errors import BodyTimedOut, BodyTooLarge, CallerLeft

RECEIVED_S = 30.0
"""Seconds in which a body must have come."""


async def body_of(scope: Any, receive: Receive, most: int) -> bytes:
    """At most so many bytes. Raises BodyTooLarge, BodyTimedOut and CallerLeft."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    if declared.isdigit() and int(declared) > most:
        raise BodyTooLarge(most)
    try:
        async with asyncio.timeout(RECEIVED_S):
            return await _received(receive, most)
    except TimeoutError:
        raise BodyTimedOut(f"the body did not come within {RECEIVED_S:g} s") from None


async def _received(receive: Receive, most: int) -> bytes:
    parts, size = [], 0
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft("the connection was closed before the body had come")
        parts.append(message["body"])
        size += len(message["body"])
        if size > most:
            raise BodyTooLarge(most)
        if not message.get("more_body", False):
            return b"".join(parts)


def handed_on(body: bytes) -> Receive:
    """What the framework receives: the body at once, then the end."""
    messages: list[HTTPReceiveMessage] = [
        {"type": "http.disconnect"},
        {"type": "http.request", "body": body, "more_body": False},
    ]

    async def receive() -> HTTPReceiveMessage:
        return messages.pop() if len(messages) > 1 else messages[0]

    return receive
