"""Clinical scales: names, classes, and what every row must obey."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reference import scales
from service.reference.names import normal
from service.reference.scales import NAMES, ROMAN, SCALES, Covered, by_name

CLASSES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "scales_classes.toml").read_text("utf-8"))[
    "case"
]
ROWS = tuple(SCALES.values())


@pytest.mark.parametrize(
    ("name", "key"),
    [("ECOG", "ecog"), ("WHO performance status", "ecog"), ("Zubrod", "ecog"), ("PS", "ecog"), ("ps", None),
     ("Eastern Cooperative Oncology Group (ECOG) performance status", "ecog"), ("Karnofsky score", "karnofsky"),
     ("KPS", "karnofsky"), ("Lansky", "lansky"), ("NYHA functional class", "nyha"), ("ASA physical status", "asa"),
     ("Child-Pugh", "child_pugh"), ("CTCAE grade", "ctcae"), ("MMSE", "mmse"), ("MoCA", "moca"), ("EDSS", "edss"),
     ("Hoehn & Yahr", "hoehn_yahr"), ("NIHSS", "nihss"), ("mRS", "modified_rankin"), ("GCS", "gcs"), ("HAM-D", "ham_d"),
     ("PHQ-9", "phq9"), ("PANSS total score", "panss"), ("VAS", "pain"), ("DAS28-CRP", "das28"), ("MELD-Na", "meld"),
     ("SOFA", "sofa"), ("APACHE II", "apache_ii"), ("Apgar", "apgar"), ("IGA", "iga"), ("iga", None),
     ("modified Medical Research Council dyspnoea scale", "mmrc"), ("mMRC", "mmrc"), ("haemoglobin", None), ("", None)],
)  # fmt: skip
def test_a_name_finds_its_scale(name: str, key: str | None) -> None:
    found = by_name(name)
    assert (found.key if found else None) == key


@pytest.mark.parametrize("case", CLASSES, ids=lambda case: f"{case['scale']} {case['label']}")
def test_a_class_covers_its_scores(case: dict[str, Any]) -> None:
    scale = by_name(case["scale"])
    assert scale is not None
    expected = None
    if case["covers"]:
        low, high = case["covers"]
        expected = Covered(low, float(high.lstrip("<")), below=high.startswith("<"))
    assert scale.covers(case["label"]) == expected


def test_scores_are_ordered_and_names_written_as_compared() -> None:
    assert [scale.key for scale in ROWS if scale.low >= scale.high or scale.step < 0] == []
    names = [name for scale in ROWS for name in scale.names]
    assert [name for name in names if normal(name) != name] == []
    assert len(set(names)) == len(names)


def test_classes_lie_on_the_scale_and_mean_themselves() -> None:
    for scale in ROWS:
        for label, score in scale.classes.items():
            assert scale.low <= score <= scale.high, scale.key
            assert scale.score(label) == score, scale.key


def test_roman_numerals_mean_their_number() -> None:
    for scale in ROWS:
        numbers = [scale.classes.get(label, number) for number, label in enumerate(ROMAN, start=1)]
        assert numbers == list(range(1, len(ROMAN) + 1)), scale.key


@pytest.mark.parametrize(
    ("key", "higher_is_better"),
    [("ecog", False), ("karnofsky", True), ("lansky", True), ("nyha", False), ("mmse", True), ("pain", False),
     ("gcs", True), ("meld", False), ("apgar", True), ("fitzpatrick", None), ("tanner", None)],
)  # fmt: skip
def test_the_better_end_is_known(key: str, higher_is_better: bool | None) -> None:
    assert SCALES[key].higher_is_better is higher_is_better


@given(st.text(max_size=60))
def test_looking_up_any_text_is_total(text: str) -> None:
    assert by_name(text) is None or by_name(text) in SCALES.values()


@given(st.sampled_from(sorted(SCALES)), st.text(max_size=8))
def test_any_label_has_a_score_on_the_scale_or_none(key: str, label: str) -> None:
    score = SCALES[key].score(label)
    assert score is None or SCALES[key].low <= score <= SCALES[key].high


@given(st.sampled_from(sorted(NAMES)))
def test_a_listed_name_is_found(name: str) -> None:
    assert by_name(name) is SCALES[NAMES[name]]


@pytest.mark.parametrize("row", [{"range": [3, 3]}, {"range": [0, 2], "classes": "I..III"}])
def test_a_bad_row_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"scales\.toml: `bad`"):
        scales._scale("bad", {"name": "Bad", "names": "bad", "better": "low", **row})
