"""Versions: what a record said before, and what changed between two of its states."""

from asyncio import gather, to_thread

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import structs

from service.api.answers import tagged
from service.api.asked.body import HttpRequest
from service.api.asked.parameters import canonical_nct_id
from service.api.asked.search import search_of
from service.api.contract.operation import opt
from service.api.contract.operations import DIFF_TRIAL, LIST_VERSIONS
from service.api.observed.access import note, step
from service.criteria import compile_trial
from service.criteria.difference import difference
from service.errors import VersionNotFound
from service.schemas.answer import TrialRecord
from service.schemas.trial import Trial
from service.schemas.version import DifferenceQuery, TrialDifference
from service.store import Store
from service.validate import validate

WHENCE = "provenance"  # differs between any two versions, and says nothing of the trial


@get("/trials/{nct_id:str}/versions", opt=opt(LIST_VERSIONS))
async def list_versions(request: HttpRequest, nct_id: FromPath[str], store: NamedDependency[Store]) -> Response[bytes]:
    """Every version of a trial."""
    canonical = canonical_nct_id(nct_id)
    note(request.scope, nct_id=canonical)
    return tagged(await store.versions.list(canonical), request.headers.get("if-none-match"))


@get("/trials/{nct_id:str}/diff", opt=opt(DIFF_TRIAL))
async def diff_trial(request: HttpRequest, nct_id: FromPath[str], store: NamedDependency[Store]) -> Response[bytes]:
    """What changed between two versions."""
    canonical, asked = canonical_nct_id(nct_id), search_of(request.scope["query_string"], DifferenceQuery)
    note(request.scope, nct_id=canonical)
    with step(request.scope, "store"):
        after = asked.after or (await store.versions.list(canonical)).versions[0].version
        before = asked.before or _one_before(canonical, after)
        old, new = await gather(store.versions.get(canonical, before), store.versions.get(canonical, after))
    told = await to_thread(_held_against, old, new, before, after)
    return tagged(told, request.headers.get("if-none-match"))


def _one_before(nct_id: str, version: int) -> int:
    if version == 1:
        raise VersionNotFound(nct_id, 0)
    return version - 1


async def record_of_version(store: Store, nct_id: str, version: int) -> TrialRecord:
    """The record as it was; its criteria are read now, by the compiler of this service."""
    return await to_thread(_read_now, await store.versions.get(nct_id, version))


def _read_now(trial: Trial) -> TrialRecord:
    criteria = compile_trial(trial)
    return TrialRecord(**structs.asdict(trial), criteria=criteria, issues=validate(trial, criteria))


def _held_against(old: Trial, new: Trial, before: int, after: int) -> TrialDifference:
    members = zip(Trial.__struct_fields__, Trial.__struct_encode_fields__, strict=True)
    return TrialDifference(
        nct_id=new.nct_id,
        before=before,
        after=after,
        members=tuple(said for name, said in members if getattr(old, name) != getattr(new, name) and said != WHENCE),
        criteria=difference(compile_trial(old), compile_trial(new)),
    )
