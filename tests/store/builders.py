"""Trials to store, valid by default: say only what matters."""

from typing import Any

import msgspec

from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import ConditionIs
from service.schemas.trial import Trial
from service.store import Entry


def a_trial(nct: int = 1, **members: Any) -> Trial:
    """A trial by the number in its id; members as the wire spells them."""
    return msgspec.convert({"nctId": f"NCT{nct:08d}", **members}, Trial)


def an_entry(nct: int = 1, concept: str | None = None, **members: Any) -> Entry:
    """A trial whose only criterion is that the patient has `concept`, if one is named."""
    leaf = ConditionIs(name="the disease", concept=concept)
    criterion = Criterion(
        id="registry.condition",
        polarity=Polarity.INCLUSION,
        text="the disease",
        expression=leaf,
        coverage=Coverage.FULL,
    )
    return Entry(trial=a_trial(nct, **members), criteria=(criterion,) if concept else ())
