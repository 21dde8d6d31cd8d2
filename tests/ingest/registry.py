"""A registry on this machine that behaves as badly as one can: it pages by offset, fails, throttles and changes."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([^,]+),([^\]]+)\]")
Study = dict[str, Any]


def a_study(nct: int, updated: str, **eligibility: object) -> Study:
    """A study as the registry writes it, valid by default."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{nct:08d}", "briefTitle": f"Trial {nct} of {updated}"},
            "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": updated}},
            "conditionsModule": {"conditions": ["Asthma"]},
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Asthma",
                "sex": "ALL",
                **eligibility,
            },
        }
    }


class Fault(NamedTuple):
    """What is answered instead of a page; no status: the connection is cut."""

    status: int = 0
    headers: dict[str, str] = {}
    body: bytes = b"not now"


class Asked(NamedTuple):
    """A request: its parameters, and when it came."""

    parameters: dict[str, str]
    at: float

    @property
    def is_roll_call(self) -> bool:
        return "fields" in self.parameters


class StandIn:
    """`before` is called with the number of each request, counted from 0, before it is answered."""

    def __init__(self, page_size: int) -> None:
        self.page_size = page_size
        self.studies: dict[int, Study] = {}
        self.asked: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.before: Callable[[int], None] = lambda _: None
        self.address = ""

    def post(self, *studies: Study) -> None:
        """New studies, or new versions of what is there."""
        self.studies |= {_number(study): study for study in studies}

    def answer(self, parameters: dict[str, str]) -> Fault | dict[str, Any]:
        """The page asked for, or a fault."""
        number = len(self.asked)
        self.asked.append(Asked(parameters, time.monotonic()))
        self.before(number)
        if number in self.faults:
            return self.faults[number]
        assert parameters["sort"] == "LastUpdatePostDate:asc"
        found = sorted(self._found(parameters), key=lambda each: (_date(each), _number(each)))
        start = int(parameters.get("pageToken", "0"))
        size = min(self.page_size, int(parameters["pageSize"]))
        page: dict[str, Any] = {"studies": found[start : start + size]}
        if "fields" in parameters:
            page["studies"] = [_brief(each) for each in page["studies"]]
        if "countTotal" in parameters:
            page["totalCount"] = len(found)
        return page | ({"nextPageToken": str(start + size)} if start + size < len(found) else {})

    def _found(self, parameters: dict[str, str]) -> list[Study]:
        if "filter.ids" in parameters:
            ids = {int(each.removeprefix("NCT")) for each in parameters["filter.ids"].split(",")}
            return [study for nct, study in self.studies.items() if nct in ids]
        return self._between(parameters["filter.advanced"])

    def _between(self, area: str) -> list[Study]:
        found = RANGE.fullmatch(area)
        assert found is not None, area
        low, high = found[1].replace("MIN", "0"), found[2].replace("MAX", "9")
        return [study for study in self.studies.values() if low <= _date(study) <= high]


def _number(study: Study) -> int:
    return int(study["protocolSection"]["identificationModule"]["nctId"][3:])


def _date(study: Study) -> str:
    return str(study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"])


def _brief(study: Study) -> Study:
    protocol = study["protocolSection"]
    identification = {"nctId": protocol["identificationModule"]["nctId"]}
    status = {"lastUpdatePostDateStruct": protocol["statusModule"]["lastUpdatePostDateStruct"]}
    return {"protocolSection": {"identificationModule": identification, "statusModule": status}}


@contextmanager
def standing_in(page_size: int = 3) -> Iterator[StandIn]:
    """A registry that answers on a port of its own."""
    registry = StandIn(page_size)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            assert address.path == "/api/v2/studies"
            found = registry.answer({name: values[0] for name, values in parse_qs(address.query).items()})
            if isinstance(found, Fault):
                self._say(found.status, found.body, found.headers)
            else:
                self._say(200, json.dumps(found).encode(), {"Content-Type": "application/json"})

        def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    registry.address = f"http://127.0.0.1:{server.server_port}/api/v2"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
