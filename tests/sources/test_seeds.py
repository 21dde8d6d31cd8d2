"""The five real pages and the 1,518 real registry records."""

import gzip
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.schemas.trial import Contact, Dates, Outcome, Outcomes, Trial
from service.sources import place_in_source, read, records
from tests.sources.documents import HERE
from tests.sources.test_offsets import BULLETS, INSERTED, stands_for

pytestmark = pytest.mark.shared
FACTS = tomllib.loads((HERE / "seeds.toml").read_text())["page"]
MODULES = {  # where the registry keeps what a Trial takes, and where the Trial has it
    "identificationModule.officialTitle": "official_title",
    "identificationModule.acronym": "acronym",
    "identificationModule.secondaryIdInfos": "secondary_ids",
    "statusModule.lastKnownStatus": "last_known_status",
    "statusModule.whyStopped": "why_stopped",
    "conditionsModule.keywords": "keywords",
    "designModule.phases": "phases",
    "designModule.enrollmentInfo.count": "enrollment.count",
    "designModule.enrollmentInfo.type": "enrollment.type",
    "designModule.designInfo.allocation": "design.allocation",
    "designModule.designInfo.maskingInfo.whoMasked": "design.who_masked",
    "designModule.designInfo.observationalModel": "design.observational_model",
    "designModule.designInfo.timePerspective": "design.time_perspective",
    "armsInterventionsModule.armGroups": "arms",
    "armsInterventionsModule.interventions": "interventions",
    "outcomesModule.primaryOutcomes": "outcomes.primary",
    "outcomesModule.secondaryOutcomes": "outcomes.secondary",
    "outcomesModule.otherOutcomes": "outcomes.other",
    "eligibilityModule.minimumAge": "eligibility.minimum_age",
    "eligibilityModule.maximumAge": "eligibility.maximum_age",
    "eligibilityModule.stdAges": "eligibility.std_ages",
    "eligibilityModule.healthyVolunteers": "eligibility.healthy_volunteers",
    "contactsLocationsModule.locations": "locations",
    "sponsorCollaboratorsModule.collaborators": "collaborators",
    "sponsorCollaboratorsModule.responsibleParty": "responsible_party",
    "oversightModule.oversightHasDmc": "oversight.has_dmc",
    "oversightModule.isFdaRegulatedDrug": "oversight.is_fda_regulated_drug",
    "ipdSharingStatementModule.ipdSharing": "ipd_sharing.plan",
    "ipdSharingStatementModule.description": "ipd_sharing.description",
    "statusModule.startDateStruct.date": "dates.start",
    "statusModule.completionDateStruct.date": "dates.completion",
    "descriptionModule.detailedDescription": "detailed_description",
}


@pytest.fixture(scope="module")
def pages(shared: Path) -> dict[str, bytes]:
    """The five pages by NCT number."""
    documents = [path.read_bytes() for path in sorted((shared / "seeds").glob("*.txt"))]
    return {read(document).nct_id: document for document in documents}


@pytest.fixture(scope="module")
def studies(shared: Path) -> list[bytes]:
    """Every registry record."""
    container = gzip.decompress((shared / "data" / "ctgov-v2-dev.jsonl.gz").read_bytes())
    return [document for _, document in records(container)]


def sites(trial: Trial) -> list[str]:
    return [
        f"{site.facility}, {site.city}, {site.country}: {site.status.value if site.status else None}"
        for site in trial.locations
    ]


def outcomes(trial: Trial) -> list[str]:
    given = trial.outcomes or Outcomes()
    listed: tuple[Outcome, ...] = (*given.primary, *given.secondary, *given.unranked)
    return [f"{each.measure}: {each.time_frame}" for each in listed]


def initials(people: tuple[Contact, ...]) -> list[str]:
    """Enough to tell that each person was read whole, without naming anybody here."""
    return ["".join(word[0] for word in (person.name or "").split()) for person in people]


