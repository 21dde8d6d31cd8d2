"""Generated patients: a whole truth about one, and records that tell more or less of it.

"More" means: an entry or a member that was not there, in accord with the rest. It does not mean: a newer result of the
same test, a second entry about the same disease, or an entry taken back; those correct a record.
"""

from datetime import date
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from service.criteria.envelope import REGISTRY_CONDITION
from service.criteria.finding import Finding
from service.criteria.patient.facts import Facts
from service.criteria.tree import leaves
from service.match.evaluate import evaluate
from service.match.verdict import verdict_of
from service.schemas.envelope import Candidate
from service.schemas.expression import (
    Age,
    Allergy,
    AllOf,
    AnyOf,
    AtLeast,
    Attestation,
    Biomarker,
    BiomarkerResult,
    ConditionIs,
    Expression,
    If,
    Limit,
    Measurement,
    Not,
    Pregnancy,
    PregnancyState,
    ScaleScore,
    SexIs,
    Survival,
    Timing,
    TobaccoIs,
    TobaccoUse,
    TreatmentIs,
    TreatmentOutcome,
    Unparsed,
    Window,
)
from service.schemas.patient import (
    ClinicalStatus,
    LifeExpectancy,
    Observation,
    Patient,
    PatientAllergy,
    PatientCondition,
    PatientTreatment,
    Severity,
    Sex,
    Tobacco,
    TreatmentStatus,
    VerificationStatus,
)
from service.schemas.quantity import Quantity, Range
from service.schemas.report import TrialEligibility, Verdict

ON = date(2026, 1, 1)
DISEASES = ("T-ALL", "pneumonia", "asthma", "type 2 diabetes", "breast cancer", "frobnication syndrome")
THERAPIES = ("fludarabine", "warfarin", "prednisone", "radiotherapy", "frobnicin")
ALLERGENS = ("amoxicillin", "peanut", "frobnicin")
MEASURES = {
    "platelets": ("10*9/L", (10.0, 99.5, 100.0, 400.0)),
    "creatinine": ("mg/dL", (0.4, 1.0, 1.5, 4.0)),
    "LVEF": ("%", (30.0, 45.0, 60.0)),
    "ECOG": (None, (0.0, 1.0, 3.0)),
    "height": ("cm", (150.0, 180.0)),
    "weight": ("kg", (50.0, 120.0)),
}
MARKERS = (None, Observation(text="CD7", result="positive"), Observation(text="CD7", value=20.0, unit="%"))
DATES = (None, "2015", "2024-03", "2025-08-01", "2025-12-20", "2025-12")

seeds = st.integers(0, 2**32).map(Random)
"""Patients come from a seeded generator: drawing each member by itself would cost more than judging it."""


def worlds() -> st.SearchStrategy[Patient]:
    """Everything there is to know of one patient, free of contradictions."""
    return seeds.map(_world)


def _world(pick: Random) -> Patient:
    sex = pick.choice([*Sex])
    marker = pick.choice(MARKERS)
    born = date.fromordinal(pick.randint(date(1930, 1, 1).toordinal(), ON.toordinal()))
    may_bear = sex is Sex.FEMALE and 12 < ON.year - born.year < 60
    return Patient(
        birth_date=born.isoformat(),
        sex=sex,
        conditions=tuple(_condition(name, pick) for name in DISEASES if pick.random() < 0.6),
        treatments=tuple(_treatment(name, pick) for name in THERAPIES if pick.random() < 0.6),
        observations=tuple(_measured(name, pick) for name in MEASURES) + ((marker,) if marker else ()),
        allergies=tuple(PatientAllergy(text=name) for name in ALLERGENS if pick.random() < 0.5),
        pregnant=False,
        breastfeeding=False,
        childbearing_potential=may_bear and pick.random() < 0.5,
        life_expectancy=LifeExpectancy(value=pick.choice([3.0, 12.0]), unit="mo"),
        prior_lines=pick.randint(3, 5),
        tobacco=pick.choice([*Tobacco]),
        attestations={"consent": pick.random() < 0.5},
    )


def _condition(name: str, pick: Random) -> PatientCondition:
    return PatientCondition(
        text=name,
        clinical_status=pick.choice([None, *ClinicalStatus]),
        verification_status=pick.choice([None, None, None, *VerificationStatus]),
        refractory=pick.choice([None, True, False]),
        severity=pick.choice([None, *Severity]),
        stage=pick.choice([None, "III", "IIIB", "IV", "1"]),
        onset_date=pick.choice(DATES),
        abatement_date=pick.choice(DATES),
    )


