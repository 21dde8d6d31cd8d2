"""One patient against the registry: the store finds candidates, the matcher judges them, slice by slice."""

from asyncio import to_thread
from datetime import date

from service.api.engine import engine
from service.api.gate.lanes import Lane
from service.api.learning import learn, slices
from service.api.turns import Turn
from service.errors import InvalidBody
from service.match import Known, Memory, PatientMatch, contradictions, prefilter
from service.schemas.report import Corpus, MatchReport, MatchRequest
from service.store import TrialStore

LONG = 100  # entries of a record that is prepared beside others; in a turn it would not be


async def matched(
    asked: MatchRequest, trials: TrialStore, on: date, memory: Memory, others: Lane | None = None
) -> MatchReport:
    """The whole answer, from the registry as it is now; between its turns other requests are served.

    Raises InvalidBody where the request contradicts itself.
    """
    if wrong := tuple(contradictions(asked, on)):
        raise InvalidBody("the request contradicts itself; see `errors`", *wrong)
    async with trials.snapshot() as registry:
        known = memory.of(registry.corpus.version)
        match = await _prepared(asked, on, registry.corpus, known)
        turn = Turn(others)
        for numbers in slices(await registry.candidates(prefilter(match.facts, asked.where))):
            await learn(known, numbers, registry, turn, asked.where)
            for _ in match.judge(numbers):
                await turn.is_over()
            await turn.is_over()
        return match.report(await registry.listed(match.page))


async def _prepared(asked: MatchRequest, on: date, corpus: Corpus, known: Known) -> PatientMatch:
    patient = asked.patient
    entries = len(patient.conditions) + len(patient.observations) + len(patient.treatments) + len(patient.allergies)
    if entries > LONG:
        return await to_thread(PatientMatch, asked, on, corpus, engine(), known)
    return PatientMatch(asked, on, corpus, engine(), known)
