"""One patient against the registry: the store finds candidates, the matcher judges them, slice by slice."""

from asyncio import sleep, to_thread
from collections.abc import Sequence
from datetime import date
from time import perf_counter

from service.api.engine import engine
from service.api.gate.lanes import Lane
from service.errors import InvalidBody
from service.match import Demands, PatientMatch, contradictions, prefilter
from service.schemas.envelope import Outline
from service.schemas.report import Corpus, MatchReport, MatchRequest
from service.store import Snapshot, TrialStore

TURN_S = 0.002  # a match works so long at a time, then others are served
LEARNT = 20  # trials whose criteria are fetched at once
LONG = 100  # entries of a record that is prepared beside others; in two milliseconds it would not be


async def matched(
    asked: MatchRequest, trials: TrialStore, on: date, demands: Demands, others: Lane | None = None
) -> MatchReport:
    """The whole answer, from the registry as it is now; between its turns other requests are served.

    Raises InvalidBody where the request contradicts itself.
    """
    if wrong := tuple(contradictions(asked, on)):
        raise InvalidBody("the request contradicts itself; see `errors`", *wrong)
    async with trials.snapshot() as registry:
        match = await _prepared(asked, on, registry.corpus, demands)
        turn = _Turn(others)
        async for outlines in registry.candidates(prefilter(match.facts, asked.where)):
            unknown: list[Outline] = []
            for outline in outlines:
                unknown += match.add((outline,))
                await turn.is_over()
            await _learn(match, unknown, registry, turn)
        return match.report(await registry.listed(match.page))


async def _prepared(asked: MatchRequest, on: date, corpus: Corpus, demands: Demands) -> PatientMatch:
    patient = asked.patient
    entries = len(patient.conditions) + len(patient.observations) + len(patient.treatments) + len(patient.allergies)
    if entries > LONG:
        return await to_thread(PatientMatch, asked, on, corpus, engine(), demands)
    return PatientMatch(asked, on, corpus, engine(), demands)


async def _learn(match: PatientMatch, unknown: Sequence[Outline], registry: Snapshot, turn: "_Turn") -> None:
    """Judge what was not known what it asks."""
    for start in range(0, len(unknown), LEARNT):
        part = unknown[start : start + LEARNT]
        criteria = await registry.criteria([outline.number for outline in part])
        for outline in part:
            match.add((outline,), [(outline, criteria[outline.number])])
            await turn.is_over()


class _Turn:
    """How long a match has kept the others waiting."""

    def __init__(self, others: Lane | None) -> None:
        self._others = others
        self._until = perf_counter() + TURN_S

    async def is_over(self) -> None:
        """Once it has lasted long enough, let the others have theirs: as long, while there is anybody.

        A small request is not one piece of work but five, with waits for the database between them; after each it would
        stand in line behind all matches again.
        """
        if perf_counter() <= self._until:
            return
        theirs = perf_counter() + TURN_S
        await sleep(0)
        while self._others and self._others.is_used and perf_counter() < theirs:  # noqa: ASYNC110 – no event tells it
            await sleep(0)
        self._until = perf_counter() + TURN_S
