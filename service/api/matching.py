"""One patient against the registry: the store finds candidates, the matcher judges them, slice by slice."""

from asyncio import sleep
from collections.abc import Sequence
from datetime import date

from service.api.engine import engine
from service.errors import InvalidBody
from service.match import Demands, PatientMatch, contradictions, prefilter
from service.schemas.envelope import Outline
from service.schemas.report import MatchReport, MatchRequest
from service.store import Snapshot, TrialStore

SLICE = 50  # trials; a few milliseconds at most


async def matched(asked: MatchRequest, trials: TrialStore, on: date, demands: Demands) -> MatchReport:
    """The whole answer, from the registry as it is now; other requests are served between the slices.

    Raises InvalidBody where the request contradicts itself.
    """
    if wrong := tuple(contradictions(asked, on)):
        raise InvalidBody("the request contradicts itself; see `errors`", *wrong)
    async with trials.snapshot() as registry:
        match = PatientMatch(asked, on, registry.corpus, engine(), demands)
        async for outlines in registry.candidates(prefilter(match.facts, asked.where)):
            for start in range(0, len(outlines), SLICE):
                await _judge(match, outlines[start : start + SLICE], registry)
                await sleep(0)
        return match.report(await registry.listed(match.page))


async def _judge(match: PatientMatch, outlines: Sequence[Outline], registry: Snapshot) -> None:
    unknown = match.add(outlines)
    while unknown:
        unknown = match.add(unknown, await registry.criteria([outline.number for outline in unknown]))
