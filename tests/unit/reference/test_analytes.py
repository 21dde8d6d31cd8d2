"""Analytes: names that reports and criteria use, and what every row must obey."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reference import analytes, assays, scales
from service.reference.analytes import (
    ANALYTES,
    GROUPS,
    NAMES,
    SYMBOLS,
    Analyte,
    answers,
    assumed,
    by_loinc,
    by_name,
    in_unit,
)
from service.reference.names import index, normal
from service.reference.ucum import unit
from service.reference.units import commensurable, convert
from service.schemas.quantity import Range, exact

NAMED = [
    (name, key)
    for group in tomllib.loads((Path(__file__).parent / "analytes_names.toml").read_text("utf-8")).values()
    for name, key in group.items()
]
ROWS = tuple(ANALYTES.values())

LOINC = [
    *(code for analyte in ROWS for code in analyte.loinc),
    *(code for scale in scales.SCALES.values() for code in scale.loinc),
    *assays.NAMES,
]
"""Every code of every table of results."""


def luhn(code: str) -> int:
    """The check digit that LOINC gives a code's number (modulus 10)."""
    digits = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(code), start=1)]
    return -sum(sum(divmod(digit, 10)) for digit in digits) % 10


def an_analyte(**members: object) -> Analyte:
    row = {
        "key": "iron",
        "name": "Iron",
        "names": ["iron"],
        "unit": "ug/dL",
        "plausible": Range(low=0, high=9),
        "bare": (),
    }
    return msgspec.convert({**row, **members}, Analyte)


@pytest.mark.parametrize(("name", "key"), NAMED, ids=[name for name, _ in NAMED])
def test_a_name_finds_its_row(name: str, key: str) -> None:
    found = by_name(name)
    assert (found.key if found else "") == key


def test_a_loinc_code_finds_its_row() -> None:
    assert by_loinc("777-3") is ANALYTES["platelets"]
    assert by_loinc(" 2160-0 ") is ANALYTES["creatinine"]
    assert by_loinc("0000-0") is None


@pytest.mark.parametrize(
    ("key", "code", "found"),
    [("anc", "10*9/L", "anc"), ("anc", "%", "neutrophil_percent"), ("anc", "mg", None), ("fev1", "%", "fev1_percent"),
     ("pt", "%", "prothrombin_activity"), ("pt", "1", "inr"), ("urine_protein", "mg/g", "upcr"),
     ("creatinine", "umol/L", "creatinine"), ("hbv_dna", "{copies}/mL", "hbv_dna_copies"),
     ("lp_a", "mg/dL", "lp_a_mass")],
)  # fmt: skip
def test_the_unit_tells_siblings_apart(key: str, code: str, found: str | None) -> None:
    sibling = in_unit(ANALYTES[key], code)
    assert (sibling.key if sibling else None) == found


@pytest.mark.parametrize(
    ("key", "code", "answered"),
    [("glucose_fasting", "mg/dL", ("glucose_fasting", "glucose")), ("glucose", "mg/dL", ("glucose",)),
     ("qtcf", None, ("qtcf", "qtc")), ("anc", "%", ("neutrophil_percent",)), ("anc", "mg", ("anc",)),
     ("creatinine_clearance", "mL/min", ("creatinine_clearance",))],
)  # fmt: skip
def test_a_result_answers_for_itself_and_for_the_broader_row(
    key: str, code: str | None, answered: tuple[str, ...]
) -> None:
    assert answers(ANALYTES[key], code) == answered


@pytest.mark.parametrize(
    ("key", "numbers", "code"),
    [("lvef", [0.5], "1"), ("lvef", [45], "%"), ("lvef", [0.5, 45], None), ("platelets", [50000], "/uL"),
     ("platelets", [75], "10*9/L"), ("anc", [1500], "/uL"), ("anc", [1.5], "10*9/L"), ("alt", [2.5], None),
     ("alt", [100], "U/L"), ("glucose", [7], "mmol/L"), ("glucose", [126], "mg/dL"), ("glucose", [7, 126], None),
     ("temperature", [38.5], "Cel"), ("temperature", [101], "[degF]"), ("inr", [1.5], "1"), ("qtc", [0.45], "s"),
     ("qtc", [450], "ms"), ("sbp", [90, 140], "mm[Hg]"), ("sbp", [20], None), ("bilirubin", [1.5], None),
     ("creatinine", [1.5], None), ("creatinine", [80], "umol/L"), ("weight", [50], None),
     ("bmi", [0, 35], "kg/m2"), ("inr", [0], "1"),
     ("platelets", [0], None), ("hba1c", [7], "%"), ("hba1c", [53], "mmol/mol")],
)  # fmt: skip
def test_a_number_tells_its_unit_where_only_one_can_be_meant(key: str, numbers: list[float], code: str | None) -> None:
    assert assumed(ANALYTES[key], *numbers) == code
    assert assumed(ANALYTES[key], None, *numbers) == code
    assert assumed(None, *numbers) is None


def test_no_number_fits_two_windows() -> None:
    for analyte in ROWS:
        for place, one in enumerate(analyte.bare):
            assert one.low < one.high, analyte.key
            overlapping = [other for other in analyte.bare[:place] if one.low <= other.high and other.low <= one.high]
            assert overlapping == [] or one.low == analyte.bare[place - 1].high, analyte.key


