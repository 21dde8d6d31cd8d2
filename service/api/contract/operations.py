"""Every operation of the service. Handlers and document share it."""

from collections.abc import Mapping

from service.api.contract import examples
from service.api.contract.operation import JSON, TEXT, Answer, Body, Operation, Raw
from service.schemas.access import Role
from service.schemas.answer import About, CheckedDocument, Health, SentTrial, TrialRecord, WrittenTrial
from service.schemas.concept import ConceptPage, ConceptQuery, ConceptRecord
from service.schemas.page import TrialPage
from service.schemas.quarantine import QuarantinePage, QuarantineQuery
from service.schemas.query import TrialQuery
from service.schemas.report import MatchReport, MatchRequest
from service.schemas.trial import ANY_NCT_ID
from service.schemas.version import DifferenceQuery, TrialDifference, TrialVersions
from service.sources import SOURCES

NCT_ID: Raw = {
    "name": "nctId",
    "in": "path",
    "required": True,
    "description": "NCT number, in any case and with any zero padding",
    "schema": {"type": "string", "pattern": ANY_NCT_ID},
    "examples": {"canonical": {"value": examples.TRIAL["nctId"]}},
}
CONCEPT_ID: Raw = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "id of a concept, as `/concepts?q=` answers it",
    "schema": {"type": "string", "minLength": 1},
    "examples": {"T-ALL": {"value": "MESH:D054218"}},
}
VERSION: Raw = {
    "name": "version",
    "in": "query",
    "description": "the record as it was in this version; without it, as it is",
    "schema": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000},
    "examples": {"the first": {"value": 1}},
}
IF_MATCH: Raw = {
    "name": "If-Match", "in": "header", "schema": {"type": "string"},
    "description": "an ETag answered before, or `*` for any: stored only if that is what is stored now",
}  # fmt: skip
IF_NONE_MATCH: Raw = {
    "name": "If-None-Match", "in": "header", "schema": {"type": "string"},
    "description": "`*`: stored only if nothing is stored yet",
}  # fmt: skip
SOURCE: Raw = {
    "name": "source",
    "in": "query",
    "description": "format of the document; recognised by itself when not named",
    "schema": {"type": "string", "enum": sorted(SOURCES)},
}
STUDY_SCHEMA: Raw = {
    "title": "RegistryStudy",
    "description": "A study as the API v2 of ClinicalTrials.gov answers it.",
    "type": "object",
    "required": ["protocolSection"],
    "properties": {
        "protocolSection": {
            "type": "object",
            "required": ["identificationModule"],
            "properties": {
                "identificationModule": {
                    "type": "object",
                    "required": ["nctId"],
                    "properties": {"nctId": {"type": "string", "pattern": "^NCT[0-9]{8}$"}},
                }
            },
        }
    },
}
DOCUMENTS: Mapping[str, Body] = {
    JSON: Body(
        (SentTrial, STUDY_SCHEMA),
        {"trial": {"value": examples.TRIAL}, "registry study": {"value": examples.STUDY}},
    ),
    TEXT: Body(({"type": "string", "description": "a study page, as text"},), {}),
}
PAGE_LINKS: Raw = {
    "FirstTrial": {"operationId": "getTrial", "parameters": {"nctId": "$response.body#/trials/0/nctId"}},
}
CONCEPT_LINKS: Raw = {
    "FirstConcept": {"operationId": "getConcept", "parameters": {"id": "$response.body#/concepts/0/id"}},
}
WRITTEN_LINKS: Raw = {
    "Written": {"operationId": "getTrial", "parameters": {"nctId": "$response.body#/nctId"}},
}
THE_TRIAL: Raw = {"nctId": "$response.body#/nctId"}
VERSION_LINKS: Raw = {
    "NewestVersion": {
        "operationId": "getTrial",
        "parameters": {**THE_TRIAL, "version": "$response.body#/versions/0/version"},
    },
    "LastChange": {"operationId": "diffTrial", "parameters": THE_TRIAL},
}
DIFF_LINKS: Raw = {
    "From": {"operationId": "getTrial", "parameters": {**THE_TRIAL, "version": "$response.body#/from"}},
    "To": {"operationId": "getTrial", "parameters": {**THE_TRIAL, "version": "$response.body#/to"}},
}
TRIAL_LINKS: Raw = {"Versions": {"operationId": "listVersions", "parameters": THE_TRIAL}}

