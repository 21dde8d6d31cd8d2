"""Clinical scales: ECOG, Karnofsky, NYHA class, CTCAE grade."""

from service.criteria.finding import Finding, lacking, settled
from service.criteria.kind import Kind
from service.criteria.patient.bearing import measured
from service.criteria.patient.dates import days_of, window_truth
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import compared, content_words, plain, spanned
from service.reference.scales import SCALES, Scale
from service.schemas.expression import ScaleScore
from service.schemas.patient import Observation
from service.schemas.quantity import exact
from service.schemas.report import Evidence
from service.schemas.truth import Truth


def evaluate(leaf: ScaleScore, facts: Facts) -> Finding:
    """The newest score decides; several that may be the newest must agree. One scale never stands for another."""
    scale = SCALES.get(leaf.scale)
    name = scale.name if scale else leaf.scale
    entries = [each for each in facts.results.measured(leaf.scale) if _graded(leaf, each)]
    findings = [finding for each in entries if (finding := _by_entry(leaf, scale, each, facts)) is not None]
    if not findings:
        asked = f"{name} of {leaf.of}" if leaf.of else name
        return lacking(f"no {asked} is recorded", asked, "/observations/-")
    if len({finding.truth for finding in findings}) == 1:
        return findings[0]
    datums = tuple(datum for finding in findings for datum in finding.evidence)
    return lacking(
        lambda: f"scores of {name} disagree and none is certainly the newest",
        f"date of each {name}",
        f"{entries[0].pointer}/date",
        *datums,
    )


def _graded(leaf: ScaleScore, entry: Entry[Observation]) -> bool:
    return leaf.of is None or content_words(leaf.of) <= entry.words


def _by_entry(leaf: ScaleScore, scale: Scale | None, entry: Entry[Observation], facts: Facts) -> Finding | None:
    """None for a result that is no score of the scale."""
    name = scale.name if scale else leaf.scale
    if (stale := _stale(leaf, name, entry, facts)) is not None:
        return stale
    score = _score(scale, entry.fact)
    if score is None or entry.fact.comparator is not None:
        return None
    truth = Interval.of(exact(score)).within(Interval.stated(leaf.range))
    member = "value" if entry.fact.value is not None else "result"
    datum = Evidence(pointer=f"{entry.pointer}/{member}", value=getattr(entry.fact, member))
    return settled(truth, lambda: f"{name} {plain(score)} is {compared(truth, leaf.range)}", datum)


def _stale(leaf: ScaleScore, name: str, entry: Entry[Observation], facts: Facts) -> Finding | None:
    window = leaf.window
    if window is None or window.within is None or (days := days_of(entry.fact.date)) is None:
        return None
    if window_truth(window, days, facts.on) is Truth.TRUE:
        return None
    recent = spanned(window)
    datum = Evidence(pointer=f"{entry.pointer}/date", value=entry.fact.date)
    return lacking(f"the newest {name} may not be {recent}", f"{name}, {recent}", "/observations/-", datum)


def _score(scale: Scale | None, fact: Observation) -> float | None:
    """A number within the scale, or a class such as `II`; the class is the last word of a result in words."""
    if fact.value is not None:
        return fact.value if scale is None or scale.low <= fact.value <= scale.high else None
    words = (fact.result or "").split()
    return scale.score(words[-1]) if scale is not None and words else None


def keys(leaf: ScaleScore) -> frozenset[str]:
    """A score of the scale."""
    return measured(leaf.scale)


KIND = Kind(ScaleScore, evaluate, keys=keys)
