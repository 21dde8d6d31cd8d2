"""Putting and getting: what is stored, what stays, what each put answers."""

import asyncio
import random
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from service.errors import DatabaseUnavailable, InvalidParameter, QueryTimedOut, TrialNotFound
from service.schemas.issue import Issue, IssueSeverity
from service.schemas.query import TrialQuery
from service.settings import Settings
from service.store import Entry, PutOutcome, Store, open_store, stored_form
from tests.store.builders import a_trial, an_entry

CREATED, UPDATED, UNCHANGED, OLDER = PutOutcome


async def test_what_was_put_is_got(store: Store) -> None:
    entry = an_entry(4691349, "MESH:D054198", briefTitle="CAR-T", overallStatus="RECRUITING")
    issue = Issue(code="odd", severity=IssueSeverity.WARNING, message="it is odd")
    entry = Entry(trial=entry.trial, criteria=entry.criteria, issues=(issue,))
    assert await store.trials.put(entry) is CREATED
    stored = await store.trials.get("NCT04691349")
    assert (stored.trial, stored.criteria, stored.issues) == (entry.trial, entry.criteria, entry.issues)
    assert stored.nct_id == "NCT04691349"


def joined_words(length: int) -> str:
    """Words that are joined, of letters of four bytes: each is indexed whole, and each of its parts as well."""
    chance = random.Random(length)
    letters = (chr(0x20000 + chance.randrange(40_000)) for _ in range(length))
    return "".join("-" if place % 3 == 2 else letter for place, letter in enumerate(letters))


async def test_words_that_take_more_room_than_their_letters_are_stored(store: Store) -> None:
    several = [joined_words(450 + number) for number in range(40)]
    prose = " ".join(joined_words(number) for number in range(20, 620))
    entry = an_entry(1, conditions=several, secondaryIds=several, briefSummary=prose)
    assert await store.trials.put(entry) is CREATED


async def test_an_unknown_trial_is_named(store: Store) -> None:
    with pytest.raises(TrialNotFound, match="NCT00000001"):
        await store.trials.get("NCT00000001")


Members = dict[str, Any]
MAY: Members = {"dates": {"lastUpdatePosted": "2024-05"}}
MAY_12: Members = {"dates": {"lastUpdatePosted": "2024-05-12"}}
JUNE: Members = {"dates": {"lastUpdatePosted": "2024-06-01"}}
VERIFIED_MAY: Members = {"dates": {"verified": "2024-05"}}
VERIFIED_JUNE: Members = {"dates": {"verified": "2024-06"}}
NO_DATE: Members = {}
SECOND_PUTS = [
    ("the same document", MAY, MAY, "A", "A", UNCHANGED),
    ("the same date, other words", MAY, MAY, "A", "B", UPDATED),
    ("a later version", MAY_12, JUNE, "A", "B", UPDATED),
    ("an older version", JUNE, MAY_12, "A", "B", OLDER),
    ("an older version of coarser date", JUNE, MAY, "A", "B", OLDER),
    ("a coarser date of the same month", MAY_12, MAY, "A", "B", UPDATED),
    ("no date of update, verified later", VERIFIED_MAY, VERIFIED_JUNE, "A", "B", UPDATED),
    ("no date of update, verified earlier", VERIFIED_JUNE, VERIFIED_MAY, "A", "B", OLDER),
    ("a page without its date, after a record that states it", JUNE, NO_DATE, "A", "B", OLDER),
    ("a page that tells only when it was verified", JUNE, VERIFIED_MAY, "A", "B", OLDER),
    ("two that state no date", NO_DATE, NO_DATE, "A", "B", UPDATED),
]


@pytest.mark.parametrize(("first", "second", "title", "title_then", "outcome"), [row[1:] for row in SECOND_PUTS],
                         ids=[row[0] for row in SECOND_PUTS])  # fmt: skip
async def test_a_second_put(
    store: Store, first: Members, second: Members, title: str, title_then: str, outcome: PutOutcome
) -> None:
    await store.trials.put(an_entry(1, briefTitle=title, **first))
    before = await store.trials.corpus()
    assert await store.trials.put(an_entry(1, briefTitle=title_then, **second)) is outcome
    stored = await store.trials.get("NCT00000001")
    assert stored.trial.brief_title == (title_then if outcome is UPDATED else title)
    assert ((await store.trials.corpus()).version != before.version) is (outcome is UPDATED)


async def test_new_criteria_for_the_same_document_are_an_update(store: Store) -> None:
    await store.trials.put(an_entry(1))
    before = await store.trials.get("NCT00000001")
    assert await store.trials.put(an_entry(1, "MESH:D054198")) is UPDATED
    assert (await store.trials.get("NCT00000001")).etag != before.etag


