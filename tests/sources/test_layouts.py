"""Real registry records, laid out as each site prints a trial, are read back field by field."""

import gzip
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from service.schemas.trial import Trial
from service.sources import read, records
from tests.sources.documents import HERE
from tests.sources.layouts import ctgov_bars, ctgov_plain, meddatax, medpath, veeva

pytestmark = pytest.mark.shared
RECOVERED = tomllib.loads((HERE / "recovered.toml").read_text())
LAYOUTS: dict[str, ModuleType] = {
    "veeva": veeva,
    "medpath": medpath,
    "meddatax": meddatax,
    "ctgov_bars": ctgov_bars,
    "ctgov_plain": ctgov_plain,
}
EVERY = 8  # one record in eight: the whole set takes minutes


@pytest.fixture(scope="module")
def trials(shared: Path) -> list[Trial]:
    """Real trials of many fields."""
    container = gzip.decompress((shared / "data" / "ctgov-v2-dev.jsonl.gz").read_bytes())
    return [read(document) for _, document in list(records(container))[::EVERY]]


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_a_site_shows_of_a_record_is_recovered(trials: list[Trial], name: str) -> None:
    layout = LAYOUTS[name]
    lost: Counter[str] = Counter()
    for trial in trials:
        found = read(layout.page(trial).encode())
        lost.update(differences(layout.shown(trial), found, trial))
    allowed = {field: len(trials) * (100 - floor) / 100 for field, floor in RECOVERED[name].items()}
    assert {field: count for field, count in lost.items() if count > allowed.get(field, 0)} == {}


def differences(shown: Trial, found: Trial, trial: Trial) -> Iterator[str]:
    """The fields that differ, but for blanks; the criteria by their words, as sites have headings of their own."""
    for field in shown.__struct_fields__:
        if field in ("brief_summary", "detailed_description"):
            if words(getattr(shown, field)) != words(getattr(found, field)):
                yield "summaries"
        elif field not in ("eligibility", "mesh_terms", "provenance") and comparable(shown, field) != comparable(
            found, field
        ):
            yield field
    if comparable(without_criteria(shown), "eligibility") != comparable(without_criteria(found), "eligibility"):
        yield "eligibility"
    if found.mesh_terms and [each.term for each in found.mesh_terms] != [each.term for each in trial.mesh_terms]:
        yield "mesh_terms"
    expected, got = criteria_words(trial), criteria_words(found)
    if got not in (expected, ["inclusion", "criteria", *expected]):
        yield "criteria"


def comparable(trial: Trial, field: str) -> str:
    return re.sub(r"\\n|\s", "", str(msgspec.to_builtins(getattr(trial, field))))


def without_criteria(trial: Trial) -> Trial:
    assert trial.eligibility is not None
    return msgspec.structs.replace(trial, eligibility=msgspec.structs.replace(trial.eligibility, criteria=None))


def criteria_words(trial: Trial) -> list[str]:
    assert trial.eligibility is not None
    return words(trial.eligibility.criteria)


def words(text: Any) -> list[str]:
    """Without the remains of entities that the record escaped twice."""
    return [word.lower() for word in re.findall(r"\w+", re.sub(r"&(\w+|#\d+);", "", text or ""))]
