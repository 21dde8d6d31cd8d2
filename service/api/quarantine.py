"""What could not be taken from the registry, and why."""

from litestar import Response, get
from litestar.di import NamedDependency

from service.api.answers import answer
from service.api.asked.body import HttpRequest
from service.api.asked.search import search_of
from service.api.contract.operation import opt
from service.api.contract.operations import LIST_QUARANTINE
from service.api.observed.access import note
from service.schemas.quarantine import QuarantineQuery
from service.store import Store


@get("/quarantine", opt=opt(LIST_QUARANTINE))
async def list_quarantine(request: HttpRequest, store: NamedDependency[Store]) -> Response[bytes]:
    """Studies that were refused."""
    page = await store.quarantine.page(search_of(request.scope["query_string"], QuarantineQuery))
    note(request.scope, trials=len(page.studies))
    return answer(page)
