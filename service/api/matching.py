"""One patient against the registry: the store finds candidates, the matcher judges them, slice by slice."""

from asyncio import sleep
from datetime import date

from service.api.engine import engine
from service.match import PatientMatch, prefilter
from service.schemas.report import MatchReport, MatchRequest
from service.store import TrialStore

SLICE = 10  # trials; a few milliseconds


async def matched(asked: MatchRequest, trials: TrialStore, on: date) -> MatchReport:
    """The whole answer; other requests are served between the slices."""
    match = PatientMatch(asked, on, await trials.corpus(), engine())
    async for candidates in trials.candidates(prefilter(match.facts, asked.where)):
        for position, candidate in enumerate(candidates):
            match.add(candidate)
            if position % SLICE == 0:
                await sleep(0)
    return match.report()
