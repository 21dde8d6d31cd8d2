"""Answers as bytes: one encoder, and ETags."""

from collections.abc import Mapping
from hashlib import blake2b

import msgspec
from litestar import Response

from service.api.contract.operation import JSON

ENCODER = msgspec.json.Encoder(decimal_format="number")
REVALIDATE = "no-cache"


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """The value as JSON."""
    return Response(ENCODER.encode(value), status_code=status, media_type=JSON, headers=headers or {})


def cacheable(body: bytes, etag: str) -> Response[bytes]:
    """JSON under its ETag, to be asked for again each time."""
    return Response(body, media_type=JSON, headers=validators(etag))


def tagged(value: object, if_none_match: str | None) -> Response[bytes]:
    """The value under an ETag made of its own bytes, unless the caller has it already."""
    return tagged_json(ENCODER.encode(value), if_none_match)


def tagged_json(body: bytes, if_none_match: str | None) -> Response[bytes]:
    """The same, of what is JSON already."""
    etag = blake2b(body, digest_size=16).hexdigest()
    return not_modified(etag) if is_known(etag, if_none_match) else cacheable(body, etag)


def not_modified(etag: str) -> Response[bytes]:
    """To a caller who has it already."""
    return Response(b"", status_code=304, headers=validators(etag))


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether an If-None-Match header names the ETag, or any; compared weakly."""
    if if_none_match is None:
        return False
    listed = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in listed or f'"{etag}"' in listed


def validators(etag: str) -> dict[str, str]:
    """The header fields by which an answer is asked for again."""
    return {"etag": f'"{etag}"', "cache-control": REVALIDATE}


def moved(path: str) -> Response[bytes]:
    """To the canonical address, for good, with the same method and body."""
    return Response(b"", status_code=308, headers={"location": path})
