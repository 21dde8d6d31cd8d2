"""Which question an answer belongs to: its digest, and page tokens, which tell where a list of matches goes on."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from hashlib import blake2b
from typing import Annotated

import msgspec
from msgspec.structs import replace

from service.errors import Fault, InvalidPageToken
from service.schemas.report import Detail, MatchRequest

Place = int
"""Where a match stands: eligible before undetermined before ineligible, the higher score, the number of the NCT id."""

_in_order = msgspec.msgpack.Encoder(order="deterministic")
_TOKENS = msgspec.msgpack.Decoder(tuple[bytes, Annotated[Place, msgspec.Meta(ge=0, lt=2**53)]])


def digest(request: MatchRequest, on: date, corpus: str, engine: str) -> str:
    """The same for the same question to the same registry and engine, however it is spelled: so is the answer.

    It is no secret, and no cloak either: of a record that says little it can be guessed.
    """
    asked = replace(request, as_of=on)
    return blake2b(_in_order.encode((asked, corpus, engine)), digest_size=16).hexdigest()


def signature(request: MatchRequest, on: date, corpus: str, engine: str) -> bytes:
    """The same for every page of one question; page size and detail may change between pages."""
    asked = replace(request, page_token=None, limit=1, detail=Detail.CRITERIA, as_of=on)
    return blake2b(_in_order.encode((asked, corpus, engine)), digest_size=9).digest()


def token(place: Place, signed: bytes) -> str:
    """Opaque to the caller; holds nothing of the patient."""
    return urlsafe_b64encode(msgspec.msgpack.encode((signed, place))).decode().rstrip("=")


def place_of(page_token: str, signed: bytes) -> Place:
    """Where the page before ended. Raises InvalidPageToken."""
    try:
        given, place = _TOKENS.decode(urlsafe_b64decode(page_token + "=" * (-len(page_token) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise _foreign("the page token is not one of this service") from error
    if given != signed:
        raise _foreign("the page token is of another request, or registry or service have changed since: start again")
    return place


def _foreign(detail: str) -> InvalidPageToken:
    return InvalidPageToken(detail, Fault(detail, pointer="/pageToken"))
