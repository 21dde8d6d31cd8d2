"""Schemathesis hooks: what the schema cannot say."""

import re
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

DATE = re.compile(r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")
TOKEN = re.compile(r"^[A-Za-z0-9_-]{1,500}$")


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
    """A page token is only good for the question that it was answered to: one out of thin air is left out."""
    _agree(case.body)
    for holder in (case.query, case.body):
        if isinstance(holder, dict) and TOKEN.match(str(holder.get("pageToken", ""))):
            del holder["pageToken"]


def _agree(body: Any) -> None:
    """A patient has one age, and is asked about after birth; what the schema refuses stays as it is."""
    patient = body.get("patient") if isinstance(body, dict) else None
    if not (isinstance(patient, dict) and DATE.match(str(patient.get("birthDate")))):
        return
    if isinstance(age := patient.get("ageYears"), int | float) and not isinstance(age, bool) and 0 <= age <= 150:
        del patient["ageYears"]
    if DATE.match(str(body.get("asOf") or "2026")):
        patient["birthDate"] = "1968-05-04"
        body.pop("asOf", None)
