"""What phrases, sentences and codes mean, and what is a kind of what: the tables, then the laws."""

import tomllib
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, convert

from service.reference import concepts
from service.reference.concepts import (
    ConceptKind,
    ancestors,
    by_code,
    concept,
    is_a,
    lookup,
    mentions,
    path,
    resolve,
    suggest,
)
from service.schemas.coding import ICD10CM, LOINC, MESH, RXNORM, SNOMED_CT

HERE = Path(__file__).parent
IDS = st.integers(0, len(concepts.INDEX.ids) - 1).map(concepts.INDEX.ids.restore_key)
Row = TypeVar("Row", bound=Struct)
PIECES = st.sampled_from(
    ["acute lymphoblastic leukemia", "ALL", "all", "patients", "HIV", "breast cancer", "CAR-T", ",", "/", "-", "(", ")",
     "\n", "\n\n", ".", "’s", "İ", "ß", "é", "leukaemias", "CD19",
     "type 2", "diabetes", " and ", "no ", "5", "\x00", "𝒜"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES).map(" ".join))


class Named(Struct, frozen=True, rename={"means": "is"}):
    means: str | tuple[str, ...]
    names: tuple[str, ...]
    note: str = ""


class Narrowed(Struct, frozen=True, rename={"means": "is"}):
    phrase: str
    means: str
    rest: tuple[str, ...]
    note: str = ""


class Coded(Struct, frozen=True):
    codes: tuple[str, ...]
    means: str
    note: str = ""


class Sentence(Struct, frozen=True):
    text: str
    found: tuple[tuple[str, ...], ...]
    note: str = ""


def table(name: str, kind: type[Row]) -> list[Row]:
    rows = tomllib.loads((HERE / f"concepts_{name}.toml").read_text())["case"]
    return [convert(row, kind) for row in rows]


def pairs(answer: str) -> list[tuple[str, str]]:
    return convert(tomllib.loads((HERE / "concepts_kinds.toml").read_text())[answer], list[tuple[str, str]])


def the(name: str) -> str:
    """Id of the one concept of that name or id."""
    if name in concepts.INDEX.ids:
        return name
    found = lookup(name)
    assert len(found) == 1, f"{name}: {found}"
    return found[0].id


@pytest.mark.parametrize(
    ("name", "means"), [(name, case.means) for case in table("names", Named) for name in case.names]
)
def test_a_phrase_means_its_concept(name: str, means: str | tuple[str, ...]) -> None:
    assert [known.id for known in lookup(name)] == ([the(means)] if isinstance(means, str) else list(means))


@pytest.mark.parametrize("case", table("resolved", Narrowed), ids=lambda case: case.phrase)
def test_what_narrows_a_phrase_is_handed_back(case: Narrowed) -> None:
    found = resolve(case.phrase)
    assert ([known.id for known in found.concepts], found.rest) == ([the(case.means)] if case.means else [], case.rest)


@pytest.mark.parametrize(("narrow", "broad"), pairs("yes"))
def test_a_kind_is_one(narrow: str, broad: str) -> None:
    assert is_a(the(narrow), the(broad))
    assert path(the(narrow), the(broad))[0].id == the(narrow)
    assert path(the(narrow), the(broad))[-1].id == the(broad)


@pytest.mark.parametrize(("narrow", "broad"), pairs("no"))
def test_no_kind_is_none(narrow: str, broad: str) -> None:
    assert not is_a(the(narrow), the(broad))
    assert path(the(narrow), the(broad)) == ()


@pytest.mark.parametrize(
    ("code", "means"), [(code, case.means) for case in table("codes", Coded) for code in case.codes]
)
def test_a_code_means_its_concept(code: str, means: str) -> None:
    assert [known.id for known in by_code(ICD10CM, code)] == ([the(means)] if means else [])


@pytest.mark.parametrize("case", table("text", Sentence), ids=lambda case: case.note or case.text[:40])
def test_a_sentence_mentions(case: Sentence) -> None:
    found = [(case.text[start:end], *readings) for start, end, readings in mentions(case.text)]
    assert [(words, *sorted(readings)) for words, *readings in found] == [
        (words, *sorted(map(the, readings))) for words, *readings in case.found
    ]


@pytest.mark.parametrize(
    ("code", "means"),
    [("D007938", "MESH:D007938"), ("D000007938", "MESH:D007938"), ("D000091662", ""), ("d007938", "MESH:D007938")],
)
def test_a_mesh_id_may_be_padded(code: str, means: str) -> None:
    """Some records write ten characters for nine; some ids really have nine digits."""
    known = [found.id for found in by_code(MESH, code)]
    assert known == ([means] if means else known)
    assert "MESH:D091662" not in known


def test_other_code_systems_are_cited_or_answer_with_nothing() -> None:
    assert by_code(LOINC, "C91.0") == ()
    assert by_code(SNOMED_CT, "91857003") == (concept("MESH:D054198"),)
    assert by_code(RXNORM, "24698") == (concept("MESH:C024352"),)


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(KeyError):
        concept("MESH:nothing")
    with pytest.raises(KeyError):
        ancestors("MESH:nothing")


def test_a_therapy_knows_its_target() -> None:
    assert concepts.targets(the("CD19 CAR-T")) == (the("CD19"),)
    assert concepts.targets(the("asthma")) == ()


@pytest.mark.parametrize(
    ("typed", "means"),
    [("leukaem", "Leukemia"), ("t-al", "T-ALL"), ("acute lymphobl", "ALL"), ("AM", "AML"), ("type 2 dia", "T2DM")],
)
def test_a_phrase_is_suggested_before_it_is_whole(typed: str, means: str) -> None:
    assert the(means) in [known.id for known in suggest(typed)]


def test_nothing_is_suggested_for_nothing() -> None:
    assert suggest("") == suggest(" ?") == suggest("zzzzqq") == ()


def test_a_condition_that_is_a_therapy_is_told_by_its_kind() -> None:
    assert lookup("CAR-T")[0].kind is ConceptKind.PROCEDURE


@given(TEXTS)
def test_mentions_stand_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for mention in mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.concepts
        assert all(concept(id_).id == id_ for id_ in mention.concepts)
        end = mention.end


@given(TEXTS)
def test_any_text_may_be_looked_up(text: str) -> None:
    assert lookup(text) == lookup(text)
    found = resolve(text)
    assert found.concepts or found.rest == ()
    assert len(suggest(text, 3)) <= 3


@given(TEXTS)
def test_a_mention_alone_means_what_it_means_in_the_text(text: str) -> None:
    for mention in mentions(text):
        assert tuple(known.id for known in lookup(text[mention.start : mention.end])) == mention.concepts


@given(IDS)
def test_everything_is_of_its_own_kind_and_broader_is_never_narrower(id_: str) -> None:
    assert is_a(id_, id_)
    for above in ancestors(id_):
        assert not is_a(above, id_)
        assert ancestors(above) <= ancestors(id_)
        assert id_ in concepts.descendants(above)


@given(IDS)
def test_every_concept_is_found_by_its_name_or_shares_it(id_: str) -> None:
    known = concept(id_)
    assert path(id_, id_) == (known,)
    assert known.name


@given(st.text(max_size=20), st.sampled_from(sorted(concepts.SYSTEMS)))
def test_any_code_may_be_asked(code: str, system: str) -> None:
    assert isinstance(by_code(system, code), tuple)
