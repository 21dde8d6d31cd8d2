"""What is measured, and `GET /metrics`. Labels are routes, codes and verdicts: never anything of a request."""

import asyncio

from litestar import Response, get
from litestar.di import NamedDependency

from service import VERSION
from service.api.asked.body import HttpRequest
from service.api.contract.operation import Operation, opt
from service.api.contract.operations import METRICS, OPERATIONS
from service.api.contract.statuses import BROKEN, HTTP, failures
from service.api.engine import engine, vocabulary
from service.errors import ServiceError
from service.meters import Family, Kind, Meters, Readings, exposition
from service.schemas.report import MatchReport, TrialEligibility, Verdict
from service.store import Store

OTHER = ("other", "other")
ROUTES = (*((each.method, each.path) for each in OPERATIONS), OTHER)
CLASSES = {2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}
CUT_OFF = "5xx"
PROMETHEUS = "text/plain; version=0.0.4"  # the framework adds the charset
CODES = tuple(sorted({*(each.code for each in failures()), *(code for code, *_ in HTTP.values()), BROKEN[0]}))
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
TRIALS = (0.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0, 100_000.0)
PAUSE_S = 1.0
PATIENCE_S = 2.0

IN_PROGRESS = Family("eligo_requests_in_progress", Kind.GAUGE, "Requests that are being answered.")
RESPONSES = Family(
    "eligo_responses_total", Kind.COUNTER, "Answers by route and class of status.",
    ("method", "route", "status"), tuple((*route, status) for route in ROUTES for status in CLASSES.values()),
)  # fmt: skip
DURATION = Family(
    "eligo_request_duration_seconds", Kind.HISTOGRAM, "From the request's header to the end of its answer.",
    ("method", "route"), ROUTES, SECONDS,
)  # fmt: skip
PROBLEMS = Family(
    "eligo_problems_total", Kind.COUNTER, "Problem documents answered, by their code.",
    ("code",), tuple((code,) for code in CODES),
)  # fmt: skip
CANDIDATES = Family("eligo_match_candidates", Kind.HISTOGRAM, "Trials that were held against a patient.", bounds=TRIALS)
MATCHED = Family(
    "eligo_match_trials_total", Kind.COUNTER, "Trials that were held against a patient, by what came out.",
    ("eligibility",), tuple((each.value,) for each in TrialEligibility),
)  # fmt: skip
VERDICTS = Family(
    "eligo_match_verdicts_total", Kind.COUNTER, "Verdicts on the criteria of the trials that were answered.",
    ("verdict",), tuple((each.value,) for each in Verdict),
)  # fmt: skip
POOL = Family(
    "eligo_pool_connections", Kind.GAUGE, "Open connections to the database.", ("state",), (("used",), ("idle",))
)
POOL_LIMIT = Family("eligo_pool_connections_limit", Kind.GAUGE, "Connections that may be open.")
STARTS = Family("eligo_worker_starts_total", Kind.COUNTER, "Workers started, in place of others or not.")
CPU = Family("eligo_worker_cpu_seconds_total", Kind.COUNTER, "Processor time that workers have used.")
MEMORY = Family(
    "eligo_worker_resident_bytes", Kind.GAUGE, "Memory of the workers that run now; shared pages count in each."
)
METERS = (
    IN_PROGRESS, RESPONSES, DURATION, PROBLEMS, CANDIDATES, MATCHED, VERDICTS, POOL, POOL_LIMIT, STARTS, CPU, MEMORY,
)  # fmt: skip

BUILD = Family(
    "eligo_build_info", Kind.GAUGE, "Always 1; its labels tell what runs.", ("version", "engine", "vocabulary")
)
DATABASE_UP = Family("eligo_database_up", Kind.GAUGE, "Whether the database answered this scrape.")
CORPUS_TRIALS = Family("eligo_corpus_trials", Kind.GAUGE, "Trials in the registry.")
CORPUS_CHANGES = Family(
    "eligo_corpus_changes_total", Kind.COUNTER, "Writes to the registry: the number in its version."
)
CORPUS_CHANGED = Family("eligo_corpus_changed_timestamp_seconds", Kind.GAUGE, "When the registry last changed.")
QUARANTINED = Family("eligo_quarantined_studies", Kind.GAUGE, "Studies that could not be taken from the registry.")
FOLLOWED = Family(
    "eligo_registry_followed_timestamp_seconds", Kind.GAUGE, "When `sync` last found nothing lacking; absent: never."
)
FACTS = (BUILD, DATABASE_UP, CORPUS_TRIALS, CORPUS_CHANGES, CORPUS_CHANGED, QUARANTINED, FOLLOWED)


@get(METRICS.path, opt=opt(METRICS))
async def metrics(request: HttpRequest, store: NamedDependency[Store]) -> Response[str]:
    """Every worker's numbers, and the database's own."""
    meters: Meters = request.app.state.meters
    counted: list[tuple[Family, Readings]] = [(family, meters.read(family)) for family in METERS]
    text = exposition(counted + await _facts(store))
    return Response(text, media_type=PROMETHEUS)


async def _facts(store: Store) -> list[tuple[Family, Readings]]:
    """What is so at this moment; a database that is away is a fact as well."""
    read: list[tuple[Family, Readings]] = [(BUILD, {(VERSION, engine(), vocabulary()): [1.0]})]
    try:
        state = await asyncio.wait_for(store.trials.state(), PATIENCE_S)
    except (ServiceError, TimeoutError):
        return [*read, (DATABASE_UP, {(): [0.0]})]
    changes = int(state.version.rpartition("-")[2])
    values = (1.0, state.trials, changes, state.changed.timestamp(), state.quarantined)
    read += [(family, {(): [float(value)]}) for family, value in zip(FACTS[1:-1], values, strict=True)]
    read.append((FOLLOWED, {(): [state.followed.timestamp()]} if state.followed else {}))
    return read


def count_match(meters: Meters, report: MatchReport) -> None:
    """What came of a match, in numbers that name nobody."""
    meters.observe(CANDIDATES, value=report.counts.candidates)
    for eligibility in TrialEligibility:
        meters.add(MATCHED, eligibility.value, by=getattr(report.counts, eligibility.value))
    for found in report.matches:
        for verdict in Verdict:
            meters.add(VERDICTS, verdict.value, by=getattr(found.tally, verdict.value))


def count_answer(meters: Meters, operation: Operation | None, status: int, seconds: float) -> None:
    """One request, under its route's template."""
    route = (operation.method, operation.path) if operation else OTHER
    meters.add(RESPONSES, *route, CLASSES.get(status // 100, CUT_OFF))
    meters.observe(DURATION, *route, value=seconds)
