"""The answer for one patient, gathered trial by trial so that the caller may pause between any two."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from heapq import heappush, heappushpop
from typing import NamedTuple

from service.criteria.envelope import REGISTRY_CONDITION
from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves
from service.match.evaluate import evaluate
from service.match.page import Place, place_of, signature, token
from service.match.questions import Questions
from service.match.sites import nearest_site
from service.match.verdict import eligibility_of, judged, tally_of, verdict_of
from service.match.warnings import warnings_of
from service.schemas.envelope import Candidate
from service.schemas.expression import ConditionIs
from service.schemas.report import (
    Corpus,
    Counts,
    Detail,
    Engine,
    MatchReport,
    MatchRequest,
    TrialEligibility,
    TrialMatch,
    Verdict,
)

RANKS = {TrialEligibility.ELIGIBLE: 0, TrialEligibility.UNDETERMINED: 1, TrialEligibility.INELIGIBLE: 2}


class Judged(NamedTuple):
    """One candidate with what came of each of its criteria."""

    candidate: Candidate
    findings: list[Finding]
    verdicts: list[Verdict]
    eligibility: TrialEligibility

    @property
    def score(self) -> float:
        """The share of criteria known to be passed."""
        return round(self.verdicts.count(Verdict.MET) / max(len(self.verdicts), 1), 4)

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return RANKS[self.eligibility], -self.score, self.candidate.nct_id


class _Last(NamedTuple):
    """A heap entry: the heap's smallest is the match that stands last."""

    rank: int
    score: float
    nct_id: tuple[int, ...]


def judge(candidate: Candidate, facts: Facts) -> Judged:
    """One trial for one patient."""
    facts = facts.studying(_aims(candidate))
    findings = [evaluate(each.expression, facts, each.polarity) for each in candidate.criteria]
    verdicts = [verdict_of(each.polarity, found) for each, found in zip(candidate.criteria, findings, strict=True)]
    named = [(each.id, verdict) for each, verdict in zip(candidate.criteria, verdicts, strict=True)]
    return Judged(candidate, findings, verdicts, eligibility_of(named))


def _aims(candidate: Candidate) -> Iterable[ConditionIs]:
    """The diseases that the trial studies."""
    for criterion in candidate.criteria:
        if criterion.id == REGISTRY_CONDITION:
            return (leaf for leaf in leaves(criterion.expression) if isinstance(leaf, ConditionIs))
    return ()


class PatientMatch:
    """A match under way: `add` each candidate, then ask for the `report`. Holds one page of trials."""

    def __init__(self, request: MatchRequest, on: date, corpus: Corpus, engine: str) -> None:
        self.facts = Facts(request.patient, on, request.policy)
        self._request, self._on, self._corpus, self._engine = request, on, corpus, engine
        self._signature = signature(request, on, corpus.version)
        self._after = place_of(request.page_token, self._signature) if request.page_token else None
        self._page: list[tuple[_Last, Judged]] = []
        self._counts: Counter[TrialEligibility] = Counter()
        self._remaining = 0
        self._questions = Questions()

    def add(self, candidate: Candidate) -> None:
        """Judge one trial."""
        found = judge(candidate, self.facts)
        self._counts[found.eligibility] += 1
        if found.eligibility not in self._request.eligibility:
            return
        if found.eligibility is TrialEligibility.UNDETERMINED:
            self._questions.add(found.verdicts, found.findings)
        if self._after is not None and found.place <= self._after:
            return
        self._remaining += 1
        item = (_last(found.place), found)
        if len(self._page) < self._request.limit:
            heappush(self._page, item)
        else:
            heappushpop(self._page, item)

    def report(self) -> MatchReport:
        """The page asked for, best first, with the counts and questions of every page."""
        page = sorted((found for _, found in self._page), key=lambda found: found.place)
        more = self._remaining > len(page) and page
        return MatchReport(
            as_of=self._on,
            corpus=self._corpus,
            engine=Engine(version=self._engine),
            counts=Counts(
                candidates=self._counts.total(),
                eligible=self._counts[TrialEligibility.ELIGIBLE],
                undetermined=self._counts[TrialEligibility.UNDETERMINED],
                ineligible=self._counts[TrialEligibility.INELIGIBLE],
            ),
            matches=tuple(map(self._shown, page)),
            questions=self._questions.ranked(),
            warnings=warnings_of(self._request.patient),
            next_page_token=token(page[-1].place, self._signature) if more else None,
        )

    def _shown(self, found: Judged) -> TrialMatch:
        candidate = found.candidate
        rows = None
        if self._request.detail is Detail.CRITERIA:
            rows = tuple(map(judged, candidate.criteria, found.findings))
        return TrialMatch(
            nct_id=candidate.nct_id,
            brief_title=candidate.brief_title,
            overall_status=candidate.overall_status,
            phases=candidate.phases,
            eligibility=found.eligibility,
            score=found.score,
            tally=tally_of(found.verdicts),
            nearest_site=nearest_site(self._request.patient.location, candidate.sites),
            criteria=rows,
        )


def _last(place: Place) -> _Last:
    """The order turned round; NCT numbers compare by their negated digits."""
    rank, score, nct_id = place
    return _Last(-rank, -score, tuple(-ord(char) for char in nct_id))


def match_patient(
    candidates: Iterable[Candidate], request: MatchRequest, on: date, corpus: Corpus, engine: str
) -> MatchReport:
    """Every candidate at once, for callers that have nobody else to serve meanwhile."""
    match = PatientMatch(request, on, corpus, engine)
    for candidate in candidates:
        match.add(candidate)
    return match.report()
