"""Clinical scales: ECOG, Karnofsky, NYHA class, CTCAE grade."""

import re

from service.reference.scales import SCALES, Scale

from service.criteria.dates import days_of, window_truth
from service.criteria.facts import Facts
from service.criteria.finding import Finding, lacking, settled
from service.criteria.interval import Interval
from service.criteria.kind import Kind
from service.criteria.record import Entry
from service.criteria.wording import content_words, plain, ranged, spanned
from service.schemas.expression import ScaleScore
from service.schemas.patient import Observation
from service.schemas.quantity import exact
from service.schemas.report import Evidence
from service.schemas.truth import Truth

_CLASS = re.compile(r"(?:class|grade|stage|score|status)?\s*([a-z0-9.]+)$", re.IGNORECASE)


def evaluate(leaf: ScaleScore, facts: Facts) -> Finding:
    """The newest score decides; several that may be the newest must agree. One scale never stands for another."""
    scale = SCALES.get(leaf.scale)
    name = scale.name if scale else leaf.scale
    entries = [each for each in facts.measured(leaf.scale) if _graded(leaf, each)]
    findings = [finding for each in entries if (finding := _by_entry(leaf, scale, each, facts)) is not None]
    if not findings:
        asked = f"{name} of {leaf.of}" if leaf.of else name
        return lacking(f"no {asked} is recorded", asked, "/observations/-")
    if len({finding.truth for finding in findings}) == 1:
        return findings[0]
    datums = tuple(datum for finding in findings for datum in finding.evidence)
    return lacking(
        f"scores of {name} disagree and none is certainly the newest",
        f"date of each {name}",
        f"{entries[0].pointer}/date",
        *datums,
    )


def _graded(leaf: ScaleScore, entry: Entry[Observation]) -> bool:
    return leaf.of is None or content_words(leaf.of) <= entry.words


def _by_entry(leaf: ScaleScore, scale: Scale | None, entry: Entry[Observation], facts: Facts) -> Finding | None:
    """None for a result that is no score of the scale."""
    name = scale.name if scale else leaf.scale
    days = days_of(entry.fact.date)
    if leaf.window is not None and leaf.window.within is not None and days is not None:
        if window_truth(leaf.window, days, facts.on) is not Truth.TRUE:
            asked = f"{name}, {spanned(leaf.window)}"
            datum = Evidence(pointer=f"{entry.pointer}/date", value=entry.fact.date)
            return lacking(f"the newest {name} may not be {spanned(leaf.window)}", asked, "/observations/-", datum)
    score = _score(scale, entry.fact)
    if score is None or entry.fact.comparator is not None:
        return None
    truth = Interval.of(exact(score)).within(Interval.stated(leaf.range))
    member = "value" if entry.fact.value is not None else "result"
    datum = Evidence(pointer=f"{entry.pointer}/{member}", value=getattr(entry.fact, member))
    return settled(
        truth, f"{name} {plain(score)} is {'' if truth is Truth.TRUE else 'not '}{ranged(leaf.range)}", datum
    )


def _score(scale: Scale | None, fact: Observation) -> float | None:
    """A number within the scale, or a class such as `II`."""
    number = fact.value
    if number is None and fact.result and scale is not None:
        hit = _CLASS.search(fact.result.strip())
        word = hit.group(1) if hit else ""
        classes = {key.lower(): value for key, value in scale.classes.items()}
        number = classes.get(word.lower(), float(word) if word.replace(".", "", 1).isdigit() else None)
    if number is None or scale is None:
        return number
    return number if scale.low <= number <= scale.high else None


KIND = Kind(ScaleScore, evaluate)
