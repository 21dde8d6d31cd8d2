"""Whole trials: what a field of medicine says, in the proportions of the registry."""

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from service.schemas.trial import Trial
from service.synth import tables
from service.synth.eligibility import criteria_text
from service.synth.grammar import Table, one_of, sentence
from service.synth.sites import locations

FIRST_NUMBER = 90_000_000
CONDITIONS = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)
SENTENCES = (1, 2, 3, 4, 6, 8, 12)
OUTCOMES = (0, 1, 2, 3, 4, 6, 10)
ARMS = (1, 1, 2, 2, 2, 2, 3, 4)


def trials(count: int, seed: int = 0) -> Iterator[Trial]:
    """The first `count` trials of a seed, one at a time; each depends on nothing but the seed and its number."""
    for number in range(count):
        yield trial(FIRST_NUMBER + number, Random(f"{seed} {number}"))  # noqa: S311 – no secret


def trial(nct: int, random: Random) -> Trial:
    """One trial. Ids begin where no registered trial's do."""
    area = tables.area_draw()(random)
    diseases = _diseases(area, random)
    field, drugs = tables.areas()[area], random.sample(tables.areas()[area].drugs, 3)
    table: Table = {
        **tables.shapes(), "disease": diseases[:1], "drug": drugs,
        "outcome": field.outcomes, "city": [place.city for each in tables.places().values() for place in each],
    }  # fmt: skip
    members = {
        "nctId": f"NCT{nct:08d}",
        "orgStudyId": f"S-{random.randint(10_000, 99_999)}",
        "briefTitle": _said("title", table, random),
        "officialTitle": _said("title", table, random) + ": " + _prose(1, table, random),
        "conditions": diseases,
        "keywords": [_said("keyword", table, random) for _ in range(random.randint(0, 5))],
        "briefSummary": _prose(one_of(SENTENCES, random), table, random),
        "detailedDescription": _prose(2 * one_of(SENTENCES, random), table, random),
        "sponsor": {"name": _said("sponsor", table, random), "class": _field("sponsor_class", random)},
        "enrollment": {"count": int(random.lognormvariate(4.4, 1.2)), "type": "ESTIMATED"},
        "outcomes": _outcomes(table, random),
        "eligibility": _eligibility(field, table, random),
        **_dates_and_status(random),
        **_design(drugs, table, random),
    }
    members["locations"] = locations(members["overallStatus"], table, random)
    return msgspec.convert(members, Trial)


def _said(slot: str, table: Table, random: Random) -> str:
    return sentence(one_of(table[slot], random), table, random)


def _prose(count: int, table: Table, random: Random) -> str:
    return " ".join(_said("summary", table, random) for _ in range(count))


def _field(name: str, random: Random) -> str:
    return tables.draws()[name](random)


def _diseases(area: str, random: Random) -> list[str]:
    """Spellings, each once; of rare ones a few are far more frequent than most."""
    count = one_of(CONDITIONS, random)
    if area == tables.RARE:
        names = tables.rare_diseases()
        return list(dict.fromkeys(names[int(len(names) * random.random() ** 2)] for _ in range(count)))
    return list(dict.fromkeys(tables.disease_draw(area)(random) for _ in range(count)))


def _outcomes(table: Table, random: Random) -> dict[str, Any]:
    def measured() -> dict[str, str]:
        return {"measure": _said("outcome", table, random), "timeFrame": _said("time_frame", table, random),
                "description": _prose(random.randint(0, 1), table, random) or "As measured at each visit."}  # fmt: skip

    return {"primary": [measured() for _ in range(random.choice((1, 1, 1, 2, 3)))],
            "secondary": [measured() for _ in range(one_of(OUTCOMES, random))]}  # fmt: skip


def _eligibility(area: tables.Area, table: Table, random: Random) -> dict[str, Any]:
    drawn, prefix = random.random(), "child_" if random.random() < area.children else ""
    sex = "FEMALE" if drawn < area.female else "MALE" if drawn < area.female + area.male else "ALL"
    ages = {"minimumAge": _field(f"{prefix}minimum_age", random), "maximumAge": _field(f"{prefix}maximum_age", random)}
    return {
        "criteria": criteria_text(area.inclusion, area.exclusion, table, random),
        "sex": sex,
        "healthyVolunteers": random.random() < (1 if area is tables.areas()["healthy"] else 0.16),
        **{name: age for name, age in ages.items() if age},
    }


def _dates_and_status(random: Random) -> dict[str, Any]:
    """Open trials began lately."""
    status = _field("status", random)
    is_new = status in {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"}
    year = random.randint(2022, 2026) if is_new else int(2026 - abs(random.gauss(0, 8)))
    start, updated = f"{year}-{random.randint(1, 12):02d}", f"{random.randint(year, 2026)}-{random.randint(1, 12):02d}"
    day = f"{updated}-{random.randint(1, 28):02d}"
    dates = {
        "start": start,
        "completion": f"{year + random.randint(1, 5)}-06",
        "lastUpdatePosted": day,
        "verified": updated,
    }
    return {"overallStatus": status, "dates": {**dates, "firstPosted": f"{start}-{random.randint(1, 28):02d}"}}


def _design(drugs: list[str], table: Table, random: Random) -> dict[str, Any]:
    study_type = _field("study_type", random)
    kind = _field("intervention_type", random)
    given = [
        {"type": kind, "name": drug, "description": _prose(1, table, random)} for drug in drugs[: random.randint(1, 3)]
    ]
    arms = [
        {"label": f"Arm {number}: {each['name']}", "type": "EXPERIMENTAL", "description": _prose(1, table, random),
         "interventionNames": [f"{kind.title()}: {each['name']}"]}
        for number, each in zip(range(1, 1 + one_of(ARMS, random)), given * 4, strict=False)
    ]  # fmt: skip
    whole: dict[str, Any] = {"studyType": study_type, "interventions": given, "arms": arms}
    if study_type == "INTERVENTIONAL":
        design = {
            "allocation": "allocation",
            "interventionModel": "model",
            "primaryPurpose": "purpose",
            "masking": "masking",
        }
        whole["phases"] = _field("phase", random).split("+")
        whole["design"] = {member: _field(name, random) for member, name in design.items()}
    return whole
