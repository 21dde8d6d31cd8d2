"""Our own Trial JSON, as `GET /trials/{nctId}` answers it, with or without criteria and issues."""

from service.schemas.answer import SentTrial
from service.sources.json_document import decode
from service.sources.traced import Reading


def read(text: str) -> Reading:
    """Strict: unknown members are refused."""
    return Reading(decode(text, SentTrial).trial)
