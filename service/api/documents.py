"""A document as it was read, compiled and checked."""

from codecs import BOM_UTF8

import msgspec

from service.api.asked.decode import refuse_depth, refuse_repeated_names
from service.api.asked.faults import faults
from service.criteria import compile_trial
from service.errors import UnreadableDocument, UnrecognisedDocument
from service.schemas.answer import CheckedDocument, SentTrial
from service.sources import read, sniff
from service.validate import validate

OWN = "eligo"


def checked(document: bytes, source: str | None) -> CheckedDocument:
    """Raises UnreadableDocument, UnknownSource and MalformedBody."""
    plain = document.removeprefix(BOM_UTF8)
    if is_json := plain.lstrip()[:1] == b"{":
        refuse_depth(plain)
    try:
        trial = read(document, source)
    except UnrecognisedDocument:
        raise
    except UnreadableDocument as error:
        raise _with_every_fault(document, source, error) from error
    if is_json:
        refuse_repeated_names(plain)
    criteria = compile_trial(trial)
    return CheckedDocument(
        source=source or sniff(document), trial=trial, criteria=criteria, issues=validate(trial, criteria)
    )


def _with_every_fault(document: bytes, source: str | None, error: UnreadableDocument) -> UnreadableDocument:
    """A Trial of our own is refused for all that is wrong in it, not only the first."""
    try:
        is_own = (source or sniff(document)) == OWN
        found = faults(msgspec.json.decode(document), SentTrial, private=False) if is_own else ()
    except (UnreadableDocument, UnicodeDecodeError, msgspec.DecodeError):
        return error
    if len(found) < 2:
        return error
    first = found[0]
    said = f"the Trial has {len(found)} faults, the first at `{first.pointer or '/'}`: {first.detail}"
    return UnreadableDocument(said, *found)
