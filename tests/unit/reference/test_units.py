"""Units: codes by UCUM's grammar, conversions a clinician can check, spellings of real texts."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.reference.analytes import ANALYTES
from service.reference.spelling import by_spelling
from service.reference.ucum import TABLES, UnknownUnitError
from service.reference.units import (
    SPELLINGS,
    UNITS,
    Substance,
    commensurable,
    convert,
    is_unit,
    scan,
    ucum,
    unit,
)  # fmt: skip

HERE = Path(__file__).parent


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"), parse_float=Decimal)


CONVERSIONS: list[dict[str, Any]] = table("units_conversions.toml")["case"]
SPELLED = [(spelling, code) for group in table("units_spellings.toml").values() for spelling, code in group.items()]
GRAMS, PRESSURES, TIMES = ("mg", "g", "kg", "ug"), ("mm[Hg]", "kPa", "cm[H2O]"), ("s", "h", "d", "wk", "mo", "a")
KINDS = (
    GRAMS, PRESSURES, TIMES, ("mg/dL", "g/L", "ng/mL", "ug/uL"), ("10*9/L", "/uL", "{cells}/mm3", "10*3/uL"),
    ("%", "1", "mg/g", "[ppm]"), ("Cel", "[degF]", "K"), ("U/L", "[IU]/mL", "ukat/L"), ("m", "[in_i]", "um"),
    ("mL/min", "L/h", "mL/min/{1.73_m2}"),
)  # fmt: skip
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6)
CLOSE = Decimal("1e-30")


def close(one: Decimal | None, other: Decimal | None) -> bool:
    """Equal but for the fiftieth digit."""
    return one is not None and other is not None and abs(one - other) <= CLOSE * max(Decimal(1), abs(one))


@pytest.mark.parametrize("case", CONVERSIONS, ids=lambda case: str(case["note"]))
def test_conversions_agree_with_published_figures(case: dict[str, Any]) -> None:
    analyte = ANALYTES[case["analyte"]] if "analyte" in case else None
    found = convert(Decimal(case["value"]), case["from"], case["to"], analyte)
    assert found is not None
    assert abs(found - case["gives"]) <= abs(case["gives"]) * case["within"]


@pytest.mark.parametrize(("spelling", "code"), SPELLED, ids=[spelling for spelling, _ in SPELLED])
def test_spellings_mean_their_code(spelling: str, code: str) -> None:
    assert (ucum(spelling) or "") == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "foo",
        "mg//dL",
        "mg/",
        "/",
        ".",
        "mg dL",
        "(mg",
        "mg)(",
        "mg)",
        ")mg(",
        "mgL",
        "m[hg]",
        "x" * 61,
        "Cel/h",
        "h.Cel",
        "Cel2",
        "{open",
        "1.73",
        "0",
        "mg/0",
        "m999",
    ],
)
def test_what_is_no_ucum_code_is_refused(code: str) -> None:
    with pytest.raises(UnknownUnitError):
        unit(code)
    assert not is_unit(code)
    assert convert(Decimal(1), code, "mg") is None


@pytest.mark.parametrize(
    ("code", "same"),
    [("mg/dL", "10.mg/L"), ("/uL", "10*9/L.1/1000"), ("m2", "m.m"), ("(mg/dL)/h", "mg/dL/h"), ("m-2", "/m2"),
     ("2.[lb_av]", "32.[oz_av]"), ("mm[Hg]", "133322.Pa/1000"), ("{cells}/uL", "/uL"), ("g{wet}", "g"),
     ("mL/min/{1.73_m2}", "mL/min"), ("10^3", "10*3"), ("a", "365.d.1461/1460")],
)  # fmt: skip
def test_codes_are_read_by_the_grammar(code: str, same: str) -> None:
    assert unit(code) == unit(same)


@pytest.mark.parametrize(
    ("one", "other", "analyte"),
    [("mg/dL", "umol/L", None), ("mg/dL", "mmol/L", "albumin"), ("meq/L", "mmol/L", None), ("g", "L", None),
     ("10*9/L", "%", "anc"), ("{copies}/mL", "[IU]/mL", "hbv_dna"), ("[pH]", "1", None), ("ng/mL", "m[IU]/L", "tsh"),
     ("mg/dL", "nmol/L", "lp_a"), ("s", "%", "pt"), ("mL", "mL/min", None), ("{score}", "kg", None),
     ("{cells}/[HPF]", "%", "eosinophils")],
)  # fmt: skip
def test_what_measures_different_things_does_not_convert(one: str, other: str, analyte: str | None) -> None:
    substance = ANALYTES[analyte] if analyte else None
    assert convert(Decimal(1), one, other, substance) is None
    assert not commensurable(one, other, substance)


def test_a_unit_converts_to_itself_even_when_unknown() -> None:
    assert convert(Decimal("1.50"), "furlong", "furlong") == Decimal("1.50")


def test_an_equation_holds_for_its_own_substance_only() -> None:
    hba1c = ANALYTES["hba1c"]
    assert convert(Decimal(48), "mmol/mol", "%", hba1c) == Decimal("6.54304")
    assert convert(Decimal(48), "mmol/mol", "%") == Decimal("4.8")
    assert convert(Decimal("0.07"), "1", "mmol/mol", hba1c) == convert(Decimal(7), "%", "mmol/mol", hba1c)


def test_mass_and_activity_meet_in_moles() -> None:
    insulin = ANALYTES["insulin"]
    moles = convert(Decimal(1), "ug/L", "pmol/L", insulin)
    assert moles is not None
    assert close(convert(Decimal(1), "ug/L", "m[IU]/L", insulin), convert(moles, "pmol/L", "m[IU]/L", insulin))


@given(NUMBERS, st.sampled_from(KINDS), st.data())
def test_a_conversion_there_and_back_returns_the_number(
    number: Decimal, kind: tuple[str, ...], data: st.DataObject
) -> None:
    one, other = data.draw(st.sampled_from(kind)), data.draw(st.sampled_from(kind))
    there = convert(number, one, other)
    assert there is not None
    assert close(number, convert(there, other, one))


@given(NUMBERS, st.sampled_from(KINDS), st.data())
def test_a_detour_over_a_third_unit_changes_nothing(
    number: Decimal, kind: tuple[str, ...], data: st.DataObject
) -> None:
    one, by, other = (data.draw(st.sampled_from(kind)) for _ in range(3))
    half = convert(number, one, by)
    assert half is not None
    assert close(convert(number, one, other), convert(half, by, other))


@given(NUMBERS, NUMBERS, st.sampled_from(KINDS), st.data())
def test_conversion_keeps_the_order_of_numbers(
    one: Decimal, other: Decimal, kind: tuple[str, ...], data: st.DataObject
) -> None:
    assume(one < other)
    start, end = data.draw(st.sampled_from(kind)), data.draw(st.sampled_from(kind))
    low, high = convert(one, start, end), convert(other, start, end)
    assert low is not None
    assert high is not None
    assert low < high


@given(st.sampled_from(sorted(ANALYTES)), NUMBERS)
def test_every_substance_converts_there_and_back(key: str, number: Decimal) -> None:
    analyte = ANALYTES[key]
    others = [equation.unit for equation in analyte.equations]
    others += ["mmol/L"] if analyte.molar_mass and commensurable(analyte.unit, "mmol/L", analyte) else []
    for other in others:
        there = convert(number, analyte.unit, other, analyte)
        assert there is not None
        assert close(number, convert(there, other, analyte.unit, analyte))


@given(st.text(max_size=40), st.integers(0, 40))
def test_scanning_any_text_is_total(text: str, start: int) -> None:
    found = scan(text, min(start, len(text)))
    assert found is None or (min(start, len(text)) < found.end <= len(text) and is_unit(found.code))


@given(st.lists(st.sampled_from([*SPELLINGS, " ", "/", "x10^9", "per ", "²", "-1"]), max_size=6).map("".join))
def test_scanning_anything_like_a_unit_gives_units(text: str) -> None:
    found = scan(text)
    assert found is None or is_unit(found.code)
    assert ucum(text) is None or is_unit(ucum(text) or "")


@given(st.sampled_from(sorted({code for _, code in SPELLED if code})))
def test_a_code_means_itself(code: str) -> None:
    assert ucum(code) == code


@pytest.mark.parametrize(
    ("text", "rest"),
    [("mg/dL at screening", " at screening"), ("years old…", "…"), ("months. Then", ". Then"), ("h. R", ". R"),
     ("mL/min/foo", "/foo"), ("x 10^9/L, or", ", or"), ("mg per the protocol", " per the protocol"), ("%).", ")."),
     ("m in length", " in length"), ("mm Hg)", ")")],
)  # fmt: skip
def test_a_unit_in_running_text_ends_where_it_ends(text: str, rest: str) -> None:
    found = scan(text)
    assert found is not None
    assert text[found.end :] == rest


def test_every_row_of_the_table_is_a_unit() -> None:
    codes = {
        *UNITS,
        *TABLES.spelling,
        *TABLES.alone.values(),
        *TABLES.counted,
        *TABLES.exact.values(),
        *TABLES.composed.values(),
    }
    assert [code for code in sorted(codes) if code not in {"10*", "10^"} and not is_unit(code)] == []


@pytest.mark.parametrize("text", ["C of the liver", "in the liver", "F", "score", "ratio of"])
def test_what_is_a_unit_in_a_field_is_none_in_a_sentence(text: str) -> None:
    assert scan(text) is None


def test_a_substance_may_have_nothing_special() -> None:
    plain = Substance(unit="mg/dL")
    assert convert(Decimal(1), "mg/dL", "g/L", plain) == Decimal("0.01")
    assert convert(Decimal(1), "mg/dL", "mmol/L", plain) is None


def test_two_codes_may_not_share_a_spelling() -> None:
    with pytest.raises(ValueError, match="spells `g` and `mg` both `grams`"):
        by_spelling([("g", "gram | grams"), ("mg", "grams")])