def _treatment(name: str, pick: Random) -> PatientTreatment:
    return PatientTreatment(
        text=name,
        status=pick.choice([None, *TreatmentStatus]),
        line=pick.choice([None, 1, 2, 3]),
        start=pick.choice(DATES),
        end=pick.choice(DATES),
        response=pick.choice([None, "no response", "complete remission", "not tolerated"]),
        kind=pick.choice([None, "chemotherapy"]),
    )


def _measured(name: str, pick: Random) -> Observation:
    unit, values = MEASURES[name]
    return Observation(
        text=name,
        value=pick.choice(values),
        unit=unit,
        reference_low=pick.choice([None, 0.3]),
        reference_high=pick.choice([None, 40.0, 1.2]),
        date=pick.choice([None, "2025-12-25", "2025-06"]),
    )


def told(world: Patient) -> st.SearchStrategy[Patient]:
    """A record of part of what the given one tells."""
    return seeds.map(lambda pick: _told(world, pick))


def _told(world: Patient, pick: Random) -> Patient:
    members: dict[str, Any] = {}
    for name in ("conditions", "treatments", "observations", "allergies"):
        members[name] = tuple(each for each in getattr(world, name) if pick.random() < 0.75)
    for name in (
        "pregnant",
        "breastfeeding",
        "childbearing_potential",
        "life_expectancy",
        "prior_lines",
        "tobacco",
        "sex",
    ):
        members[name] = getattr(world, name) if pick.random() < 0.75 else None
    members["attestations"] = world.attestations if pick.random() < 0.75 else {}
    return Patient(**members, **pick.choice(_ages(world)))


def _ages(world: Patient) -> list[dict[str, Any]]:
    """The age, no more exactly than it is known."""
    if world.birth_date is None:
        return [{}, {"age_years": world.age_years}]
    options: list[dict[str, Any]] = [
        {"birth_date": world.birth_date[:n]} for n in (4, 7, 10) if n <= len(world.birth_date)
    ]
    if len(world.birth_date) == 10:
        born = date.fromisoformat(world.birth_date)
        options.append({"age_years": float(ON.year - born.year - ((ON.month, ON.day) < (born.month, born.day)))})
    return [{}, *options]


def ranges(unit: str | None, *numbers: float) -> st.SearchStrategy[Range]:
    ends = st.none() | st.sampled_from(numbers)
    return st.builds(
        lambda ends, a, b: Range(low=ends[0], low_inclusive=a, high=ends[1], high_inclusive=b, unit=unit),
        st.tuples(ends, ends).map(lambda pair: tuple(sorted(pair)) if None not in pair else pair),
        st.booleans(),
        st.booleans(),
    )


QUALIFIERS = (
    "history",
    "active",
    "severe",
    "relapsed or refractory",
    "stage iii",
    "other",
    "uncontrolled",
    "suspected",
)
_windows = (
    st.none()
    | st.none()
    | st.sampled_from(
        [
            Window(within=Quantity(6.0, "mo"), before="screening"),
            Window(at_least=Quantity(4.0, "wk"), before="first_dose"),
            Window(within=Quantity(5.0, "{half-life}"), before="screening"),
            Window(within=Quantity(1.0, "a"), after="surgery"),
        ]
    )
)
_known = {
    "leukemia": "MESH:D007938",
    "T-ALL": "MESH:D054218",
    "cancer": "MONDO:0004992",
    "infection": "MESH:D007239",
    "diabetes": "MESH:D003920",
    "asthma": "MESH:D001249",
    "frobnication syndrome": None,
    "metabolic frobnication": None,
}
_drugs = {
    "antineoplastic agents": "MESH:D000970",
    "immunosuppressive agents": "MESH:D007166",
    "warfarin": "MESH:D014859",
    "chemotherapy": "MESH:D004358",
    "frobnicin": None,
    "therapy": None,
}


