"""The answer for one patient, gathered trial by trial so that the caller may pause between any two."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from heapq import heappush, heappushpop

from service.criteria.demand import outline_of
from service.criteria.patient.facts import Facts
from service.match.demands import Demands, Told, UnknownDemand
from service.match.outcomes import Outcomes
from service.match.page import Place, digest, place_of, signature, token
from service.match.questions import Questions
from service.match.sites import nearest_site
from service.match.verdict import eligibility_of, judged, tally_of
from service.match.warnings import warnings_of
from service.schemas.envelope import Candidate, Outline
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
from service.schemas.trial import number_of

RANKS = {TrialEligibility.ELIGIBLE: 0, TrialEligibility.UNDETERMINED: 1, TrialEligibility.INELIGIBLE: 2}


def score_of(verdicts: list[Verdict]) -> float:
    """The share of criteria known to be passed."""
    return round(verdicts.count(Verdict.MET) / max(len(verdicts), 1), 4)


class PatientMatch:
    """A match under way: `add` what the candidates ask, then tell for `report` what the `page` is to show.

    Holds no trials but the places of one page. What criteria ask is known from `demands`, and what is not known yet is
    asked for: it may be shared with other matches.
    """

    def __init__(self, request: MatchRequest, on: date, corpus: Corpus, engine: str, demands: Demands) -> None:
        self.facts = Facts(request.patient, on, request.policy)
        self._request, self._on, self._corpus, self._engine = request, on, corpus, engine
        self._signature = signature(request, on, corpus.version)
        self._after = place_of(request.page_token, self._signature) if request.page_token else None
        self._demands, self._outcomes = demands, Outcomes(self.facts, demands)
        self._asked = frozenset(request.eligibility)
        self._last_first: list[tuple[int, float, int, Outline]] = []
        self._counts: Counter[TrialEligibility] = Counter()
        self._remaining = 0
        self._questions = Questions()

    def add(self, outlines: Iterable[Outline], told: Iterable[Told] = ()) -> list[Outline]:
        """Judge trials; those are given back of which it must first be `told` what they ask."""
        self._demands.learn(told)
        unknown = []
        for outline in outlines:
            try:
                self._judge(outline)
            except UnknownDemand:
                unknown.append(outline)
        return unknown

    def _judge(self, outline: Outline) -> None:
        """The ineligible are only counted, unless they are asked for: one criterion is enough to know them by."""
        if TrialEligibility.INELIGIBLE not in self._asked and self._outcomes.rule_out(outline):
            self._counts[TrialEligibility.INELIGIBLE] += 1
            return
        found = self._outcomes.of(outline)
        verdicts = [outcome.verdict for outcome in found]
        eligibility = eligibility_of(verdicts, _on_studied(outline, verdicts))
        self._counts[eligibility] += 1
        if eligibility not in self._asked:
            return
        if eligibility is TrialEligibility.UNDETERMINED:
            self._questions.add(found)
        place = (RANKS[eligibility], -score_of(verdicts), outline.number)
        if self._after is not None and place <= self._after:
            return
        self._remaining += 1
        self._keep(place, outline)

    def _keep(self, place: Place, outline: Outline) -> None:
        """A heap whose smallest is the match that stands last."""
        item = (-place[0], -place[1], -place[2], outline)
        if len(self._last_first) < self._request.limit:
            heappush(self._last_first, item)
        else:
            heappushpop(self._last_first, item)

    @property
    def page(self) -> list[int]:
        """Numbers of the trials to show, best first."""
        return [number for (_, _, number), _ in self._places()]

    def _places(self) -> list[tuple[Place, Outline]]:
        kept = sorted(self._last_first, reverse=True)
        return [((-rank, -score, -number), outline) for rank, score, number, outline in kept]

    def report(self, shown: Mapping[int, Candidate]) -> MatchReport:
        """The page asked for, with the counts and questions of every page; `shown` holds its trials by number."""
        places = self._places()
        more = self._remaining > len(places) and places
        return MatchReport(
            as_of=self._on,
            corpus=self._corpus,
            engine=Engine(version=self._engine),
            digest=digest(self._request, self._on, self._corpus.version, self._engine),
            counts=Counts(
                candidates=self._counts.total(),
                eligible=self._counts[TrialEligibility.ELIGIBLE],
                undetermined=self._counts[TrialEligibility.UNDETERMINED],
                ineligible=self._counts[TrialEligibility.INELIGIBLE],
            ),
            matches=tuple(self._shown(shown[outline.number], outline) for _, outline in places),
            questions=self._questions.ranked(),
            warnings=warnings_of(self._request.patient),
            next_page_token=token(places[-1][0], self._signature) if more else None,
        )

    def _shown(self, candidate: Candidate, outline: Outline) -> TrialMatch:
        findings = self._outcomes.findings(outline, candidate.criteria)
        rows = tuple(map(judged, candidate.criteria, findings))
        verdicts = [row.verdict for row in rows]
        return TrialMatch(
            nct_id=candidate.nct_id,
            brief_title=candidate.brief_title,
            overall_status=candidate.overall_status,
            phases=candidate.phases,
            eligibility=eligibility_of(verdicts, _on_studied(outline, verdicts)),
            score=score_of(verdicts),
            tally=tally_of(verdicts),
            nearest_site=nearest_site(self._request.patient.location, candidate.sites),
            criteria=rows if self._request.detail is Detail.CRITERIA else None,
        )


def _on_studied(outline: Outline, verdicts: list[Verdict]) -> Verdict | None:
    """The verdict on having what the trial studies."""
    return None if outline.condition is None else verdicts[outline.demands.index(outline.condition)]


def match_patient(
    candidates: Iterable[Candidate], request: MatchRequest, on: date, corpus: Corpus, engine: str
) -> MatchReport:
    """Every candidate at once, for callers that have nobody else to serve meanwhile."""
    match = PatientMatch(request, on, corpus, engine, Demands())
    listed = {number_of(each.nct_id): each for each in candidates}
    told = [(outline_of(each.nct_id, each.criteria), each.criteria) for each in listed.values()]
    match.add([outline for outline, _ in told], told)
    return match.report(listed)