def told(trial: Trial) -> Iterator[tuple[str, Any]]:
    """The facts of the table, as the Trial has them; absent is empty."""
    assert trial.eligibility is not None
    assert trial.sponsor is not None
    assert trial.enrollment is not None
    assert trial.provenance is not None
    criteria = trial.eligibility.criteria or ""
    dates = trial.dates or Dates()
    yield "nct_id", trial.nct_id
    yield "source", trial.provenance.source
    yield "overall_status", trial.overall_status and trial.overall_status.value
    yield "last_known_status", trial.last_known_status.value if trial.last_known_status else ""
    yield "phases", [phase.value for phase in trial.phases]
    yield "conditions", list(trial.conditions)
    yield "interventions", [f"{each.type.value} {each.name}" for each in trial.interventions if each.type]
    yield "ages", [trial.eligibility.minimum_age or "", trial.eligibility.maximum_age or ""]
    yield "sponsor", [trial.sponsor.name, trial.sponsor.class_.value if trial.sponsor.class_ else ""]
    yield "collaborators", [each.name for each in trial.collaborators]
    yield "org_study_id", trial.org_study_id or ""
    yield "enrollment", [trial.enrollment.count, trial.enrollment.type or ""]
    yield "arms", [arm.label for arm in trial.arms]
    yield "contacts", initials(trial.contacts)
    yield "sites", sites(trial)
    yield "outcomes", outcomes(trial)
    yield "dates", [date or "" for date in msgspec.structs.astuple(dates)]
    yield "mesh_terms", len(trial.mesh_terms)
    yield "criteria_lines", sum(bool(line) for line in criteria.split("\n"))


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["nct_id"])
def test_the_real_pages_give_what_they_show(pages: dict[str, bytes], facts: dict[str, Any]) -> None:
    trial = read(pages[facts["nct_id"]])
    empty = {"last_known_status": "", "dates": [""] * 6, "mesh_terms": 0}
    expected = {name: facts.get(name, empty.get(name, [])) for name, _ in told(trial)}
    assert dict(told(trial)) == expected
    assert trial.eligibility is not None
    assert (trial.eligibility.criteria or "").startswith(facts["opens"])
    assert (trial.eligibility.criteria or "").endswith(facts["ends"])


def test_the_related_trials_of_a_page_do_not_leak(pages: dict[str, bytes]) -> None:
    for nct_id, document in pages.items():
        assert msgspec.json.encode(read(document)).count(b"NCT0") == nct_id.startswith("NCT0")


def test_the_real_pages_show_their_criteria_where_the_offsets_say(pages: dict[str, bytes]) -> None:
    for document in pages.values():
        text, trial = document.decode(), read(document)
        assert trial.eligibility is not None
        assert trial.provenance is not None
        for at, character in enumerate(trial.eligibility.criteria or ""):
            place = place_in_source(trial.provenance.criteria_offsets, at)
            is_bullet = character in "* " and text[place] in BULLETS
            assert is_bullet or character in INSERTED or stands_for(text, place, character), (at, place)


def test_every_registry_record_is_read(studies: list[bytes]) -> None:
    assert len({read(study).nct_id for study in studies}) == len(studies) == 1_518


def test_no_field_of_a_registry_record_is_lost(studies: list[bytes]) -> None:
    for document in studies[::5]:
        protocol, trial = msgspec.json.decode(document)["protocolSection"], read(document)
        for place, path in MODULES.items():
            given, kept = walk(protocol, place.split(".")), walk(trial, path.split("."))
            size = len(given) if isinstance(given, list) else None
            assert (given in (None, [], {})) == (kept in (None, ())), (trial.nct_id, place)
            assert size is None or size == len(kept), (trial.nct_id, place)


def walk(node: Any, path: list[str]) -> Any:
    """What stands at the end of the path; None where it breaks off."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else getattr(node, name, None)
    return node
