"""A document as it was read, compiled and checked."""

from service.criteria import compile_trial
from service.schemas.answer import CheckedDocument
from service.sources import read, sniff
from service.validate import validate


def checked(document: bytes, source: str | None) -> CheckedDocument:
    """Raises UnreadableDocument, or UnknownSource."""
    trial = read(document, source)
    criteria = compile_trial(trial)
    return CheckedDocument(
        source=source or sniff(document), trial=trial, criteria=criteria, issues=validate(trial, criteria)
    )
