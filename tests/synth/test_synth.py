"""Invented trials: valid, the same for the same seed, and as frequent in their parts as the registry's."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import pytest

from service.cli import main
from service.criteria import compile_trial
from service.ingest import documents
from service.reference import concepts
from service.schemas.trial import OverallStatus, Trial
from service.sources import read
from service.synth import tables, trials
from service.synth.grammar import sentence

SAMPLE = 4000


@pytest.fixture(scope="module")
def sample() -> tuple[Trial, ...]:
    return tuple(trials(SAMPLE))


def per_mille(sample: tuple[Trial, ...], name: str) -> float:
    """How often a trial has the disease or a kind of it."""
    meant = {each.id for each in concepts.lookup(name)}
    meant = meant.union(*map(concepts.descendants, meant))
    found = sum(
        any(each.id in meant for disease in trial.conditions for each in concepts.lookup(disease)) for trial in sample
    )
    return 1000 * found / len(sample)


def strings(value: object) -> Iterator[str]:
    """Every text in a tree of built-in values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


FREQUENCIES = (("Leukemia", 7, 13), ("Breast Cancer", 16, 27), ("Cancer", 140, 230), ("Asthma", 5, 20))


@pytest.mark.parametrize(("disease", "low", "high"), FREQUENCIES)
def test_diseases_are_as_frequent_as_in_the_registry(
    sample: tuple[Trial, ...], disease: str, low: float, high: float
) -> None:
    assert low <= per_mille(sample, disease) <= high


def test_a_sixth_of_the_trials_is_open(sample: tuple[Trial, ...]) -> None:
    counts = Counter(trial.overall_status for trial in sample)
    assert 0.14 < (counts[OverallStatus.RECRUITING] + counts[OverallStatus.NOT_YET_RECRUITING]) / SAMPLE < 0.18


def test_every_trial_is_read_back_as_it_was(sample: tuple[Trial, ...]) -> None:
    for trial in sample[:200]:
        assert msgspec.structs.replace(read(msgspec.json.encode(trial)), provenance=None) == trial


def test_a_seed_says_it_all_and_more_trials_begin_with_the_same() -> None:
    assert list(trials(5, seed=7)) == list(islice(trials(9, seed=7), 5)) != list(trials(5, seed=8))


def test_trials_are_made_one_at_a_time() -> None:
    endless = trials(10**12)
    assert isinstance(endless, Iterator)
    assert [each.nct_id for each in islice(endless, 2)] == ["NCT90000000", "NCT90000001"]


def test_no_slot_is_left_open(sample: tuple[Trial, ...]) -> None:
    assert [trial.nct_id for trial in sample if any("{" in said for said in strings(msgspec.to_builtins(trial)))] == []


def test_texts_are_lists_that_compile(sample: tuple[Trial, ...]) -> None:
    counts = [len(compile_trial(trial)) for trial in sample[:100]]
    assert 10 < sum(counts) / len(counts) < 25


@pytest.mark.parametrize("area", tables.areas())
def test_every_shape_can_be_said(area: str) -> None:
    field = tables.areas()[area]
    table = {**tables.shapes(), "disease": ["Gout"], "drug": field.drugs, "outcome": field.outcomes, "city": ["Lyon"]}
    shapes = [*field.inclusion, *field.exclusion, *(each for name in table for each in table[name])]
    assert all("{" not in sentence(shape, table, Random(1)) for shape in shapes)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_the_command_writes_the_same_bytes_for_the_same_seed(tmp_path: Path, name: str) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        assert main(["synth", "--trials", "20", "--out", str(tmp_path / folder / name)]) == 0
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(list(documents([tmp_path / "one"]))) == 20
