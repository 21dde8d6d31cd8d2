"""Antigens, mutations and serologies: "CD7 positive", "FLT3 mutated", "PD-L1 ≥ 50%"."""

import re
from functools import lru_cache

from service.criteria.finding import Finding, lacking, settled, unread
from service.criteria.kind import Kind
from service.criteria.patient.assay import assay, is_special
from service.criteria.patient.bearing import PERSON, named_marks, tested
from service.criteria.patient.dates import days_of, window_truth
from service.criteria.patient.facts import Facts
from service.criteria.patient.interval import Interval
from service.criteria.patient.record import Entry
from service.criteria.patient.wording import compared, counted
from service.reference import concepts as vocabulary
from service.reference.units import convert
from service.schemas.expression import Biomarker, BiomarkerResult
from service.schemas.patient import Observation, Section, VerificationStatus
from service.schemas.quantity import exact
from service.schemas.report import Evidence
from service.schemas.truth import Truth

P, N, M, W = BiomarkerResult.POSITIVE, BiomarkerResult.NEGATIVE, BiomarkerResult.MUTATED, BiomarkerResult.WILD_TYPE
READ = (
    (W, re.compile(r"wild[- ]?type|\bwt\b|unmutated|not mutated|no mutation|germline", re.IGNORECASE)),
    (
        N,
        re.compile(
            r"\bneg(?:ative)?\b|^\s*[-–]\s*$|not (?:detected|expressed|amplified)|undetect|non-?reactive"
            r"|\babsent\b|no evidence",
            re.IGNORECASE,
        ),
    ),
    (M, re.compile(r"mutated|mutation|mutant|variant|rearrange|fusion|translocat|delet", re.IGNORECASE)),
    (
        P,
        re.compile(
            r"\bpos(?:itive)?\b|^\s*\++\s*$|\bdetected|\breactive|\bpresent\b|\bexpressed|amplified|overexpress",
            re.IGNORECASE,
        ),
    ),
    (BiomarkerResult.ABNORMAL, re.compile(r"abnormal|elevated|\bhigh\b|\blow\b", re.IGNORECASE)),
    (BiomarkerResult.NORMAL, re.compile(r"\bnormal\b|unremarkable", re.IGNORECASE)),
)
"""Results in words, the first that fits; what fits none is not understood."""

_SIGN = r"(?P<sign>\s?\+|-(?!\w)|[\s-]+(?:positive|negative|mutated|wild[- ]?type)\b)"

AGREES = {
    P: {P: True, M: True, N: False, W: False},
    N: {N: True, W: True, P: False, M: False},
    M: {M: True, W: False, N: False},
    W: {W: True, M: False},
    BiomarkerResult.NORMAL: {BiomarkerResult.NORMAL: True, BiomarkerResult.ABNORMAL: False},
    BiomarkerResult.ABNORMAL: {BiomarkerResult.ABNORMAL: True, BiomarkerResult.NORMAL: False},
}
"""What a result found (inner) says about the one asked for (outer); what is not listed leaves it open."""


def evaluate(leaf: Biomarker, facts: Facts) -> Finding:
    """The newest test decides; several that may be the newest must agree. A disease may name its own markers."""
    entries = facts.results.markers(leaf.concept, leaf.marker)
    findings = [finding for each in entries if (finding := _by_entry(leaf, each, facts)) is not None]
    findings = findings or _from_conditions(leaf, facts) or _infection(leaf, facts)
    wanted = f"{leaf.marker}{f' {leaf.result.value}' if leaf.result else ''}".replace("_", " ")
    if not findings:
        if Section.OBSERVATIONS in facts.closed and leaf.range is None and leaf.result in {None, P, M}:
            return settled(False, f"no {wanted} is recorded")
        return lacking(f"no result for {leaf.marker} is recorded", leaf.marker, "/observations/-")
    if len({finding.truth for finding in findings}) == 1:
        return findings[0]
    datums = tuple(datum for finding in findings for datum in finding.evidence)
    return lacking(f"results for {leaf.marker} disagree", f"date of each {leaf.marker}", "/observations/-", *datums)


def _by_entry(leaf: Biomarker, entry: Entry[Observation], facts: Facts) -> Finding | None:
    days = days_of(entry.fact.date)
    if leaf.window is not None and days is not None and window_truth(leaf.window, days, facts.on) is not Truth.TRUE:
        datum = Evidence(pointer=f"{entry.pointer}/date", value=entry.fact.date)
        return lacking(
            f"the newest {leaf.marker} is too old or undated", f"a recent {leaf.marker}", "/observations/-", datum
        )
    if leaf.range is not None and not leaf.range.is_open:
        return _share(leaf, entry)
    return _worded(leaf, entry)


