"""A registry's study as it is stored, or why it cannot be; runs in a worker process."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from service.criteria import compile_trial
from service.errors import ServiceError
from service.ingest.walk import Study
from service.schemas.issue import IssueSeverity
from service.sources import read
from service.store import Entry, Refusal, StoredForm, stored_form
from service.validate import validate

SOURCE = "ctgov"
BROKEN = "internal_error"


class Examined(NamedTuple):
    """A study, and what is stored of it or why nothing is."""

    study: Study
    found: StoredForm | Refusal


def examine(studies: Sequence[Study], engine: str) -> list[Examined]:
    """Each study by itself."""
    return [Examined(study, _examined(study, engine)) for study in studies]


def refused(study: Study, engine: str, code: str, detail: str) -> Refusal:
    """The study, with the reason why it is not stored."""
    sha256 = hashlib.sha256(study.data).digest()
    return Refusal(study.nct, study.updated, SOURCE, sha256, engine, code, detail, study.data)


def _examined(study: Study, engine: str) -> StoredForm | Refusal:
    """A record that the validator finds unusable is refused as one that cannot be read."""
    try:
        trial = read(study.data, SOURCE)
        criteria = compile_trial(trial)
        issues = validate(trial, criteria)
        for issue in issues:
            if issue.severity is IssueSeverity.ERROR:
                return refused(study, engine, issue.code, issue.message)
        return stored_form(Entry(trial=trial, criteria=criteria, issues=issues, engine=engine))
    except ServiceError as error:
        return refused(study, engine, error.code, str(error))
    except Exception as error:  # noqa: BLE001 – a fault of ours in one study must not cost the others
        return refused(study, engine, BROKEN, f"could not be read and compiled: {type(error).__name__}")
