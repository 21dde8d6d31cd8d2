"""Trials to store, valid by default: say only what matters."""

from typing import Any

import msgspec

from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import AnyOf, ConditionIs
from service.schemas.trial import Trial
from service.store import Entry


def a_trial(nct: int = 1, **members: Any) -> Trial:
    """A trial by the number in its id; members as the wire spells them."""
    return msgspec.convert({"nctId": f"NCT{nct:08d}", **members}, Trial)


def an_entry(nct: int = 1, *keys: str, **members: Any) -> Entry:
    """A trial of the diseases with these keys; without one, it asks for no disease."""
    diseases = AnyOf(of=tuple(ConditionIs(name=key, concept=key) for key in keys))
    criterion = Criterion(
        id="registry.condition", polarity=Polarity.INCLUSION, text="", expression=diseases, coverage=Coverage.FULL
    )
    return Entry(trial=a_trial(nct, **members), criteria=(criterion,) if keys else ())
