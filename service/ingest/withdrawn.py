"""Studies that the registry no longer has are taken out: nobody shall be matched to them.

The API v2 does not tell what was deleted, or became another name of a study that was registered twice. So all that it
has is listed, what is stored from it and not listed is asked for once more by its ids, and what is then not answered is
gone. A registry that seems to have lost many at once is not believed.
"""

from collections.abc import Sequence

from service.errors import RegistryUnavailable
from service.ingest.examine import SOURCE
from service.ingest.fetch import Fetcher
from service.ingest.walk import Search, pages
from service.logs import log_event
from service.schemas.trial import nct_id_of
from service.store import Store

BELIEVED_SHARE, BELIEVED = 0.01, 10
SAID = "the registry no longer has this study"


async def withdraw(store: Store, fetcher: Fetcher, listed: frozenset[int]) -> int:
    """How many were taken out. Raises RegistryUnavailable, and nothing is taken out, where that would be too many."""
    trials = (await store.trials.corpus()).trials
    gone: list[int] = []
    async for numbers in store.withdrawals.unlisted(listed, SOURCE):
        gone += await _unknown(fetcher, numbers)
        if len(gone) > max(BELIEVED, BELIEVED_SHARE * trials):
            said = f"lacks {len(gone)} or more of {trials} stored studies, which is not believed: nothing is taken out"
            raise RegistryUnavailable(f"the registry at {fetcher.address} {said}")
    if gone:
        await store.withdrawals.withdraw(gone, SOURCE, SAID)
    for number in gone:
        log_event("withdrawn", nct_id=nct_id_of(number))
    return len(gone)


async def _unknown(fetcher: Fetcher, numbers: Sequence[int]) -> list[int]:
    """Which of them the registry does not answer when it is asked for them by name."""
    asked = Search(ids=tuple(map(nct_id_of, numbers)), fields="NCTId")
    known = {study.nct async for page in pages(fetcher, asked) for study in page.studies}
    return [number for number in numbers if number not in known]
