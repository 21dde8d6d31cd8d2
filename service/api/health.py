"""Health: is the process alive, can it serve."""

from litestar import Response, get
from litestar.di import NamedDependency

from service import VERSION
from service.api.answers import answer
from service.api.operations import LIVE, READY, opt
from service.schemas.answer import Health
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
