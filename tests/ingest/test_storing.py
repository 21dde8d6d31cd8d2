"""One trial that the database refuses is told apart, and costs no other its place."""

from typing import Any

from service.errors import InvalidParameter
from service.ingest.storing import put_each
from service.store import PutOutcome, Store, StoredForm, stored_form
from tests.store.builders import an_entry


def a_form(nct: int, **columns: Any) -> StoredForm:
    form = stored_form(an_entry(nct))
    return form._replace(row=form.row._replace(**columns))


async def test_a_refused_trial_is_told_and_the_others_are_stored(store: Store) -> None:
    forms = [a_form(1), a_form(2, age_max_days=1 << 40), a_form(3), a_form(1)]
    first, refused, third, again = await put_each(store.trials, forms)
    assert (first, third, again) == (PutOutcome.CREATED, PutOutcome.CREATED, PutOutcome.UNCHANGED)
    assert isinstance(refused, InvalidParameter)
    assert (await store.trials.corpus()).trials == 2


async def test_nothing_to_store_is_nothing_stored(store: Store) -> None:
    assert await put_each(store.trials, []) == []
