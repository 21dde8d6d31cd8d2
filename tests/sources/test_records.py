"""A container gives one document for each record, with its place."""

import json

import pytest

from service.sources import records

STUDY = '{"protocolSection": {"identificationModule": {"nctId": "NCT09900001"}}}'
OTHER = STUDY.replace("1", "2")


@pytest.mark.parametrize(
    ("container", "places"),
    [
        (STUDY, [""]),
        (json.dumps(json.loads(STUDY), indent=2), [""]),
        (f"{STUDY}\n{OTHER}\n", ["line 1", "line 2"]),
        (f"\n{STUDY}\n\n{OTHER}", ["line 2", "line 4"]),
        (f"[{STUDY}, {OTHER}]", ["/0", "/1"]),
        (f'{{"nextPageToken": "x", "studies": [{STUDY}, {OTHER}]}}', ["/studies/0", "/studies/1"]),
        (f'{STUDY}\n{{"broken\n{OTHER}', ["line 1", "line 2", "line 3"]),
        (f'{{"broken\n{STUDY}\n{OTHER}', ["line 1", "line 2", "line 3"]),
        (STUDY[:-2], [""]),
        ('{\n "broken": 1,\n}', [""]),
        ("ClinicalTrials.Veeva\n\nMenu", [""]),
        ("", [""]),
    ],
    ids=["one", "one, indented", "lines", "lines with blanks", "list", "page of the API", "a broken line",
         "a broken first line", "one cut off", "one broken", "a page", "nothing"],
)  # fmt: skip
def test_records(container: str, places: list[str]) -> None:
    assert [place for place, _ in records(container.encode())] == places


def test_each_record_is_whole() -> None:
    container = f"\ufeff[{STUDY},\n {OTHER}]".encode()
    assert [json.loads(document) for _, document in records(container.lstrip(b"\xef\xbb\xbf"))] == [
        json.loads(STUDY),
        json.loads(OTHER),
    ]
