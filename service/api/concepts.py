"""The vocabulary: what somebody may mean, and all that is known of one concept."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import structs

from service.api.answers import tagged
from service.api.asked.body import HttpRequest
from service.api.asked.search import search_of
from service.api.contract.operation import opt
from service.api.contract.operations import GET_CONCEPT, LIST_CONCEPTS
from service.api.neighbours import known
from service.api.typeahead import suggest
from service.schemas.concept import ConceptPage, ConceptQuery
from service.store import Store


@get("/concepts", opt=opt(LIST_CONCEPTS))
async def list_concepts(request: HttpRequest) -> Response[bytes]:
    """Typeahead."""
    query = search_of(request.scope["query_string"], ConceptQuery)
    page = ConceptPage(concepts=suggest(query.q, query.kind, query.page_size))
    return tagged(page, request.headers.get("if-none-match"))


@get("/concepts/{id:str}", opt=opt(GET_CONCEPT))
async def get_concept(
    request: HttpRequest,
    id: FromPath[str],  # noqa: A002 – the field's own word
    store: NamedDependency[Store],
) -> Response[bytes]:
    """One concept."""
    found = structs.replace(known(id), trials=await store.trials.naming(id))
    return tagged(found, request.headers.get("if-none-match"))
