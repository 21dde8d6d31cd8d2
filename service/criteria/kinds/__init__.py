"""Every kind of criterion, one line a kind."""

from service.criteria.kind import Kind
from service.criteria.kinds import (
    age,
    allergy,
    attestation,
    biomarker,
    condition,
    measurement,
    pregnancy,
    scale,
    sex,
    survival,
    tobacco,
    treatment,
    unparsed,
)

KINDS: tuple[Kind, ...] = (
    age.KIND,
    sex.KIND,
    measurement.KIND,
    scale.KIND,
    survival.KIND,
    condition.KIND,
    biomarker.KIND,
    treatment.KIND,
    pregnancy.KIND,
    allergy.KIND,
    tobacco.KIND,
    attestation.KIND,
    unparsed.KIND,
)
