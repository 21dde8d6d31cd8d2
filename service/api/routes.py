"""The table of handlers, and of what answers for failures."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from service.api.concepts import get_concept, list_concepts
from service.api.health import about, live, ready
from service.api.match import match
from service.api.observed.metrics import metrics
from service.api.pages import asset, documentation, openapi
from service.api.problems import broken_problem, http_problem, service_problem
from service.api.quarantine import list_quarantine
from service.api.trials import get_trial, list_trials, put_trial, validate_trial
from service.api.versions import diff_trial, list_versions
from service.errors import ServiceError

ROUTES = [
    list_trials,
    get_trial,
    list_versions,
    diff_trial,
    put_trial,
    validate_trial,
    list_quarantine,
    match,
    list_concepts,
    get_concept,
    live,
    ready,
    about,
    metrics,
    openapi,
    documentation,
    asset,
]
EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[Any]]] = {
    ServiceError: service_problem,
    HTTPException: http_problem,
    Exception: broken_problem,
}