def _named(leaf: Any, table: dict[str, str | None], **members: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(sorted(table)).flatmap(
        lambda name: st.builds(leaf, name=st.just(name), concept=st.just(table[name]), **members)
    )


_diseases = _named(
    ConditionIs,
    _known,
    qualifiers=st.just(()) | st.lists(st.sampled_from(QUALIFIERS), unique=True, max_size=2).map(tuple),
    window=_windows,
    other_than=st.sampled_from([(), (), (ConditionIs(name="T-ALL", concept="MESH:D054218"),)]),
)
_therapies = _named(
    TreatmentIs,
    _drugs,
    lines=st.none() | st.none() | ranges(None, 1.0, 2.0, 3.0),
    timing=st.sampled_from(Timing),
    outcome=st.none() | st.none() | st.sampled_from(TreatmentOutcome),
    window=_windows,
)
CREATININE: st.SearchStrategy[Expression] = st.builds(
    Measurement, name=st.just("creatinine"), analyte=st.just("creatinine"),
    range=ranges("umol/L", 88.4, 132.6) | ranges("mg/dL", 1.0, 1.5) | ranges("g/L", 0.01) | ranges(None, 1.5),
)  # fmt: skip
"""One analyte in several units."""
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Age, range=ranges("a", 18.0, 65.0) | ranges("mo", 6.0, 216.0) | ranges("d", 28.0, 7000.0)),
    st.builds(SexIs, sex=st.sampled_from([Sex.MALE, Sex.FEMALE])),
    st.builds(
        Measurement, name=st.just("platelets"), analyte=st.just("platelets"), range=ranges("/uL", 100_000.0),
        window=_windows,
    ),
    st.builds(
        Measurement, name=st.just("creatinine"), analyte=st.just("creatinine"), range=ranges(None, 1.5),
        relative_to=st.sampled_from(Limit),
    ),
    CREATININE,
    st.builds(Measurement, name=st.just("BMI"), analyte=st.just("bmi"), range=ranges("kg/m2", 18.5, 30.0)),
    st.builds(ScaleScore, scale=st.just("ecog"), range=ranges(None, 0.0, 2.0)),
    st.builds(Survival, range=ranges("wk", 12.0)),
    _diseases,
    st.builds(lambda name: ConditionIs(name=name, concept=_known[name]), st.sampled_from(sorted(_known))),
    _therapies,
    _therapies,
    st.builds(
        Biomarker, marker=st.just("CD7"), concept=st.just("HGNC:1695"),
        result=st.none() | st.sampled_from(BiomarkerResult),
        range=st.none() | ranges("%", 30.0),
    ),
    st.builds(Pregnancy, state=st.sampled_from(PregnancyState)),
    st.builds(Allergy, to=st.just("beta-lactams"), concept=st.just("MESH:D047090")),
    st.builds(TobaccoIs, use=st.sampled_from(TobaccoUse)),
    st.just(Attestation(about="consent", text="consent")),
    st.just(Unparsed(text="fit")),
)  # fmt: skip


def trees(leaves: st.SearchStrategy[Expression] = LEAVES) -> st.SearchStrategy[Expression]:
    """Whole sentences; at most a few levels deep."""
    return st.recursive(
        leaves,
        lambda part: st.one_of(
            st.builds(AllOf, of=st.lists(part, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, of=st.lists(part, min_size=1, max_size=3).map(tuple)),
            st.builds(Not, of=part),
            st.builds(AtLeast, n=st.integers(1, 3), of=st.lists(part, min_size=1, max_size=3).map(tuple)),
            st.builds(If, when=part, then=part, otherwise=st.none() | part),
        ),
        max_leaves=6,
    )


class Judged(NamedTuple):
    """What came of each criterion of a trial."""

    findings: list[Finding]
    verdicts: list[Verdict]
    eligibility: TrialEligibility


def eligibility_of(verdicts: list[Verdict], studied: Verdict | None) -> TrialEligibility:
    """`studied` is the verdict on the trial's own condition."""
    if Verdict.NOT_MET in verdicts:
        return TrialEligibility.INELIGIBLE
    passes = set(verdicts) <= {Verdict.MET, Verdict.TO_CONFIRM}
    return TrialEligibility.ELIGIBLE if passes and studied is Verdict.MET else TrialEligibility.UNDETERMINED


def judge(candidate: Candidate, facts: Facts) -> Judged:
    """One trial for one patient, criterion by criterion: what the matcher must come to, whatever it saves."""
    studied = [each for each in candidate.criteria if each.id == REGISTRY_CONDITION]
    diseases = (leaf for each in studied for leaf in leaves(each.expression) if isinstance(leaf, ConditionIs))
    facts = facts.studying(facts.aims_at(diseases))
    findings = [evaluate(each.expression, facts, each.polarity) for each in candidate.criteria]
    verdicts = [verdict_of(each.polarity, found) for each, found in zip(candidate.criteria, findings, strict=True)]
    on_studied = verdicts[candidate.criteria.index(studied[0])] if studied else None
    return Judged(findings, verdicts, eligibility_of(verdicts, on_studied))
