"""The answer for one patient, gathered trial by trial so that the caller may pause between any two."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np

from service.criteria.demand import outline_of
from service.criteria.patient.facts import Facts
from service.match.arrays import Ints, Longs
from service.match.asked.outlines import Asked
from service.match.known import Known, Memory
from service.match.page import digest, place_of, signature, token
from service.match.questions import Questions
from service.match.sites import nearest_site
from service.match.standing import (
    ELIGIBILITIES,
    ELIGIBLE,
    INELIGIBLE,
    UNDETERMINED,
    eligibilities_of,
    eligibility_at,
    number_at,
    score_at,
    standing_of,
)
from service.match.verdict import judged, tally_of
from service.match.warnings import warnings_of
from service.match.weighed.outcome import Outcomes
from service.match.weighed.weighing import Weighing
from service.schemas.envelope import Candidate, Outline
from service.schemas.report import (
    Corpus,
    Counts,
    Detail,
    Engine,
    MatchReport,
    MatchRequest,
    TrialMatch,
)
from service.schemas.trial import number_of

NO_PLACES = np.empty(0, np.int64)


class PatientMatch:
    """A match under way: `judge` the candidates, then tell for `report` what the `page` is to show.

    Holds no trials but the places of one page. What trials ask is `known`, and may be shared with other matches.
    """

    def __init__(self, request: MatchRequest, on: date, corpus: Corpus, engine: str, known: Known) -> None:
        self.facts = Facts(request.patient, on, request.policy)
        self._request, self._on, self._corpus, self._engine = request, on, corpus, engine
        self._signature = signature(request, on, corpus.version, engine)
        self._after = place_of(request.page_token, self._signature) if request.page_token else -1
        self._outlines = known.outlines
        self._weighing = Weighing(self.facts, known.demands, known.silent(self.facts))
        self._asked = np.array([each in request.eligibility for each in ELIGIBILITIES])
        self._counts = np.zeros(len(ELIGIBILITIES), np.int64)
        self._places: Longs = NO_PLACES
        self._remaining = 0
        self._questions = Questions(self._weighing.missing)

    def judge(self, numbers: Ints) -> Iterator[None]:
        """Candidates of which all is learnt, a step at a time: between any two the caller may pause."""
        trials = self._outlines.of(numbers, self._request.where)
        views = self._weighing.views(trials.conditions)
        outcomes = yield from self._weighing.of(trials.demands, views[trials.owners])
        self._count(trials, outcomes)

    def _count(self, trials: Asked, outcomes: Outcomes) -> None:
        """Trials by what their demands came to. Places are kept of those only that the page may show."""
        found = eligibilities_of(trials, outcomes.verdicts)
        self._counts += np.bincount(found, minlength=len(ELIGIBILITIES))
        places = standing_of(trials, outcomes.verdicts, found)[self._asked[found]]
        places = places[places > self._after]
        self._remaining += len(places)
        self._places = np.sort(np.concatenate([self._places, places]))[: self._request.limit]
        if self._asked[UNDETERMINED]:
            undetermined = found == UNDETERMINED
            self._questions.add(trials.only(undetermined), outcomes.only(undetermined[trials.owners]))

    @property
    def page(self) -> list[int]:
        """Numbers of the trials to show, best first."""
        return [number_at(place) for place in self._places.tolist()]

    def report(self, shown: Mapping[int, Candidate]) -> MatchReport:
        """The page asked for, with the counts and questions of every page; `shown` holds its trials by number."""
        places = self._places.tolist()
        more = self._remaining > len(places) and places
        counts = self._counts.tolist()
        return MatchReport(
            as_of=self._on,
            corpus=self._corpus,
            engine=Engine(version=self._engine),
            digest=digest(self._request, self._on, self._corpus.version, self._engine),
            counts=Counts(
                candidates=sum(counts),
                eligible=counts[ELIGIBLE],
                undetermined=counts[UNDETERMINED],
                ineligible=counts[INELIGIBLE],
            ),
            matches=tuple(self._shown(shown)),
            questions=self._questions.ranked(),
            warnings=warnings_of(self._request.patient),
            next_page_token=token(places[-1], self._signature) if more else None,
        )

    def _shown(self, shown: Mapping[int, Candidate]) -> Iterator[TrialMatch]:
        trials = self._outlines.of(np.array(self.page, np.int32))
        candidates = [shown[number] for number in self.page]
        findings = self._weighing.findings(trials, (each.criteria for each in candidates))
        for place, candidate, found in zip(self._places.tolist(), candidates, findings, strict=True):
            rows = tuple(map(judged, candidate.criteria, found))
            yield TrialMatch(
                nct_id=candidate.nct_id,
                brief_title=candidate.brief_title,
                overall_status=candidate.overall_status,
                phases=candidate.phases,
                eligibility=eligibility_at(place),
                score=score_at(place),
                tally=tally_of(row.verdict for row in rows),
                nearest_site=nearest_site(self._request.patient.location, candidate.sites),
                criteria=rows if self._request.detail is Detail.CRITERIA else None,
            )


def match_patient(
    candidates: Iterable[Candidate], request: MatchRequest, on: date, corpus: Corpus, engine: str
) -> MatchReport:
    """Every candidate at once, for callers that have nobody else to serve meanwhile."""
    known = Memory().of(corpus.version)
    listed = {number_of(each.nct_id): each for each in candidates}
    for number, each in listed.items():
        known.outlines.note(_outline(each))
        known.learn(number, each.criteria)
    match = PatientMatch(request, on, corpus, engine, known)
    for _ in match.judge(np.array(list(listed), np.int32)):
        pass
    return match.report(listed)


def _outline(each: Candidate) -> Outline:
    status = each.overall_status.value if each.overall_status else None
    return outline_of(each.nct_id, each.criteria, status, [phase.value for phase in each.phases])
