"""Codes of the record that mean nothing here, named so that the sender can mend them. They never fail a match."""

from collections.abc import Iterator

from service.reference import analytes, assays, scales
from service.reference.concepts import MONDO, by_code
from service.schemas.coding import ICD10CM, LOINC, MESH, RXNORM, SNOMED_CT, Coding
from service.schemas.patient import Observation, Patient, PatientAllergy, PatientCondition, PatientTreatment
from service.schemas.report import RecordWarning, WarningCode

Coded = PatientCondition | Observation | PatientTreatment | PatientAllergy

TITLES = {ICD10CM: "ICD-10-CM", SNOMED_CT: "SNOMED CT", RXNORM: "RxNorm", MESH: "MeSH", MONDO: "MONDO"}
_MEASURED = (analytes, scales, assays)
MEASURED_TITLES = {LOINC: "LOINC", **TITLES}


def warnings_of(patient: Patient) -> tuple[RecordWarning, ...]:
    """In the order of the record; nothing of what it says is repeated."""
    sections: dict[str, tuple[Coded, ...]] = {
        "conditions": patient.conditions,
        "observations": patient.observations,
        "treatments": patient.treatments,
        "allergies": patient.allergies,
    }
    return tuple(warning for name, entries in sections.items() for warning in _of_section(name, entries))


def _of_section(name: str, entries: tuple[Coded, ...]) -> Iterator[RecordWarning]:
    titles = MEASURED_TITLES if name == "observations" else TITLES
    for index, entry in enumerate(entries):
        if entry.code is None or _is_known(entry.code, titles):
            continue
        code, said = _fault(entry.code.system, titles)
        used = "only its words count" if entry.text or entry.code.display else "nothing is known of this entry"
        yield RecordWarning(code=code, pointer=f"/{name}/{index}/code", detail=f"{said}; {used}")


def _is_known(coding: Coding, titles: dict[str, str]) -> bool:
    if coding.system == LOINC:
        return LOINC in titles and any(table.by_loinc(coding.code) is not None for table in _MEASURED)
    return bool(by_code(coding.system, coding.code))


def _fault(system: str, titles: dict[str, str]) -> tuple[WarningCode, str]:
    if system in titles:
        return WarningCode.UNKNOWN_CODE, f"no {titles[system]} code known here: mistyped, retired or not mapped"
    read = ", ".join(f"{title} (`{uri}`)" for uri, title in titles.items())
    return WarningCode.UNKNOWN_CODE_SYSTEM, f"a code system not read here; read are {read}"
