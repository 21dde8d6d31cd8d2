"""Schemathesis hooks: what the schema cannot say."""

import re
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

TOKEN = re.compile(r"^[A-Za-z0-9_-]{1,500}$")


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
    """A page token is only good for the question that it was answered to: one out of thin air is left out."""
    for holder in (case.query, case.body):
        if isinstance(holder, dict) and TOKEN.match(str(holder.get("pageToken", ""))):
            del holder["pageToken"]
