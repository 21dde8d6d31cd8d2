"""One patient with thirty facts, and the questions that are asked of the registry."""

from typing import Any, NamedTuple

import msgspec

from service.schemas.report import MatchRequest
from service.synth.tables import rare_diseases

OPEN = ["RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"]
_LABS = (
    ("Hemoglobin", 11.2, "g/dL"), ("Platelets", 145, "10*9/L"), ("Neutrophils", 2.1, "10*9/L"),
    ("Leukocytes", 5.4, "10*9/L"), ("Creatinine", 0.9, "mg/dL"), ("Bilirubin", 0.6, "mg/dL"),
    ("ALT", 24, "U/L"), ("AST", 28, "U/L"), ("Albumin", 3.9, "g/dL"),
    ("HbA1c", 5.9, "%"), ("BMI", 27.1, "kg/m2"), ("LVEF", 58, "%"),
    ("eGFR", 84, "mL/min/{1.73_m2}"), ("INR", 1.0, "1"), ("ECOG", 1, "1"),
    ("TSH", 2.2, "m[IU]/L"), ("Potassium", 4.1, "mmol/L"), ("Systolic blood pressure", 128, "mm[Hg]"),
    ("LDL cholesterol", 118, "mg/dL"),
)  # fmt: skip


class Question(NamedTuple):
    """A match to ask; targets in milliseconds for a corpus of the registry's size."""

    name: str
    request: bytes
    p50: float
    p95: float

    @property
    def decoded(self) -> MatchRequest:
        """As the service reads it."""
        return msgspec.json.decode(self.request, type=MatchRequest)


def _patient(disease: str) -> dict[str, Any]:
    """Thirty facts, the disease among them."""
    return {
        "birthDate": "1966-04-12", "sex": "female",
        "childbearingPotential": False, "pregnant": False, "tobacco": "former",
        "conditions": [
            {"text": disease, "verificationStatus": "confirmed", "onsetDate": "2024-02-01"},
            {"text": "Hepatitis B", "verificationStatus": "refuted"},
        ],
        "observations": [
            {"text": name, "value": value, "unit": unit, "date": "2026-05-20"} for name, value, unit in _LABS
        ],
        "treatments": [
            {"text": "Paclitaxel", "status": "completed", "line": 1, "start": "2024-03-01", "end": "2024-08-01"},
            {"text": "Amlodipine", "status": "ongoing"}, {"text": "Levothyroxine", "status": "ongoing"},
        ],
        "allergies": [{"text": "Penicillin"}],
    }  # fmt: skip


def _question(name: str, disease: str, p50: float, p95: float, status: list[str] | None = None) -> Question:
    where = {"where": {"status": status}} if status else {}
    request = {"patient": _patient(disease), "asOf": "2026-06-01", **where}
    return Question(name, msgspec.json.encode(request), p50, p95)


def questions() -> tuple[Question, ...]:
    """From few candidates to very many."""
    return (
        _question("rare disease", rare_diseases()[3], 5, 10),
        _question("leukaemia, open trials", "Leukemia", 15, 25, OPEN),
        _question("breast cancer, open trials", "Breast Cancer", 40, 60, OPEN),
        _question("malignant tumor, first page", "Malignant tumor", 250, 250),
    )