def _share(leaf: Biomarker, entry: Entry[Observation]) -> Finding:
    """A share of cells: percent and fraction are the same thing."""
    range_ = leaf.range
    assert range_ is not None
    fact = entry.fact
    if fact.value is None:
        named = Evidence(pointer=entry.pointer, value=entry.name)
        ask, pointer = f"{leaf.marker} in {range_.unit or '%'}", f"{entry.pointer}/value"
        return lacking(f"{leaf.marker} is recorded without a share of cells", ask, pointer, named)
    wanted = range_.unit or "%"
    value = exact(fact.value)
    share = value if fact.unit == range_.unit else convert(value, fact.unit, wanted) if fact.unit else None
    datum = Evidence(pointer=f"{entry.pointer}/value", value=fact.value)
    spoken = f"{leaf.marker} {counted(fact.value, fact.unit)}"
    if share is None or fact.comparator is not None:
        return lacking(
            f"{spoken} cannot be compared with {wanted}", f"{leaf.marker} in {wanted}", f"{entry.pointer}/unit", datum
        )
    truth = Interval.of(share).within(Interval.stated(range_))
    return settled(truth, lambda: f"{spoken} is {compared(truth, range_, wanted)}", datum)


def _worded(leaf: Biomarker, entry: Entry[Observation]) -> Finding | None:
    """The result in words; words that stand in the observation's own name count as well ("FLT3-ITD positive")."""
    member = "result" if entry.fact.result else "text"
    words = entry.fact.result or ("" if entry.fact.value is not None else entry.name)
    found = read(words)
    if found is None:
        return None
    return _judged(leaf, found, entry.name, Evidence(pointer=f"{entry.pointer}/{member}", value=words))


def read(words: str) -> BiomarkerResult | None:
    """The result that words report; None for a bare name or words not understood."""
    return next((result for result, pattern in READ if pattern.search(words)), None)


def _judged(leaf: Biomarker, found: BiomarkerResult, name: str, datum: Evidence) -> Finding:
    said = f"{name} is {found.value.replace('_', ' ')}"
    if leaf.result is None:
        return settled(found in {P, M, BiomarkerResult.ABNORMAL}, said, datum)
    if leaf.result is M and found is P and re.search(r"mutat|itd|variant|fusion|rearr", name, re.IGNORECASE):
        return settled(True, said, datum)
    holds = AGREES[leaf.result].get(found)
    if holds is None:
        return unread(f"{said}; whether that is {leaf.result.value} is not said", datum)
    return settled(holds, said, datum)


def _from_conditions(leaf: Biomarker, facts: Facts) -> list[Finding]:
    """Markers in a disease's name: "CD7-positive T-ALL" reports CD7."""
    if leaf.range is not None and not leaf.range.is_open:
        return []
    marker = _signed(leaf.marker)
    found = []
    for each in facts.conditions.entries:
        hit = (
            marker.search(each.name) if each.fact.verification_status in {None, VerificationStatus.CONFIRMED} else None
        )
        if hit is not None and (result := read(hit["sign"].strip().lstrip("-") or "-")) is not None:
            found.append(_judged(leaf, result, leaf.marker, each.evidence))
    return found


@lru_cache(maxsize=2048)
def _signed(marker: str) -> re.Pattern[str]:
    """The marker and the sign behind it."""
    return re.compile(rf"(?<![\w-]){re.escape(marker)}{_SIGN}", re.IGNORECASE)


def _infection(leaf: Biomarker, facts: Facts) -> list[Finding]:
    """Being "HIV positive" is having the infection; an antibody or antigen is left to its own test."""
    infection = _infection_of(leaf.marker, leaf.result)
    if infection is None:
        return []
    related = facts.conditions.related(infection, leaf.marker)
    positive = leaf.result is P
    for each in related.same:
        if each.fact.verification_status in {None, VerificationStatus.CONFIRMED}:
            return [settled(positive, f"the patient has {each.name}", each.evidence)]
    refuted = [each for each in related.exact if each.fact.verification_status is VerificationStatus.REFUTED]
    if refuted and len(refuted) == len(related.same) and all(each.meaning.whole for each in refuted):
        return [settled(not positive, f"{refuted[0].name} is refuted", refuted[0].evidence)]
    return []


@lru_cache(maxsize=2048)
def _infection_of(marker: str, result: BiomarkerResult | None) -> str | None:
    """The concept of the infection that the marker stands for."""
    if result not in {P, N} or is_special(assay(marker)):
        return None
    known = vocabulary.lookup(f"{marker} infection")
    return known[0].id if len(known) == 1 else None


def keys(leaf: Biomarker) -> frozenset[str]:
    """A test of it by concept or name, a disease whose name carries it, or the infection it stands for."""
    concepts = frozenset(
        known for known in (leaf.concept, _infection_of(leaf.marker, leaf.result)) if known is not None
    )
    return concepts | tested(leaf.marker) | (named_marks(leaf.marker) or PERSON)


KIND = Kind(Biomarker, evaluate, keys=keys)
