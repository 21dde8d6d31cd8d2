"""Requests that the document shows and the contract tests send; invented people, one real kind of trial."""

from typing import Any

MATCH_REQUEST: dict[str, Any] = {
    "patient": {
        "birthDate": "1968-05-04",
        "sex": "female",
        "conditions": [
            {
                "text": "acute myeloid leukaemia",
                "code": {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C92.02"},
                "clinicalStatus": "relapse",
                "verificationStatus": "confirmed",
            }
        ],
        "observations": [
            {"text": "ECOG performance status", "value": 1, "date": "2026-05-11"},
            {"text": "creatinine", "value": 88, "unit": "umol/L", "referenceHigh": 104, "date": "2026-05-11"},
        ],
        "treatments": [{"text": "cytarabine", "status": "completed", "line": 1}],
        "pregnant": False,
        "complete": ["treatments"],
    },
    "asOf": "2026-06-01",
    "where": {"status": ["RECRUITING"]},
    "limit": 5,
}
SMALLEST_MATCH_REQUEST: dict[str, Any] = {"patient": {}}
TRIAL: dict[str, Any] = {
    "nctId": "NCT00000001",
    "briefTitle": "An invented trial in acute myeloid leukaemia",
    "overallStatus": "RECRUITING",
    "studyType": "INTERVENTIONAL",
    "phases": ["PHASE2"],
    "conditions": ["Acute Myeloid Leukemia"],
    "eligibility": {
        "criteria": "Inclusion Criteria:\n\n* Age 18 to 75 years\n* ECOG 0 to 2\n\nExclusion Criteria:\n\n* Pregnancy",
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "75 Years",
    },
}
STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000002", "briefTitle": "An invented trial in asthma"},
        "statusModule": {"overallStatus": "COMPLETED"},
        "conditionsModule": {"conditions": ["Asthma"]},
        "eligibilityModule": {"eligibilityCriteria": "Inclusion Criteria:\n\n* Asthma for a year", "sex": "ALL"},
    }
}
