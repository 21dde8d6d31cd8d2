"""The vocabulary over HTTP: the table in concepts.toml, and what is known of one concept."""

import tomllib
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec import Struct

from service.api.neighbours import known
from service.api.spelled import preferred_names
from service.reference import concepts as vocabulary
from service.schemas.concept import ConceptKind, ConceptPage, ConceptRecord


class Case(Struct, forbid_unknown_fields=True):
    note: str
    typed: str
    first: str
    kind: str = ""
    matched: str | None = None


CASES = msgspec.convert(tomllib.loads((Path(__file__).parent / "concepts.toml").read_text())["case"], list[Case])


async def found(api: httpx.AsyncClient, **asked: str | int) -> ConceptPage:
    answer = await api.get("/concepts", params=asked)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=ConceptPage)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note)
async def test_what_is_meant_comes_first(api: httpx.AsyncClient, case: Case) -> None:
    asked = {"q": case.typed} | ({"kind": case.kind} if case.kind else {})
    first = (await found(api, **asked)).concepts[0]
    assert (first.name, first.matched) == (case.first, case.matched)


async def test_the_answer_is_bounded_and_names_each_concept_once(api: httpx.AsyncClient) -> None:
    assert len((await found(api, q="carcinoma")).concepts) == 20
    ids = [each.id for each in (await found(api, q="carcinoma", pageSize=100)).concepts]
    assert len(ids) == len(set(ids)) == 100


async def test_several_kinds_mean_or(api: httpx.AsyncClient) -> None:
    several = await found(api, q="hepatitis", kind="organism,antigen", pageSize=50)
    assert {each.kind for each in several.concepts} == {ConceptKind.ORGANISM, ConceptKind.ANTIGEN}


@pytest.mark.parametrize("typed", ["zzzzqq", "?", "   ", "((", "\\", "%", "a"])
async def test_nothing_found_is_an_empty_list(api: httpx.AsyncClient, typed: str) -> None:
    assert not (await found(api, q=typed)).concepts


async def test_a_concept_says_what_it_is_and_what_is_above_it(api: httpx.AsyncClient) -> None:
    answer = await api.get("/concepts/MESH:D054198")
    record = msgspec.json.decode(answer.content, type=ConceptRecord)
    assert record.kind is ConceptKind.DISEASE
    assert {"ALL", "acute lymphoblastic leukemia"} <= set(record.synonyms)
    codes = {(each.system.rpartition("/")[2], each.code) for each in record.codes}
    assert {("icd-10-cm", "C91.0"), ("icd-10-cm", "C91.00"), ("mesh", "D054198")} <= codes
    above = [each.id for each in record.ancestors]
    assert len(above) == len(set(above))
    assert set(above) == vocabulary.ancestors(record.id)
    assert [each.id for each in record.parents] == above[: len(record.parents)]


async def test_the_trials_that_name_a_concept_are_counted(api: httpx.AsyncClient) -> None:
    named = (await api.get("/concepts/MESH:D054198")).json()["trials"]
    widened = (await api.get("/trials?condition=MESH:D054198&countTotal=true&pageSize=1")).json()["totalCount"]
    assert 0 < named <= widened


@pytest.mark.parametrize("id_", ["MESH:D000", "nothing", "MESH%3AD999999", "%20"])
async def test_an_id_that_the_vocabulary_lacks_is_not_found(api: httpx.AsyncClient, id_: str) -> None:
    answer = await api.get(f"/concepts/{id_}")
    assert answer.status_code == 404


def test_every_kind_has_its_name_on_the_wire() -> None:
    assert [each.value for each in ConceptKind] == [each.value for each in vocabulary.ConceptKind]


def test_every_kind_of_id_can_be_shown() -> None:
    ids = vocabulary.INDEX.ids.keys()
    for each in ids[:: len(ids) // 300]:
        record = known(each)
        assert record.id == each
        assert record.name not in record.synonyms


def test_names_stand_where_they_are_said_to() -> None:
    names = preferred_names()
    assert len(names.starts) == len(vocabulary.INDEX.kinds) + 1
    number = vocabulary.INDEX.ids["MESH:D007938"]
    assert names.text[names.starts[number] : names.starts[number + 1]] == " leukemia\n"
