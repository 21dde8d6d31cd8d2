"""Circumstances are asked both ways, so no word of the sender's answers them."""

from service.criteria.kinds.attestation import VARIED
from service.criteria.reading.attested.circumstances import CIRCUMSTANCE_STEMS, CIRCUMSTANCES


def test_no_circumstance_is_answered_by_its_key() -> None:
    assert {about for about, _ in CIRCUMSTANCES} == CIRCUMSTANCE_STEMS.keys() == VARIED - {"pregnancy_intent"}
