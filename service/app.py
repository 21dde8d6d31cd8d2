"""Composition root: settings → store → routes. The only clock."""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from typing import NamedTuple

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from service import VERSION, logs
from service.api.asked.negotiation import negotiate
from service.api.engine import engine
from service.api.gate.callers import callers_of, is_closed, is_loopback
from service.api.gate.lanes import Lane
from service.api.gate.layer import Gate, as_permitted
from service.api.gate.rates import PLACE as BUCKETS_PLACE
from service.api.gate.rates import Buckets, Rates
from service.api.learning import learning
from service.api.observed.access import Access
from service.api.observed.metrics import METERS
from service.api.observed.sampling import sampled
from service.api.observed.spans import Spans, Uncollected, spans_by
from service.api.routes import EXCEPTION_HANDLERS, ROUTES
from service.api.spelled import preferred_names
from service.audit import AuditLog
from service.criteria import COMPILER_VERSION, compile_text
from service.errors import AccessNotConfigured, AddressTaken
from service.ingest import ingest
from service.match import Memory
from service.meters import PLACE as METERS_PLACE
from service.meters import Meters
from service.settings import Settings, settings_from
from service.shared import place_of
from service.store import Store, open_store

PR_SET_PDEATHSIG = 1
TURN_S = 0.0005
COLLECTED_AFTER = (10_000, 50, 500)  # new objects, 4 ms; and younger collections before each older one
Clock = Callable[[], date]


def today() -> date:
    """Today in UTC."""
    return datetime.now(UTC).date()  # noqa: TID251 – the one place that may ask


def application() -> Access:
    """What a worker serves, by the settings in its environment."""
    settings = settings_from(os.environ)
    logs.configure(settings.log_level.value)
    _end_with_master()
    _warm_up()
    _spare_pauses()
    watch = Watch(Meters(METERS, place_of(os.environ, METERS_PLACE)), spans_by(os.environ))
    return create_app(settings, watch=watch, buckets=Buckets(place_of(os.environ, BUCKETS_PLACE)))


class Watch(NamedTuple):
    """Where the service tells how it fares."""

    meters: Meters
    spans: Spans


def create_app(
    settings: Settings, clock: Clock = today, watch: Watch | None = None, buckets: Buckets | None = None
) -> Access:
    """The whole service; its store is open while its lifespan lasts."""
    watch = watch or Watch(Meters(METERS), Uncollected())
    app = Litestar(
        ROUTES,
        guards=[as_permitted, negotiate],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies={
            "store": Provide(_store_of, sync_to_thread=False),
            "memory": Provide(_memory_of, sync_to_thread=False),
            "others": Provide(_others_of, sync_to_thread=False),
            "today": Provide(clock, sync_to_thread=False),
        },
        lifespan=[_with_store(settings, watch)],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,  # the gate has bounded it
    )
    return Access(app, Gate(app, settings, Rates(settings.rate, buckets)), watch.meters, watch.spans)


def _with_store(settings: Settings, watch: Watch) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.meters = watch.meters
        app.state.memory = Memory()
        async with open_store(settings) as app.state.store:
            callers = app.state.callers = await callers_of(settings, app.state.store)
            app.state.audit = audit_of(settings, is_open=callers.is_open)
            corpus = await app.state.store.trials.corpus()
            where = {} if settings.database_url else {"data_dir": str(settings.data_dir)}
            logs.log_event("serving", address=_url(settings), trials=corpus.trials, open=callers.is_open, **where)
            async with (
                sampled(watch.meters, app.state.store),
                learning(app.state.store.trials, app.state.memory, (app.state.matches, app.state.others)),
            ):
                yield
        await asyncio.to_thread(watch.spans.close)

    return lifespan


def _url(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}/"


def audit_of(settings: Settings, *, is_open: bool) -> AuditLog | None:
    """None where nobody is told apart and no file is named."""
    if is_open and settings.audit_file is None:
        return None
    return AuditLog(settings.audit_file, settings.audit_key)


def _store_of(state: State) -> Store:
    store: Store = state.store
    return store


def _memory_of(state: State) -> Memory:
    memory: Memory = state.memory
    return memory


def _others_of(state: State) -> Lane:
    others: Lane = state.others
    return others


async def prepare(settings: Settings, *, demo: bool) -> None:
    """What must be so before a worker starts; the bundled registry is loaded where asked and the store is empty.

    Raises DatabaseUnavailable, SchemaMismatch, AccessNotConfigured and AuditUnavailable.
    """
    _warm_up()
    async with open_store(settings) as store:
        await _check_access(settings, store)
        if settings.audit_file is not None:
            AuditLog(settings.audit_file, None).write(operation="start", version=VERSION)
        if demo and not (await store.trials.corpus()).trials:
            with as_file(files("service.demo") / "trials.jsonl") as bundled:
                report = await ingest(store.trials, [bundled])
            logs.log_event("loaded the bundled registry", trials=report.created)
        async for _ in store.trials.read_by_others(COMPILER_VERSION, 1):
            logs.log_event("another compiler read some criteria", detail="run `python -m service recompile`")
            break


async def _check_access(settings: Settings, store: Store) -> None:
    """Patients' facts are not for everybody on the network."""
    if not is_loopback(settings.host) and not await is_closed(settings, store):
        raise AccessNotConfigured(
            f"{settings.host} can be reached from other machines, and nothing says who may ask: make a key with "
            "`python -m service keys create --name NAME --role matcher`, or set ELIGO_ADMIN_TOKEN, or "
            "ELIGO_TOKEN_ISSUER, ELIGO_TOKEN_AUDIENCE and ELIGO_TOKEN_KEYS; or listen on 127.0.0.1"
        )


def address_of(settings: Settings) -> str:
    """The number of the address to listen on. Raises AddressTaken now; a worker would only find out later."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise AddressTaken(f"cannot listen on {where}: {error.strerror}; see ELIGO_HOST and ELIGO_PORT") from error
    return str(address[0])


def _warm_up() -> None:
    """Read the vocabulary, the lexicon and our own code now: a forked worker shares them, and no request waits."""
    preferred_names()
    engine()
    compile_text("Acute leukemia, age 18 years or older")


def _spare_pauses() -> None:
    """Let no request wait for another's work longer than it must.

    What was read at the start is never garbage, but looking through it takes 60 ms. And the server's own threads need
    the interpreter some twenty times a request: at Python's 5 ms a turn, a small request beside a match takes 150 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    sys.setswitchinterval(TURN_S)


def _end_with_master() -> None:
    """Have the kernel stop this worker when the process that started it is killed, lest it keep the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
