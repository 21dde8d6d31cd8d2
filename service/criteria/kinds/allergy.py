"""Allergies and hypersensitivity."""

from service.criteria.finding import Finding, lacking, settled
from service.criteria.kind import Kind
from service.criteria.patient.bearing import entry_keys
from service.criteria.patient.facts import Facts
from service.schemas.expression import Allergy
from service.schemas.patient import Section


def evaluate(leaf: Allergy, facts: Facts) -> Finding:
    """An allergy to a member of the class is one to the class; one to the class may be one to the member."""
    related = facts.allergies.related(leaf.concept, leaf.to)
    if related.same:
        return settled(
            True, f"the patient is allergic to {related.same[0].name}", *(each.evidence for each in related.same)
        )
    ask = f"whether the patient is allergic to {leaf.to}"
    near = related.near
    if near:
        return lacking(f"an allergy to {near[0].name} may cover {leaf.to}", ask, near[0].pointer, near[0].evidence)
    if Section.ALLERGIES in facts.closed and facts.allergies.rule_out(leaf.concept, leaf.to):
        return settled(False, f"the record lists no allergy to {leaf.to}")
    return lacking(f"the record does not say whether there is an allergy to {leaf.to}", ask, "/allergies/-")


def keys(leaf: Allergy) -> frozenset[str]:
    """An allergy to it, to its class, or by its name."""
    return entry_keys("allergies", leaf.concept, leaf.to)


KIND = Kind(Allergy, evaluate, keys=keys)
