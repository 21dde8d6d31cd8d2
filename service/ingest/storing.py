"""Many trials stored at once, so that one that the database refuses costs no other its place."""

from collections.abc import Sequence

from service.errors import InvalidParameter
from service.store import PutOutcome, StoredForm, TrialStore


async def put_each(trials: TrialStore, forms: Sequence[StoredForm]) -> list[PutOutcome | InvalidParameter]:
    """All in one transaction; where the database refuses one of them, each in its own, and that one's refusal."""
    if not forms:
        return []
    try:
        return list(await trials.put_forms(forms))
    except InvalidParameter as refusal:
        if len(forms) == 1:
            return [refusal]
        return [told for form in forms for told in await put_each(trials, [form])]
