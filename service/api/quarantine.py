"""What could not be taken from the registry, and why."""

from litestar import Response, get
from litestar.di import NamedDependency

from service.api.access import note
from service.api.answers import answer
from service.api.body import HttpRequest
from service.api.operation import opt
from service.api.operations import LIST_QUARANTINE
from service.api.search import search_of
from service.schemas.quarantine import QuarantineQuery
from service.store import Store


@get("/quarantine", opt=opt(LIST_QUARANTINE))
async def list_quarantine(request: HttpRequest, store: NamedDependency[Store]) -> Response[bytes]:
    """Studies that were refused."""
    page = await store.quarantine.page(search_of(request.scope["query_string"], QuarantineQuery))
    note(request.scope, trials=len(page.studies))
    return answer(page)
