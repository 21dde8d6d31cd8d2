"""Verdicts against physicians' labels: `python -m tests.eval.verdicts [--show]`.

One label a patient and criterion. "Not applicable" and "not enough information" both count as undecided. A record is
read as closed (`absent_is_no`), as the notes that the physicians read were. Reported: how much is decided on either
side, how often the two agree where both decide, and every disagreement.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from service.criteria import compile_text
from service.criteria.patient.facts import Facts
from service.match.evaluate import evaluate
from service.match.verdict import verdict_of
from service.schemas.criterion import Criterion
from service.schemas.patient import Patient
from service.schemas.report import Policy, Verdict

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
LABELS = {
    "included": Verdict.MET,
    "not included": Verdict.NOT_MET,
    "excluded": Verdict.NOT_MET,
    "not excluded": Verdict.MET,
}


class Row(NamedTuple):
    """One labelled pair and what came out of it."""

    patient: str
    trial: str
    kind: str
    text: str
    label: str
    verdict: Verdict | None
    reason: str

    @property
    def agrees(self) -> bool | None:
        """None where one side leaves it open."""
        wanted = LABELS.get(self.label)
        return None if wanted is None or self.verdict is None else wanted is self.verdict


def rows() -> Iterator[Row]:
    """Every labelled pair."""
    patients = {line["patient_id"]: line for line in _lines("structured-patients-dev.jsonl")}
    facts = {key: _facts(line) for key, line in patients.items()}
    for line in _lines("physician-criterion-labels-dev.jsonl"):
        verdict, reason = _decided(line, facts[line["patient_id"]])
        yield Row(
            line["patient_id"],
            line["trial_id"],
            line["criterion_type"],
            line["criterion_text"],
            line["expert_eligibility"],
            verdict,
            reason,
        )


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _facts(line: dict[str, Any]) -> Facts:
    return Facts(_patient(line["patient"]), date.fromisoformat(line["asOf"]), Policy.ABSENT_IS_NO)


def _patient(document: dict[str, Any]) -> Patient:
    """The patient, without members that the contract does not have."""
    known = {field.encode_name for field in msgspec.structs.fields(Patient)}
    return msgspec.convert({key: value for key, value in document.items() if key in known}, Patient)


def _decided(line: dict[str, Any], facts: Facts) -> tuple[Verdict | None, str]:
    """The verdict on the whole text, which may hold several criteria; None where it is open."""
    heading = "Inclusion Criteria" if line["criterion_type"] == "inclusion" else "Exclusion Criteria"
    judged = [_judged(each, facts) for each in compile_text(f"{heading}:\n{line['criterion_text']}")]
    reasons = "; ".join(f"[{verdict.value}] {reason}" for verdict, reason in judged)
    found = {verdict for verdict, _ in judged}
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET, reasons
    return (Verdict.MET if found == {Verdict.MET} else None), reasons


def _judged(criterion: Criterion, facts: Facts) -> tuple[Verdict, str]:
    finding = evaluate(criterion.expression, facts, criterion.polarity)
    return verdict_of(criterion.polarity, finding), finding.reason


def report(found: list[Row], show: bool) -> str:
    """Figures, then every disagreement; with `show` also what the physicians decided and we did not."""
    ours = [row for row in found if row.verdict is not None]
    both = [row for row in found if row.agrees is not None]
    right = sum(bool(row.agrees) for row in both)
    wrong = [row for row in ours if not row.agrees]
    lines = [
        f"pairs {len(found)}, decided by the physicians {sum(row.label in LABELS for row in found)}",
        f"decided by the matcher {len(ours)} (coverage {len(ours) / len(found):.3f})",
        f"accuracy where both decide {right}/{len(both)} = {right / max(len(both), 1):.3f}",
        f"accuracy over all that the matcher decides {right}/{len(ours)} = {right / max(len(ours), 1):.3f}",
        f"labels of pairs left open {dict(Counter(row.label for row in found if row.verdict is None))}",
        *map(_told, wrong),
    ]
    if show:
        lines += ["", "left open:", *(_told(row) for row in found if row.verdict is None and row.label in LABELS)]
    return "\n".join(lines)


def _told(row: Row) -> str:
    verdict = row.verdict.value if row.verdict else "open"
    return f"\n{row.patient} {row.trial} {row.kind}: {verdict}, physicians: {row.label}\n  {row.text}\n  {row.reason}"


if __name__ == "__main__":
    if not DATA.is_dir():
        sys.exit("the labelled pairs are not here: they are read from ../shared/data")
    print(report(list(rows()), "--show" in sys.argv))
