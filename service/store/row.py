"""What is stored of a trial: the columns of its row and its links, worked out from the trial and its criteria."""

import hashlib
import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec import Struct

from service.criteria import COMPILER_VERSION
from service.criteria.demand import outline_of
from service.criteria.envelope import envelope_of
from service.reference import concepts
from service.schemas.criterion import Criterion
from service.schemas.envelope import NO_AGE_LIMIT, Envelope, Site
from service.schemas.issue import Issue
from service.schemas.trial import Dates, Eligibility, Intervention, Location, Trial, number_of

CLOSE_WORDS, OTHER_WORDS = 20_000, 200_000
"""Bytes of text in a part of the search vector. All of it may take a megabyte; a word and its parts, as in `a-b`, take
up to four times their bytes.
"""
DAYS = {"Year": 365.25, "Month": 30.4375, "Week": 7, "Day": 1, "Hour": 1 / 24, "Minute": 1 / 1440}

_json = msgspec.json.Encoder()
_packed = msgspec.msgpack.Encoder()


class Entry(Struct, frozen=True, kw_only=True):
    """A trial on its way into the registry, with all that is derived from it, and by what, if the caller can tell."""

    trial: Trial
    criteria: tuple[Criterion, ...]
    issues: tuple[Issue, ...] = ()
    engine: str | None = None


class TrialRow(NamedTuple):
    """Parameters of the query `put`, in its order."""

    nct: int
    document: bytes
    criteria: bytes
    issues: bytes
    sites: bytes
    digest: bytes
    source_sha256: bytes | None
    compiler: str
    engine: str | None
    brief_title: str | None
    overall_status: str | None
    phases: str
    study_type: str | None
    sex: str | None
    age_min_days: int
    age_max_days: int
    sponsor: str | None
    updated: str | None
    verified: str | None
    started: str | None
    titles: str
    conditions: str
    interventions: str
    rest: str


class Links(NamedTuple):
    """Rows of the link tables, without the trial's number."""

    demands: tuple[tuple[int | None, str, str | None, str], ...]
    concepts: tuple[tuple[str, bool, str, int, int], ...]
    interventions: tuple[str, ...]
    countries: tuple[str, ...]
    places: tuple[tuple[float, float], ...]


class StoredForm(NamedTuple):
    """A trial as the database takes it."""

    row: TrialRow
    links: Links


def stored_form(entry: Entry) -> StoredForm:
    """Every column and link of one trial."""
    trial, eligibility, dates = entry.trial, entry.trial.eligibility or Eligibility(), entry.trial.dates or Dates()
    document, criteria, issues = _json.encode(trial), _json.encode(entry.criteria), _json.encode(entry.issues)
    sites = _packed.encode(tuple(map(_shown, trial.locations)))
    status = trial.overall_status.value if trial.overall_status else None
    phases = _array(phase.value for phase in trial.phases)
    outline = outline_of(trial.nct_id, entry.criteria)
    asked = (outline.condition, _array(map(str, outline.demands)), status, phases)
    links = _links(trial, envelope_of(trial, entry.criteria), asked)
    low, high = age_limits_days(eligibility)
    row = TrialRow(
        nct=number_of(trial.nct_id),
        document=document, criteria=criteria, issues=issues, sites=sites,
        digest=_digest(document, criteria, issues, _packed.encode(links)),
        source_sha256=bytes.fromhex(trial.provenance.sha256) if trial.provenance else None,
        compiler=COMPILER_VERSION,
        engine=entry.engine,
        brief_title=trial.brief_title,
        overall_status=status, phases=phases,
        study_type=trial.study_type.value if trial.study_type else None,
        sex=eligibility.sex.value if eligibility.sex else None,
        age_min_days=low, age_max_days=high,
        sponsor=trial.sponsor.name if trial.sponsor else None,
        updated=dates.last_update_posted, verified=dates.verified, started=dates.start,
        titles=_words(CLOSE_WORDS, _titles(trial)),
        conditions=_words(CLOSE_WORDS, (*trial.conditions, *trial.keywords)),
        interventions=_words(CLOSE_WORDS, _names(trial.interventions)),
        rest=_words(OTHER_WORDS, _rest(trial)),
    )  # fmt: skip
    return StoredForm(row, links)


