"""The bundled registry: valid, varied, and without a word that names a person."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from service import demo
from service.schemas.patient import Patient
from service.schemas.report import MatchRequest
from service.schemas.trial import Trial

TRIALS = tuple(msgspec.json.decode(line, type=Trial) for line in demo.trials().splitlines())
PATIENTS = tuple(sorted((Path(demo.__file__).parent / "patients").glob("*.json")))


def test_trials_are_distinct_and_many() -> None:
    assert len({trial.nct_id for trial in TRIALS}) == len(TRIALS) >= 24


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.nct_id)
def test_a_demo_trial_can_be_matched(trial: Trial) -> None:
    assert trial.eligibility is not None
    assert trial.eligibility.criteria
    assert trial.conditions


def test_no_contacts_are_shipped() -> None:
    text = demo.trials().decode()
    assert not any(trial.contacts or any(site.contacts for site in trial.locations) for trial in TRIALS)
    assert not re.search(r"@|\+\d{6,}|\bDr\.? |Ph\.?D", text)


@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_a_demo_patient_is_a_valid_request(path: Path) -> None:
    assert msgspec.json.decode(path.read_bytes(), type=MatchRequest).patient is not None


def test_one_demo_patient_says_nothing_at_all() -> None:
    assert json.loads((PATIENTS[0].parent / "empty.json").read_text())["patient"] == {}
    assert Patient() == msgspec.convert({}, Patient)