def test_the_windows_of_bare_numbers_are_plausible() -> None:
    for analyte in ROWS:
        for window in analyte.bare:
            for end in (window.low, window.high):
                number = convert(exact(end), window.unit, analyte.unit, analyte)
                assert number is not None, analyte.key
                assert analyte.plausible.contains(number), (analyte.key, window, number)


@given(st.text(max_size=60))
def test_looking_up_any_text_is_total(text: str) -> None:
    assert by_name(text) is None or by_name(text) in ANALYTES.values()


@given(st.sampled_from(sorted(NAMES)), st.sampled_from([str.upper, str.lower, str.title, "  {}\n".format]))
def test_a_listed_name_is_found_in_any_dress(name: str, dress: Callable[[str], str]) -> None:
    found = by_name(dress(name))
    assert found is not None
    assert found.key == SYMBOLS.get(dress(name).strip(), NAMES[name])


def test_loinc_codes_carry_their_check_digit() -> None:
    codes = [code.split("-") for code in LOINC]
    assert [number for number, digit in codes if luhn(number) != int(digit)] == []


def test_units_are_ucum_and_have_no_zero_of_their_own_but_temperature() -> None:
    assert {analyte.key for analyte in ROWS if unit(analyte.unit).offset} == {"temperature"}


def test_plausible_values_lie_between_two_ends() -> None:
    for analyte in ROWS:
        low, high = analyte.plausible.low, analyte.plausible.high
        assert low is not None, analyte.key
        assert high is not None, analyte.key
        assert low < high, analyte.key
        assert analyte.plausible.unit == analyte.unit, analyte.key


def test_a_molar_mass_joins_mass_and_moles() -> None:
    for analyte in ROWS:
        if analyte.molar_mass is not None:
            bases = {base for base, _ in unit(analyte.unit).dimensions}
            ratio = analyte.unit == "mg/g"  # to the creatinine in the denominator
            assert ratio or analyte.international_unit or bases & {"g", "mol", "eq"}, analyte.key
            assert 1 < analyte.molar_mass < 200_000, analyte.key


def test_siblings_share_no_unit() -> None:
    pairs = [(analyte, ANALYTES[key]) for analyte in ROWS for key in analyte.siblings]
    shared = [(one.key, other.key) for one, other in pairs if commensurable(other.unit, one.unit, one)]
    assert shared == []


def test_a_narrower_analyte_is_measured_like_the_broader_one() -> None:
    for analyte in ROWS:
        if analyte.broader:
            broader = ANALYTES[analyte.broader]
            assert broader.broader is None, analyte.key
            assert commensurable(analyte.unit, broader.unit, broader), analyte.key
            assert analyte.molar_mass == broader.molar_mass, analyte.key


def test_names_are_written_as_they_are_compared() -> None:
    names = [name for analyte in ROWS for name in analyte.names]
    assert [name for name in names if normal(name) != name] == []
    assert len(set(names)) == len(names)


def test_every_name_code_and_symbol_belongs_to_one_row() -> None:
    codes = LOINC
    symbols = [symbol for analyte in ROWS for symbol in analyte.symbols]
    symbols += [symbol for scale in scales.SCALES.values() for symbol in scale.symbols]
    assert len(codes) == len(set(codes))
    assert len(symbols) == len(set(symbols))
    assert NAMES.keys() & scales.NAMES.keys() == set()
    assert GROUPS.keys() & (NAMES.keys() | scales.NAMES.keys()) == set()


def test_a_group_names_rows_of_one_kind() -> None:
    assert GROUPS["transaminases"] == GROUPS["AST/ALT".lower()] == ("ast", "alt")
    assert GROUPS["blood pressure"] == ("sbp", "dbp")
    for keys in GROUPS.values():
        assert len({unit(ANALYTES[key].unit) for key in keys}) == 1


def test_typed_in_another_unit_a_usual_value_is_implausible() -> None:
    for key, usual in (("creatinine", 88), ("hemoglobin", 130), ("albumin", 40), ("bilirubin", 900), ("anc", 1500)):
        assert not ANALYTES[key].plausible.contains(Decimal(usual))


def test_two_rows_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="both named `iron`"):
        index([an_analyte(), an_analyte(key="ferritin")], "a table")


@pytest.mark.parametrize(
    ("members", "complaint"),
    [({"unit": "furlong"}, "furlong"), ({"bare": [("mmol", 0.0, 1.0)]}, "assumes `mmol`"),
     ({"siblings": ["none"]}, "names `none`"), ({"broader": "none"}, "names `none`"),
     ({"comparable": ["none"]}, "names `none`")],
)  # fmt: skip
def test_a_bad_row_is_refused(members: dict[str, object], complaint: str) -> None:
    analyte = an_analyte(**members)
    with pytest.raises(ValueError, match=complaint):
        analytes._checked({analyte.key: analyte})


def test_one_unit_of_every_molar_analyte_is_positive() -> None:
    for analyte in ROWS:
        if analyte.molar_mass and commensurable(analyte.unit, "mol/L", analyte):
            moles = convert(Decimal(1), analyte.unit, "mol/L", analyte)
            assert moles is not None
            assert 0 < moles < 1


def test_plausible_ranges_are_ranges() -> None:
    assert ANALYTES["inr"].plausible == Range(low=0.5, high=30, unit="1")
