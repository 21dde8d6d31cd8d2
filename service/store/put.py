"""Storing trials: what is new, what replaces what is there, and what stays."""

from collections.abc import Iterator, Sequence
from enum import Enum

from service.store.pool import Connection
from service.store.queries import QUERIES
from service.store.row import Links, StoredForm
from service.store.versions import pack


class PutOutcome(Enum):
    """What a put did. OLDER: a later version of the trial is stored, and stays."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OLDER = "older"


async def put_all(connection: Connection, forms: Sequence[StoredForm]) -> tuple[PutOutcome, ...]:
    """Store many inside a transaction; a trial that is listed twice is put twice, in the order of the list."""
    outcomes: list[PutOutcome] = [PutOutcome.UNCHANGED] * len(forms)
    for places in _one_of_each(forms):
        done = await _put(connection, [forms[place] for place in places])
        for place in places:
            outcomes[place] = done[forms[place].row.nct]
    created = outcomes.count(PutOutcome.CREATED)
    if created or PutOutcome.UPDATED in outcomes:
        await connection.execute(QUERIES["note_change"], created)
    return tuple(outcomes)


def _one_of_each(forms: Sequence[StoredForm]) -> Iterator[list[int]]:
    """Places of the forms, in rounds: no round holds a trial twice, for a statement cannot update a row twice."""
    rounds: list[dict[int, int]] = []
    for place, form in enumerate(forms):
        free = next((each for each in rounds if form.row.nct not in each), None)
        if free is None:
            rounds.append(free := {})
        free[form.row.nct] = place
    for each in rounds:
        yield list(each.values())


async def _put(connection: Connection, forms: Sequence[StoredForm]) -> dict[int, PutOutcome]:
    columns = [list(column) for column in zip(*(form.row for form in forms), strict=True)]
    changed = {
        found["nct"]: PutOutcome.CREATED if found["created"] else PutOutcome.UPDATED
        for found in await connection.fetch(QUERIES["put"], *columns)
    }
    updated = [nct for nct, outcome in changed.items() if outcome is PutOutcome.UPDATED]
    await _link(connection, {form.row.nct: form.links for form in forms if form.row.nct in changed}, updated)
    stored = [form.row for form in forms if form.row.nct in changed]
    await connection.execute(QUERIES["release"], [row.nct for row in stored], [row.updated for row in stored])
    if updated:
        await pack(connection, {row.nct: row.document for row in stored if changed[row.nct] is PutOutcome.UPDATED})
    rest = [form.row for form in forms if form.row.nct not in changed]
    if rest:
        asked = [row.nct for row in rest], [row.digest for row in rest], rest[0].compiler, rest[0].engine
        unchanged = {found["nct"] for found in await connection.fetch(QUERIES["note_reading"], *asked)}
        for row in rest:
            changed[row.nct] = PutOutcome.UNCHANGED if row.nct in unchanged else PutOutcome.OLDER
    return changed


async def _link(connection: Connection, links: dict[int, Links], updated: list[int]) -> None:
    """The links of trials, in place of those that the updated ones had."""
    if updated:
        await connection.execute(QUERIES["unlink"], updated)
    for table in Links._fields:
        rows = [(nct, *_as_row(link)) for nct, each in links.items() for link in getattr(each, table)]
        if rows:
            await connection.execute(QUERIES[f"link_{table}"], *map(list, zip(*rows, strict=True)))


def _as_row(link: str | tuple[object, ...]) -> tuple[object, ...]:
    return (link,) if isinstance(link, str) else link
