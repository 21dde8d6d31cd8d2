"""Smoking: "current smokers", "never smoked"."""

from service.criteria.finding import Finding, lacking, settled
from service.criteria.kind import Kind
from service.criteria.patient.facts import Facts
from service.schemas.expression import TobaccoIs, TobaccoUse
from service.schemas.patient import Tobacco
from service.schemas.report import Evidence

USES = {
    TobaccoUse.CURRENT: {Tobacco.CURRENT},
    TobaccoUse.FORMER: {Tobacco.FORMER},
    TobaccoUse.NEVER: {Tobacco.NEVER},
    TobaccoUse.EVER: {Tobacco.CURRENT, Tobacco.FORMER},
}
SPOKEN = {Tobacco.CURRENT: "smokes", Tobacco.FORMER: "used to smoke", Tobacco.NEVER: "never smoked"}


def evaluate(leaf: TobaccoIs, facts: Facts) -> Finding:
    """The recorded smoking status."""
    use = facts.patient.tobacco
    if use is None:
        return lacking("smoking is not recorded", "smoking status", "/tobacco")
    return settled(use in USES[leaf.use], f"the patient {SPOKEN[use]}", Evidence(pointer="/tobacco", value=use.value))


KIND = Kind(TobaccoIs, evaluate)
