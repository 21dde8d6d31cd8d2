"""Searching: every filter against plain Python, pages that partition the answer, tokens that fit one query."""

import base64
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from service.errors import InvalidPageToken
from service.schemas.query import Sort, TrialQuery
from service.schemas.report import Near
from service.schemas.trial import EligibleSex, OverallStatus, Phase, StudyType
from service.store import PutOutcome, Store
from service.store.position import Position, fingerprint, token_of
from tests.examples import examples
from tests.store.brute import ORDER, asked_for, in_order
from tests.store.builders import an_entry
from tests.store.conftest import Registry


def some(members: Iterable[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(list(members)), max_size=2, unique=True).map(tuple)


PLACES = st.sampled_from([(48.2, 11.6), (48.9, 2.3), (-17.0, -179.9), (90.0, 0.0), (0.0, 0.0)])
NEAR = st.builds(
    lambda place, km: Near(lat=place[0], lon=place[1], km=km), PLACES, st.sampled_from([1.0, 50.0, 800.0, 15_000.0])
)
QUERIES = st.builds(
    TrialQuery,
    status=some(OverallStatus),
    phase=some(Phase),
    study_type=some(StudyType),
    sex=some(EligibleSex),
    age=st.none() | st.sampled_from([0.0, 0.05, 0.5, 7.0, 17.0, 17.99, 18.0, 64.5, 100.0]),
    country=some(["germany", "France", "United States", "China"]),
    near=st.none() | NEAR,
    updated_since=st.none() | st.dates(date(2019, 1, 1), date(2026, 12, 31)),
    ids=some([f"NCT{number:08d}" for number in (100, 101, 155, 7)]),
    sort=st.sampled_from([*ORDER]),
)


async def every_page(store: Store, query: TrialQuery) -> list[list[str]]:
    """Ids of the trials, page by page, as a caller follows the tokens."""
    pages: list[list[str]] = []
    while True:
        page = await store.trials.page(query)
        pages.append([trial.nct_id for trial in page.trials])
        if page.next_page_token is None:
            return pages
        query = replace(query, page_token=page.next_page_token)


def joined(pages: list[list[str]]) -> list[str]:
    return [nct_id for page in pages for nct_id in page]


@examples(60)
@given(query=QUERIES, size=st.integers(1, 70))
async def test_filters_and_order_are_those_of_plain_python(small: Registry, query: TrialQuery, size: int) -> None:
    expected = in_order([trial for trial in small.trials if asked_for(query, trial)], query.sort or Sort.NCT_ID)
    pages = await every_page(small.store, replace(query, page_size=size))
    assert joined(pages) == expected
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.shared
@examples(25)
@given(query=QUERIES)
async def test_filters_on_real_records_are_those_of_plain_python(real: Registry, query: TrialQuery) -> None:
    expected = in_order([trial for trial in real.trials if asked_for(query, trial)], query.sort or Sort.NCT_ID)
    page = await real.store.trials.page(replace(query, page_size=1000, count_total=True))
    assert [trial.nct_id for trial in page.trials] == expected[:1000]
    assert page.total_count == len(expected)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_pages_partition_the_answer(small: Registry, sort: Sort, size: int) -> None:
    query = TrialQuery(q=("leukemia",), sort=sort, page_size=size, count_total=True)
    whole = await small.store.trials.page(replace(query, page_size=1000))
    seen = joined(await every_page(small.store, query))
    assert seen == [trial.nct_id for trial in whole.trials]
    assert len(set(seen)) == len(seen) == whole.total_count == 30


@pytest.fixture(params=[10_000, 0], ids=["all hits at once", "hits month by month"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many hits there are."""
    monkeypatch.setattr("service.store.hits.FEW", request.param)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("sort", ORDER)
@pytest.mark.parametrize("asked", [TrialQuery(), TrialQuery(status=(OverallStatus.COMPLETED,), phase=(Phase.PHASE2,))])
async def test_words_are_found_in_every_order(dated: Registry, sort: Sort, asked: TrialQuery) -> None:
    query = replace(asked, q=("leukemia",), sort=sort, page_size=7, count_total=True)
    with_words = [
        trial for trial in dated.trials if asked_for(asked, trial) and "leukemia" in (trial.brief_title or "")
    ]
    assert joined(await every_page(dated.store, query)) == in_order(with_words, sort)
    assert (await dated.store.trials.page(query)).total_count == len(with_words)


@pytest.mark.usefixtures("few")
async def test_the_newest_hits_are_ranked(dated: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.store.pages.RANKED_HITS", 20)
    seen = joined(await every_page(dated.store, TrialQuery(q=("leukemia",), page_size=6)))
    newest = in_order([trial for trial in dated.trials if "leukemia" in (trial.brief_title or "")], Sort.UPDATED_DESC)
    in_title = [trial.nct_id for trial in dated.trials if trial.brief_title == "leukemia"]
    assert seen[20:] == newest[20:]
    assert set(seen[:20]) == set(newest[:20])
    ranked = [nct_id in in_title for nct_id in seen[:20]]
    assert ranked == sorted(ranked, reverse=True)


async def test_unranked_hits_follow_the_ranked_ones(small: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.store.pages.RANKED_HITS", 10)
    query = TrialQuery(q=("leukemia",), page_size=4)
    seen = joined(await every_page(small.store, query))
    newest = [
        trial.nct_id
        for trial in (await small.store.trials.page(replace(query, sort=Sort.UPDATED_DESC, page_size=1000))).trials
    ]
    assert set(seen[:10]) == set(newest[:10])
    assert seen[10:] == newest[10:]


@pytest.mark.parametrize("sort", Sort)
async def test_writes_between_pages_neither_repeat_nor_lose_a_trial(store: Store, sort: Sort) -> None:
    for nct in range(10, 40):
        await store.trials.put(
            an_entry(nct, briefTitle="leukemia", dates={"lastUpdatePosted": f"2024-01-{nct % 9 + 1:02d}"})
        )
    query = TrialQuery(q=("leukemia",), sort=sort, page_size=5)
    first = await store.trials.page(query)
    for nct in (1, 25, 99):
        await store.trials.put(an_entry(nct + 1000, briefTitle="leukemia", dates={"lastUpdatePosted": "2024-01-05"}))
    rest = joined(await every_page(store, replace(query, page_token=first.next_page_token)))
    seen = [trial.nct_id for trial in first.trials] + rest
    assert len(set(seen)) == len(seen)
    assert {f"NCT{nct:08d}" for nct in range(10, 40)} <= set(seen)


WORDS = [
    ("any of the words' forms", ("leukemias",), {1, 2}),
    ("both words", ("lung leukemia",), {2}),
    ("a phrase", ('"lung cancer"',), {2}),
    ("a phrase in the wrong order", ('"cancer lung"',), set()),
    ("either word", ("asthma or lung",), {2, 3}),
    ("not a word", ("leukemia -lung",), {1}),
    ("several values mean or", ("asthma", '"lung cancer"'), {2, 3}),
    ("a quotation left open", ('"lung cancer',), {2}),
    ("words of the criteria", ("bilirubin",), {3}),
    ("an id", ("NCT00000002",), {2}),
    ("the sponsor's own number", ("ABC-77",), {1}),
    ("only words without meaning", ("of the",), set()),
    ("only punctuation", ("- \" ' & | ! ( :* \\",), set()),
]


@pytest.mark.parametrize(("words", "expected"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
async def test_words(store: Store, words: tuple[str, ...], expected: set[int]) -> None:
    await store.trials.put(an_entry(1, briefTitle="Childhood leukemia", orgStudyId="ABC-77"))
    await store.trials.put(an_entry(2, briefTitle="Leukemia after lung cancer"))
    await store.trials.put(an_entry(3, briefTitle="Asthma", eligibility={"criteria": "Bilirubin normal"}))
    page = await store.trials.page(TrialQuery(q=words))
    assert {int(trial.nct_id[3:]) for trial in page.trials} == expected


async def test_a_title_outranks_a_mention(store: Store) -> None:
    await store.trials.put(an_entry(1, briefSummary="Patients with asthma are left out. " * 3, briefTitle="Gout"))
    await store.trials.put(an_entry(2, briefTitle="Asthma in children"))
    await store.trials.put(an_entry(3, briefTitle="Lungs", conditions=["Asthma"]))
    page = await store.trials.page(TrialQuery(q=("asthma",)))
    assert [int(trial.nct_id[3:]) for trial in page.trials] == [2, 3, 1]


T_ALL = "MESH:D054218"
MEANING = [
    ("the disease", {"condition": ("T-cell acute lymphoblastic leukemia",)}, {1}),
    ("a broader disease", {"condition": ("blood cancer",)}, {1}),
    ("a code of a classification", {"condition": ("C91.0",)}, {1}),
    ("another disease", {"condition": ("asthma",)}, set()),
    ("words of a condition that the vocabulary lacks", {"condition": ("frobnication",)}, {2}),
    ("words elsewhere are no condition", {"condition": ("wobbling",)}, set()),
    ("one of several", {"condition": ("asthma", "frobnication")}, {2}),
    ("a drug", {"intervention": ("methotrexate",)}, {1}),
    ("a class of drugs", {"intervention": ("antineoplastic agents",)}, {1}),
    ("words of an intervention", {"intervention": ("zorbomab",)}, {2}),
    ("a sponsor's words", {"sponsor": ("hospital",)}, {2}),
    ("an exact phrase of a sponsor", {"sponsor": ('"example hospital"',)}, {2}),
]


@pytest.mark.parametrize(("asked", "expected"), [row[1:] for row in MEANING], ids=[row[0] for row in MEANING])
async def test_meaning(
    store: Store, asked: Mapping[str, Any], expected: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.trials.put(an_entry(1, T_ALL, conditions=["T-ALL"], interventions=[{"name": "Methotrexate"}]))
    await store.trials.put(
        an_entry(
            2,
            "word:frobnication",
            conditions=["Frobnication of the knee"],
            briefTitle="Wobbling",
            interventions=[{"name": "Zorbomab"}],
            sponsor={"name": "The Example Hospital", "class": "OTHER"},
        )
    )
    query = TrialQuery(**asked)
    monkeypatch.setattr("service.store.hits.MANY", -1)
    for each in (query, replace(query, q=("methotrexate", "wobbling"))):
        page = await store.trials.page(each)
        assert {int(trial.nct_id[3:]) for trial in page.trials} == expected


async def test_only_the_fields_asked_for_and_the_id_are_answered(small: Registry) -> None:
    page = await small.store.trials.page(TrialQuery(fields=("overallStatus", "phases"), page_size=5))
    assert {name for trial in page.trials for name in msgspec.to_builtins(trial)} <= {
        "nctId",
        "overallStatus",
        "phases",
    }


async def test_a_token_fits_other_sizes_and_fields_but_no_other_query(small: Registry) -> None:
    query = TrialQuery(study_type=(StudyType.INTERVENTIONAL,), page_size=5)
    token = (await small.store.trials.page(query)).next_page_token
    following = await small.store.trials.page(
        replace(query, page_token=token, page_size=9, count_total=True, fields=("phases",))
    )
    assert len(following.trials) == 9
    for other in (TrialQuery(page_token=token), replace(query, page_token=token, sort=Sort.NCT_ID_DESC)):
        with pytest.raises(InvalidPageToken):
            await small.store.trials.page(other)


QUERY = TrialQuery(q=("leukemia",))
FINGERPRINT = fingerprint(QUERY)
FORGED = [
    ("no base64", "!!!"),
    ("no MessagePack", base64.urlsafe_b64encode(b"nonsense").decode().rstrip("=")),
    ("too large a number", token_of(Position(FINGERPRINT, 2**40))),
    ("no number", token_of(Position(FINGERPRINT, 1, score=float("nan")))),
    ("control characters", token_of(Position(FINGERPRINT, 1, "\x00"))),
    ("of no query", token_of(Position(b"", 1))),
]


@pytest.mark.parametrize("token", [row[1] for row in FORGED], ids=[row[0] for row in FORGED])
async def test_a_forged_token_is_refused(small: Registry, token: str) -> None:
    with pytest.raises(InvalidPageToken, match="not of this search") as refused:
        await small.store.trials.page(replace(QUERY, page_token=token))
    assert refused.value.faults[0].parameter == "pageToken"


async def test_an_update_moves_a_trial_in_the_answer(store: Store) -> None:
    await store.trials.put(an_entry(1, overallStatus="RECRUITING"))
    assert await store.trials.put(an_entry(1, overallStatus="COMPLETED")) is PutOutcome.UPDATED
    assert (await store.trials.page(TrialQuery(status=(OverallStatus.RECRUITING,)))).trials == ()
    assert len((await store.trials.page(TrialQuery(status=(OverallStatus.COMPLETED,)))).trials) == 1
