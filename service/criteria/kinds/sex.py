"""Sex: "women", "male patients"."""

from service.criteria.bounds import Bounds
from service.criteria.finding import Finding, lacking, settled, unsure
from service.criteria.kind import Kind
from service.criteria.patient.facts import Facts
from service.schemas.expression import SexIs
from service.schemas.patient import Sex
from service.schemas.report import Evidence


def evaluate(leaf: SexIs, facts: Facts) -> Finding:
    """A sex other than male and female is for the site to judge."""
    sex = facts.patient.sex
    if sex is None or sex is Sex.UNKNOWN:
        return lacking("the sex is not recorded", "sex", "/sex")
    datum = Evidence(pointer="/sex", value=sex.value)
    if sex is Sex.OTHER and leaf.sex is not Sex.OTHER:
        return unsure(f"the record says other; whether {leaf.sex.value} applies is for the site to say", datum)
    return settled(sex is leaf.sex, f"the patient is {sex.value}", datum)


def bounds(leaf: SexIs) -> Bounds:
    """Only the sex asked for; nothing is known of the others."""
    return Bounds(sexes=frozenset({leaf.sex})) if leaf.sex in {Sex.MALE, Sex.FEMALE} else Bounds()


KIND = Kind(SexIs, evaluate, bounds)