def _digest(*parts: bytes) -> bytes:
    """Each part with its length before it, so that no two lists of parts are the same bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _shown(location: Location) -> Site:
    return Site(
        facility=location.facility, city=location.city, country=location.country,
        status=location.status, geo_point=location.geo_point,
    )  # fmt: skip


def _array(elements: Iterable[str]) -> str:
    """An array of plain words or numbers, as Postgres writes it: there are no arrays of arrays of several lengths."""
    return "{" + ",".join(elements) + "}"


def _links(trial: Trial, envelope: Envelope, demands: tuple[int | None, str, str | None, str]) -> Links:
    shape = (envelope.open, envelope.sex.value, envelope.age_min_days, envelope.age_max_days)
    points = {location.geo_point for location in trial.locations if location.geo_point is not None}
    return Links(
        demands=(demands,),
        concepts=tuple((key, *shape) for key in sorted(set(envelope.keys))),
        interventions=tuple(sorted(_given(trial.interventions))),
        countries=tuple(sorted({location.country.lower() for location in trial.locations if location.country})),
        places=tuple(sorted((point.lat, point.lon) for point in points)),
    )


def _given(interventions: Iterable[Intervention]) -> set[str]:
    """Concepts that the names of the interventions mean as a whole or mention."""
    return {concept for name in _names(interventions) for concept in _meant(name)}


@lru_cache(maxsize=1 << 12)
def _meant(name: str) -> frozenset[str]:
    """As a whole or in part."""
    mentioned = {concept for mention in concepts.mentions(name) for concept in mention.concepts}
    return frozenset(mentioned.union(concept.id for concept in concepts.lookup(name)))


def _names(interventions: Iterable[Intervention]) -> Iterator[str]:
    for intervention in interventions:
        yield intervention.name
        yield from intervention.other_names


def age_limits_days(eligibility: Eligibility) -> tuple[int, int]:
    """The registered age limits in days, rounded outwards: `17 Years` lasts until the 18th birthday."""
    low, high = eligibility.minimum_age, eligibility.maximum_age
    return (
        0 if low is None else math.floor(_days(low, completed=0)),
        NO_AGE_LIMIT if high is None else math.ceil(_days(high, completed=1)) - 1,
    )


def _days(limit: str, completed: int) -> float:
    count, unit = limit.split()
    return (int(count) + completed) * DAYS[unit.removesuffix("s")]


def _titles(trial: Trial) -> tuple[str | None, ...]:
    return (
        trial.nct_id,
        trial.acronym,
        trial.brief_title,
        trial.official_title,
        trial.org_study_id,
        *trial.secondary_ids,
    )


def _rest(trial: Trial) -> Iterator[str | None]:
    yield from (trial.brief_summary, trial.sponsor.name if trial.sponsor else None)
    yield trial.eligibility.criteria if trial.eligibility else None
    for arm in trial.arms:
        yield from (arm.label, arm.description)
    for intervention in trial.interventions:
        yield intervention.description
    if trial.outcomes:
        for outcome in (*trial.outcomes.primary, *trial.outcomes.secondary):
            yield outcome.measure
    for agency in trial.collaborators:
        yield agency.name
    for location in trial.locations:
        yield from (location.facility, location.city, location.country)
    yield from (term.term for term in trial.mesh_terms)
    yield trial.detailed_description


def _words(limit: int, texts: Iterable[str | None]) -> str:
    """One text of many, cut after so many bytes. NUL is no text to Postgres."""
    whole = "\n".join(text for text in texts if text)[:limit].replace("\x00", " ")
    return whole.encode()[:limit].decode(errors="ignore")
