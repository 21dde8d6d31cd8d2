"""Trials: search, read, write, check."""

from asyncio import to_thread

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.api.answers import answer, cacheable, is_known, moved, not_modified, tagged, tagged_json
from service.api.asked.body import HttpRequest
from service.api.asked.parameters import canonical_nct_id, query_value, whole_number
from service.api.asked.preconditions import precondition
from service.api.asked.search import search_of
from service.api.contract.operation import opt
from service.api.contract.operations import GET_TRIAL, LIST_TRIALS, PUT_TRIAL, VALIDATE_TRIAL
from service.api.documents import checked
from service.api.observed.access import note, step
from service.api.versions import record_of_version
from service.errors import Fault, NctIdMismatch, OlderVersion
from service.schemas.answer import CheckedDocument, WriteOutcome, WrittenTrial
from service.schemas.query import TrialQuery
from service.store import Entry, PutOutcome, Store

OUTCOMES = {
    PutOutcome.CREATED: (WriteOutcome.CREATED, 201),
    PutOutcome.UPDATED: (WriteOutcome.UPDATED, 200),
    PutOutcome.UNCHANGED: (WriteOutcome.UNCHANGED, 200),
}


@get("/trials", opt=opt(LIST_TRIALS))
async def list_trials(request: HttpRequest, store: NamedDependency[Store]) -> Response[bytes]:
    """Search."""
    query = search_of(request.scope["query_string"], TrialQuery)
    with step(request.scope, "store"):
        page = await store.trials.page(query)
    note(request.scope, trials=len(page.documents))
    return tagged_json(page.answer, request.headers.get("if-none-match"))


@get("/trials/{nct_id:str}", opt=opt(GET_TRIAL))
async def get_trial(request: HttpRequest, nct_id: FromPath[str], store: NamedDependency[Store]) -> Response[bytes]:
    """One trial."""
    canonical = canonical_nct_id(nct_id)
    version = whole_number(request.scope["query_string"], "version")
    if canonical != nct_id:
        return moved(f"/trials/{canonical}" + (f"?version={version}" if version else ""))
    note(request.scope, nct_id=canonical)
    if version is not None:
        return tagged(await record_of_version(store, canonical, version), request.headers.get("if-none-match"))
    stored = await store.trials.get(canonical)
    if is_known(stored.etag, request.headers.get("if-none-match")):
        return not_modified(stored.etag)
    return cacheable(stored.record, stored.etag)


@put("/trials/{nct_id:str}", opt=opt(PUT_TRIAL))
async def put_trial(request: HttpRequest, nct_id: FromPath[str], store: NamedDependency[Store]) -> Response[bytes]:
    """Store a record."""
    canonical = canonical_nct_id(nct_id)
    document = await _document(request)
    _check_address(document, canonical)
    entry = Entry(trial=document.trial, criteria=document.criteria, issues=document.issues)
    outcome = await store.trials.put(entry, precondition(request.headers))
    note(request.scope, nct_id=canonical, outcome=outcome.value, source=document.source)
    return _written(document, outcome)


@post("/trials/validate", opt=opt(VALIDATE_TRIAL))
async def validate_trial(request: HttpRequest) -> Response[bytes]:
    """Read and check a document."""
    document = await _document(request)
    note(request.scope, nct_id=document.trial.nct_id, source=document.source)
    return answer(document)


async def _document(request: HttpRequest) -> CheckedDocument:
    """The body read and checked, off the event loop: a long document takes a while."""
    source = query_value(request.scope["query_string"], "source")
    return await to_thread(checked, await request.body(), source)


def _check_address(document: CheckedDocument, nct_id: str) -> None:
    if document.trial.nct_id != nct_id:
        said = f"the record is of `{document.trial.nct_id}`, the address of `{nct_id}`"
        raise NctIdMismatch(said, Fault(said, pointer="/nctId"))


def _written(document: CheckedDocument, outcome: PutOutcome) -> Response[bytes]:
    if outcome is PutOutcome.OLDER:
        raise OlderVersion("the registry holds a version of this record that was posted or verified later")
    said, status = OUTCOMES[outcome]
    return answer(WrittenTrial(nct_id=document.trial.nct_id, outcome=said, issues=document.issues), status)
