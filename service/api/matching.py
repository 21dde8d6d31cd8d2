"""One patient against the registry: the store finds candidates, the matcher judges them, slice by slice."""

from asyncio import sleep
from collections.abc import Iterator, Sequence
from datetime import date

from service.api.engine import engine
from service.errors import InvalidBody
from service.match import Demands, PatientMatch, contradictions, prefilter
from service.schemas.envelope import Outline
from service.schemas.report import MatchReport, MatchRequest
from service.store import Snapshot, TrialStore

SLICE, LEARNT_SLICE = 10, 2  # trials; a few milliseconds, until others are served again
LEARNT = 50  # trials whose criteria are fetched at once


async def matched(asked: MatchRequest, trials: TrialStore, on: date, demands: Demands) -> MatchReport:
    """The whole answer, from the registry as it is now; other requests are served between the slices.

    Raises InvalidBody where the request contradicts itself.
    """
    if wrong := tuple(contradictions(asked, on)):
        raise InvalidBody("the request contradicts itself; see `errors`", *wrong)
    async with trials.snapshot() as registry:
        match = PatientMatch(asked, on, registry.corpus, engine(), demands)
        async for outlines in registry.candidates(prefilter(match.facts, asked.where)):
            unknown = []
            for part in _sliced(outlines, SLICE):
                unknown += match.add(part)
                await sleep(0)
            await _learn(match, unknown, registry)
        return match.report(await registry.listed(match.page))


async def _learn(match: PatientMatch, unknown: Sequence[Outline], registry: Snapshot) -> None:
    """Judge what was not known what it asks."""
    for part in _sliced(unknown, LEARNT):
        criteria = await registry.criteria([outline.number for outline in part])
        for few in _sliced(part, LEARNT_SLICE):
            match.add(few, [(outline, criteria[outline.number]) for outline in few])
            await sleep(0)


def _sliced(outlines: Sequence[Outline], size: int) -> Iterator[Sequence[Outline]]:
    return (outlines[start : start + size] for start in range(0, len(outlines), size))
