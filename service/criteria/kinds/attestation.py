"""What only the site can attest: consent, compliance, contraception, the investigator's judgement."""

from service.criteria.finding import Finding, settled, unsure
from service.criteria.kind import Kind
from service.criteria.patient.bearing import attested
from service.criteria.patient.facts import Facts
from service.schemas.expression import Attestation
from service.schemas.report import Evidence

VARIED = frozenset(
    {
        "ability", "care_setting", "conflict_of_interest", "donation", "equipment", "ethnicity", "healthy",
        "pregnancy_intent", "protocol_criteria", "residence", "sexual_relationship", "willingness",
    }
)  # fmt: skip
"""Keys under which one text asks what the next one forbids: one word of the sender's cannot answer both."""


def evaluate(leaf: Attestation, facts: Facts) -> Finding:
    """What the patient's record already attests, under the same key; letter case and underscores aside."""
    wanted = None if leaf.about in VARIED else attested(leaf.about)
    for about, holds in facts.patient.attestations.items():
        if attested(about) == wanted:
            datum = Evidence(pointer=f"/attestations/{about}", value=holds)
            return settled(holds, f"{_spoken(leaf.about)} is {'attested' if holds else 'denied'}", datum)
    return unsure(f"{_spoken(leaf.about)} is for the site to confirm")


def _spoken(about: str) -> str:
    return about.replace("_", " ")


def keys(leaf: Attestation) -> frozenset[str]:
    """The matter itself."""
    return frozenset({attested(leaf.about)})


KIND = Kind(Attestation, evaluate, keys=keys)
