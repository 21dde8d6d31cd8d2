"""If-Match and If-None-Match of a request that writes: whether what is stored is still what the caller has seen."""

from collections.abc import Callable, Mapping

from service.errors import PreconditionFailed


def precondition(headers: Mapping[str, str]) -> Callable[[str | None], None] | None:
    """What is told the ETag of what is stored, None for nothing, and raises PreconditionFailed; None: nothing is asked.

    Tags are compared strongly for If-Match, so a weak one never matches.
    """
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is None and none_match is None:
        return None

    def check(etag: str | None) -> None:
        if match is not None and not _names(match, etag):
            raise PreconditionFailed("what is stored is not what If-Match names; read the trial again")
        if none_match is not None and _names(none_match.replace("W/", ""), etag):
            raise PreconditionFailed("what is stored is what If-None-Match rules out")

    return check


def _names(header: str, etag: str | None) -> bool:
    """Whether a list of tags, or `*`, names what is stored."""
    listed = {each.strip() for each in header.split(",")}
    return etag is not None and ("*" in listed or f'"{etag}"' in listed)
