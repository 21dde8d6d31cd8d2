"""Match: which trials fit one patient."""

from datetime import date

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency

from service.api.answers import answer
from service.api.asked.body import HttpRequest, json_body
from service.api.contract.operation import opt
from service.api.contract.operations import MATCH
from service.api.gate.lanes import Lane
from service.api.matching import matched
from service.api.observed.access import note, step
from service.api.observed.metrics import count_match
from service.match import Memory
from service.schemas.report import MatchRequest
from service.store import Store

REQUEST = msgspec.json.Decoder(MatchRequest)


@post("/match", opt=opt(MATCH))
async def match(
    request: HttpRequest,
    store: NamedDependency[Store],
    memory: NamedDependency[Memory],
    today: NamedDependency[date],
    others: NamedDependency[Lane],
) -> Response[bytes]:
    """A verdict on every criterion of every trial that could fit."""
    asked = await json_body(request, REQUEST)
    with step(request.scope, "match"):
        report = await matched(asked, store.trials, asked.as_of or today, memory, others)
    count_match(request.app.state.meters, report)
    note(
        request.scope, corpus=report.corpus.version, trials=len(report.matches), **msgspec.structs.asdict(report.counts)
    )
    return answer(report)
