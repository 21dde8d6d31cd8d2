"""Our own Trial JSON, as `GET /trials/{nctId}` answers it without criteria and issues."""

from service.schemas.trial import Trial
from service.sources.json_document import decode
from service.sources.traced import Reading


def read(text: str) -> Reading:
    """Strict: unknown members are refused."""
    return Reading(decode(text, Trial))
