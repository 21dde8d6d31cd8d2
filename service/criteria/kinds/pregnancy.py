"""Pregnancy, breastfeeding and the potential to become pregnant."""

from service.criteria.finding import Finding, lacking, settled
from service.criteria.kind import Kind
from service.criteria.patient.facts import Facts
from service.schemas.expression import Pregnancy, PregnancyState
from service.schemas.patient import Sex
from service.schemas.report import Evidence

YOUNGEST_DAYS = 5 * 365
OLDEST_DAYS = 80 * 366
"""Nobody younger or older has ever been known to bear a child (Lina Medina, 1939, at 5; assisted, 2019, at 74)."""

STATES = {
    PregnancyState.PREGNANT: ("pregnant", "/pregnant", "pregnant"),
    PregnancyState.BREASTFEEDING: ("breastfeeding", "/breastfeeding", "breastfeeding"),
    PregnancyState.CHILDBEARING_POTENTIAL: (
        "childbearing_potential",
        "/childbearingPotential",
        "of childbearing potential",
    ),
}


def evaluate(leaf: Pregnancy, facts: Facts) -> Finding:
    """What the record says outright; else male sex, early childhood and great age say no."""
    member, pointer, words = STATES[leaf.state]
    stated = getattr(facts.patient, member)
    if stated is not None:
        return settled(
            stated, f"the patient is {'' if stated else 'not '}{words}", Evidence(pointer=pointer, value=stated)
        )
    if facts.patient.sex is Sex.MALE:
        return settled(False, f"a male patient is not {words}", Evidence(pointer="/sex", value="male"))
    if leaf.state is PregnancyState.CHILDBEARING_POTENTIAL and facts.patient.pregnant:
        return settled(True, "the patient is pregnant", Evidence(pointer="/pregnant", value=True))
    return _by_age(words, pointer, facts)


def _by_age(words: str, pointer: str, facts: Facts) -> Finding:
    if facts.age is not None:
        least, most = facts.age.in_days()
        if most < YOUNGEST_DAYS or least > OLDEST_DAYS:
            born = Evidence(pointer="/birthDate", value=facts.patient.birth_date)
            told = Evidence(pointer="/ageYears", value=facts.patient.age_years)
            return settled(False, f"at this age nobody is {words}", born if facts.age.born else told)
    return lacking(f"whether the patient is {words} is not recorded", f"whether the patient is {words}", pointer)


KIND = Kind(Pregnancy, evaluate)
