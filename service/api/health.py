"""Health: is the process alive, can it serve, and what is it."""

from litestar import Response, get
from litestar.di import NamedDependency

from service import VERSION
from service.api.answers import answer
from service.api.engine import engine, vocabulary
from service.api.operation import opt
from service.api.operations import ABOUT, LIVE, READY
from service.schemas.answer import About, Health
from service.store import Store


@get("/health/live", opt=opt(LIVE))
async def live() -> Response[bytes]:
    """The process answers."""
    return answer(Health(status="live", version=VERSION))


@get("/health/ready", opt=opt(READY))
async def ready(store: NamedDependency[Store]) -> Response[bytes]:
    """The database answers as well; else DatabaseUnavailable."""
    corpus = await store.trials.corpus()
    return answer(Health(status="ready", version=VERSION, corpus=corpus))


@get(ABOUT.path, opt=opt(ABOUT))
async def about(store: NamedDependency[Store]) -> Response[bytes]:
    """All that decides an answer."""
    corpus = await store.trials.state()
    return answer(About(service=VERSION, engine=engine(), vocabulary=vocabulary(), corpus=corpus))