LIST_TRIALS = Operation(
    id="listTrials", method="GET", path="/trials",
    summary="Search the registry",
    description="Every parameter narrows the search. Repeated values and comma lists mean *or*; a value that holds a "
    'comma is put in double quotes. A trial that states no bound is not excluded by `age` or `sex`.',
    query=TrialQuery, tagged=True,
    answers={200: Answer("One page of trials, in the order asked for.", TrialPage, links=PAGE_LINKS)},
    problems=(400, 406, 503),
)  # fmt: skip
GET_TRIAL = Operation(
    id="getTrial", method="GET", path="/trials/{nctId}",
    summary="One trial, with its compiled criteria",
    description="The record, what each criterion was compiled to, and what the validator found. The criteria of an "
    "earlier version are read when it is asked for, by the compiler of this service.",
    parameters=(NCT_ID, VERSION), tagged=True,
    answers={
        200: Answer("The trial.", TrialRecord, links=TRIAL_LINKS),
        308: Answer("The canonical address.", None, ("Location",)),
    },
    problems=(400, 404, 406, 503),
)  # fmt: skip
LIST_VERSIONS = Operation(
    id="listVersions", method="GET", path="/trials/{nctId}/versions",
    summary="Every version of a trial",
    description="What the record said, and since when; the current version first. A version is kept whenever a record "
    "is replaced by one that says anything else, whoever sent it.",
    parameters=(NCT_ID,), tagged=True,
    answers={200: Answer("The versions.", TrialVersions, links=VERSION_LINKS)},
    problems=(400, 404, 406, 503),
)  # fmt: skip
DIFF_TRIAL = Operation(
    id="diffTrial", method="GET", path="/trials/{nctId}/diff",
    summary="What changed between two versions of a trial",
    description="The criteria that were added, removed or reworded, and the members of the record that differ; by "
    "default what the last change did. 404 where there is no such version, or nothing before the first.",
    parameters=(NCT_ID,), query=DifferenceQuery, tagged=True,
    answers={200: Answer("The difference.", TrialDifference, links=DIFF_LINKS)},
    problems=(400, 404, 406, 503),
)  # fmt: skip
PUT_TRIAL = Operation(
    id="putTrial", method="PUT", path="/trials/{nctId}",
    summary="Store a record",
    description="A Trial, or a document of a source; the identical document again changes nothing, and an answer of "
    "GET may be sent back.",
    parameters=(NCT_ID, SOURCE, IF_MATCH, IF_NONE_MATCH), takes=DOCUMENTS, role=Role.WRITER,
    answers={
        200: Answer("Stored; the outcome says whether anything changed.", WrittenTrial, links=WRITTEN_LINKS),
        201: Answer("Stored for the first time.", WrittenTrial, links=WRITTEN_LINKS),
    },
    problems=(400, 406, 409, 412, 415, 422, 503),
)  # fmt: skip
VALIDATE_TRIAL = Operation(
    id="validateTrial", method="POST", path="/trials/validate",
    summary="Read and check a document",
    description="Any accepted document in; the trial as it was read, its compiled criteria and what looks wrong out. "
    "Nothing is stored.",
    parameters=(SOURCE,), takes=DOCUMENTS,
    answers={200: Answer("The document could be read; `issues` says what looks wrong in it.", CheckedDocument)},
    problems=(400, 406, 415, 422),
)  # fmt: skip
LIST_QUARANTINE = Operation(
    id="listQuarantine", method="GET", path="/quarantine",
    summary="Studies that could not be taken from the registry, and why",
    description="What `sync` could not read, or found unusable: of each study the last version that was refused, while "
    "an earlier one that is stored stays. It leaves when a later version is stored, and is tried again after an "
    "upgrade. And, as `withdrawn`, what a full run has taken out because the registry no longer has it.",
    query=QuarantineQuery, role=Role.WRITER,
    answers={200: Answer("One page, the newest first.", QuarantinePage)},
    problems=(400, 406, 503),
)  # fmt: skip
MATCH = Operation(
    id="match", method="POST", path="/match",
    summary="Which trials fit a patient, criterion by criterion",
    description="Every criterion is shown with a verdict; what the patient's record does not say is `unknown`, never "
    "*no*. Nothing of the patient is stored, logged or repeated, save that `evidence` quotes the datum it rests on.",
    takes={
        JSON: Body(
            (MatchRequest,),
            {
                "adult": {"value": examples.MATCH_REQUEST},
                "nothing known": {"value": examples.SMALLEST_MATCH_REQUEST},
            },
        )
    },
    answers={200: Answer("Matches, best first, and what to ask next.", MatchReport)}, role=Role.MATCHER,
    problems=(400, 406, 415, 422, 503),
)  # fmt: skip
LIST_CONCEPTS = Operation(
    id="listConcepts", method="GET", path="/concepts",
    summary="What a name, or its beginning, may mean",
    description="Typeahead over diseases, drugs, procedures, organisms and antigens: names that begin "
    "with what is typed, then names that hold its words, the best first; a code finds what it means.",
    query=ConceptQuery, tagged=True,
    answers={200: Answer("What was found; empty where nothing was.", ConceptPage, links=CONCEPT_LINKS)},
)  # fmt: skip
GET_CONCEPT = Operation(
    id="getConcept", method="GET", path="/concepts/{id}",
    summary="One concept and its neighbours",
    description="Its names, its codes, what is broader, and how many stored trials name it.",
    parameters=(CONCEPT_ID,), tagged=True,
    answers={200: Answer("The concept.", ConceptRecord)},
    problems=(400, 404, 406, 503),
)  # fmt: skip
LIVE = Operation(
    id="live", method="GET", path="/health/live",
    summary="Does the process answer?",
    description="For a liveness probe: does not touch the database.",
    answers={200: Answer("It does.", Health)}, role=None,
)  # fmt: skip
READY = Operation(
    id="ready", method="GET", path="/health/ready",
    summary="Can requests be served?",
    description="For a readiness probe: asks the database.",
    answers={200: Answer("They can.", Health)}, role=None, problems=(400, 406, 503),
)  # fmt: skip
ABOUT = Operation(
    id="about", method="GET", path="/version",
    summary="What answers?",
    description="Versions of the service, of what reads and matches, of the vocabulary and of the registry: while they "
    "stay, so do the answers.",
    answers={200: Answer("The versions.", About)}, problems=(400, 406, 503),
)  # fmt: skip
METRICS = Operation(
    id="metrics", method="GET", path="/metrics",
    summary="Numbers for Prometheus",
    description="Of all workers together, in text format 0.0.4. Labels are routes, codes and verdicts; nothing of a "
    "request or a patient is among them.",
    answers={200: Answer("The numbers.", {"type": "string"}, media_type=TEXT)},
)  # fmt: skip
OPENAPI = Operation(
    id="openapi", method="GET", path="/openapi.json",
    summary="This document",
    description="OpenAPI 3.1.", tagged=True,
    answers={200: Answer("The document.", {"type": "object"})}, role=None,
)  # fmt: skip
OPERATIONS = (
    LIST_TRIALS,
    GET_TRIAL,
    LIST_VERSIONS,
    DIFF_TRIAL,
    PUT_TRIAL,
    VALIDATE_TRIAL,
    LIST_QUARANTINE,
    MATCH,
    LIST_CONCEPTS,
    GET_CONCEPT,
    LIVE,
    READY,
    ABOUT,
    METRICS,
    OPENAPI,
)
