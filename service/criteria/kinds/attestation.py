"""What only the site can attest: consent, compliance, contraception, the investigator's judgement."""

from service.criteria.finding import Finding, settled, unsure
from service.criteria.kind import Kind
from service.criteria.patient.facts import Facts
from service.schemas.expression import Attestation
from service.schemas.report import Evidence


def evaluate(leaf: Attestation, facts: Facts) -> Finding:
    """What the patient's record already attests, under the same key; letter case and underscores aside."""
    wanted = _key(leaf.about)
    for about, attested in facts.patient.attestations.items():
        if _key(about) == wanted:
            datum = Evidence(pointer=f"/attestations/{about}", value=attested)
            return settled(attested, f"{_spoken(leaf.about)} is {'attested' if attested else 'denied'}", datum)
    return unsure(f"{_spoken(leaf.about)} is for the site to confirm")


def _key(about: str) -> str:
    return about.replace("_", "").lower()


def _spoken(about: str) -> str:
    return about.replace("_", " ")


KIND = Kind(Attestation, evaluate)