async def test_a_batch_answers_for_each_in_its_order(store: Store) -> None:
    await store.trials.put_forms([stored_form(an_entry(3)), stored_form(an_entry(2, **JUNE))])
    batch = [an_entry(2, **MAY), an_entry(1), an_entry(3), an_entry(3, briefTitle="again"), an_entry(1)]
    outcomes = await store.trials.put_forms([stored_form(entry) for entry in batch])
    assert outcomes == (OLDER, CREATED, UNCHANGED, UPDATED, UNCHANGED)
    assert (await store.trials.corpus()).trials == 3


async def test_an_empty_batch_changes_nothing(store: Store) -> None:
    before = await store.trials.corpus()
    assert await store.trials.put_forms(()) == ()
    assert await store.trials.corpus() == before


async def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    good, bad = stored_form(an_entry(1)), stored_form(an_entry(2))
    broken = bad._replace(row=bad.row._replace(phases="not an array"))
    with pytest.raises(Exception, match="range"):
        await store.trials.put_forms([good, broken])
    assert (await store.trials.corpus()).trials == 0


async def test_many_writers_of_the_same_trials_agree(store: Store) -> None:
    """Batches in any order neither deadlock nor lose count."""
    batches = [[stored_form(an_entry(nct, briefTitle=f"by {writer}")) for nct in order] for writer, order in
               enumerate(([1, 2, 3, 4], [4, 3, 2, 1], [2, 4, 1, 3], [3, 1, 4, 2]))]  # fmt: skip
    outcomes = await asyncio.gather(*map(store.trials.put_forms, batches))
    assert sum(each.count(CREATED) for each in outcomes) == 4
    assert (await store.trials.corpus()).trials == 4


async def test_an_update_replaces_the_links(store: Store, database: str) -> None:
    site = {"country": "France", "geoPoint": {"lat": 48.8, "lon": 2.3}}
    await store.trials.put(an_entry(1, "MESH:D054198", locations=[site], interventions=[{"name": "imatinib"}]))
    await store.trials.put(an_entry(1, "MESH:D015470"))
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT array_agg(concept) FROM trial_concept") == ["MESH:D015470"]
    assert await connection.fetchval("SELECT count(*) FROM trial_country") == 0
    assert await connection.fetchval("SELECT count(*) FROM trial_place") == 0
    assert await connection.fetchval("SELECT count(*) FROM trial_intervention") == 0
    await connection.close()


def test_interventions_are_what_each_name_means_by_itself() -> None:
    """Nothing is given that only the end of one name and the beginning of the next would spell together."""
    names = [{"name": "Methotrexate, traditional"}, {"name": "Medicine by needles"}]
    assert stored_form(an_entry(1, interventions=names)).links.interventions == ("MESH:D008727",)


async def test_the_longest_texts_are_stored(store: Store) -> None:
    words = " ".join(f"語{number}" for number in range(40_000))[:200_000]
    entry = an_entry(1, detailedDescription=words, briefSummary=words, eligibility={"criteria": words})
    assert await store.trials.put(entry) is CREATED
    assert (await store.trials.get("NCT00000001")).trial == entry.trial


async def test_trials_read_by_another_compiler_are_found(store: Store) -> None:
    await store.trials.put_forms([stored_form(an_entry(nct)) for nct in (1, 2, 3)])
    found = [each.trial async for batch in store.trials.read_by_others("another", size=2) for each in batch]
    assert found == [a_trial(1), a_trial(2), a_trial(3)]
    assert await store.trials.count_read_by_others("another") == 3


async def test_what_was_changed_meanwhile_is_not_put_back(store: Store) -> None:
    forms = [stored_form(an_entry(nct)) for nct in (1, 2)]
    await store.trials.put_forms(forms)
    [stale] = [batch async for batch in store.trials.read_by_others("another")]
    await store.trials.put(an_entry(1, acronym="NEW"))
    again = [stored_form(an_entry(nct, acronym="AGAIN")) for nct in (1, 2)]
    assert await store.trials.put_anew(again, [each.digest for each in stale]) == (PutOutcome.UPDATED,)
    assert (await store.trials.get("NCT00000001")).trial.acronym == "NEW"
    assert (await store.trials.get("NCT00000002")).trial.acronym == "AGAIN"


async def test_a_query_that_takes_too_long_is_given_up(settings: Settings, database: str) -> None:
    connection = await asyncpg.connect(database)
    async with open_store(replace(settings, statement_timeout_s=0.1)) as store, connection.transaction():
        await connection.execute("LOCK TABLE corpus")
        with pytest.raises(QueryTimedOut, match="too long"):
            await store.trials.corpus()
    await connection.close()


async def test_a_lost_database_is_named(settings: Settings) -> None:
    async with open_store(settings) as store:
        pass
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await store.trials.corpus()


async def test_a_value_that_the_database_cannot_hold_is_refused(store: Store) -> None:
    with pytest.raises(InvalidParameter):
        await store.trials.page(TrialQuery(q=("nul \x00",)))
