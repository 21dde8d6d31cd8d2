"""The server as a process: it starts with clear words, finishes what it began, and leaves nothing behind."""

import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import httpx
import pytest
from msgspec import structs

from service.api.gate.callers import is_loopback
from service.app import address_of
from service.errors import AddressTaken
from service.settings import Settings
from tests.api.conftest import TOKEN
from tests.api.process import PATIENCE_S, free_port, serving, started

BODY = b'{"patient": {"ageYears": 40}, "detail": "summary"}'
OWN = {"authorization": f"Bearer {TOKEN}"}
HEAD = (
    f"POST /match HTTP/1.1\r\nHost: localhost\r\nAuthorization: {OWN['authorization']}\r\n"
    "Content-Type: application/json\r\nExpect: 100-continue\r\n"
).encode()
CALLERS = 4


def refused(port: int) -> bool:
    """Whether nobody listens any more, soon."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_no_request_is_lost_when_it_is_told_to_end(demo_settings: Settings) -> None:
    """One is in the middle of its request, others ask again and again on connections that they keep.

    Whoever was let in is answered, whoever comes later is refused.
    """

    def ask(busy: Event) -> set[int]:
        """Until a new connection is refused, or the kept one is closed in the moment that it is asked again."""
        found: set[int] = set()
        over = suppress(httpx.ConnectError, httpx.RemoteProtocolError)
        with httpx.Client(base_url=server.url, headers=OWN) as client, over:
            while True:
                found.add(client.get("/trials").status_code)
                busy.set()
        return found

    with (
        serving(demo_settings) as server,
        socket.create_connection(("127.0.0.1", server.port)) as caller,
        ThreadPoolExecutor(CALLERS) as callers,
    ):
        caller.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY))
        assert caller.recv(100).startswith(b"HTTP/1.1 100")  # the handler has begun to read
        caller.sendall(BODY[:10])
        busy = [Event() for _ in range(CALLERS)]
        asking = [callers.submit(ask, each) for each in busy]
        assert all(each.wait(PATIENCE_S) for each in busy)
        server.signal(signal.SIGTERM)
        assert refused(server.port)
        assert [each.result(PATIENCE_S) for each in asking] == [{200}] * CALLERS
        caller.sendall(BODY[10:])
        assert caller.recv(100).startswith(b"HTTP/1.1 200")
        caller.close()
        assert server.exit_code() == 0


def test_a_killed_master_takes_its_worker_along(demo_settings: Settings) -> None:
    with serving(demo_settings) as server:
        server.signal(signal.SIGKILL)
        assert refused(server.port)


def test_an_answer_to_head_ends_with_its_header(demo_settings: Settings) -> None:
    """The next request on the same connection must not meet a body that was not asked for."""
    with serving(demo_settings) as server, httpx.Client(base_url=server.url, headers=OWN) as client:
        assert client.head("/trials").content == b""
        assert client.get("/health/live").json()["status"] == "live"


BOTH_STARTED = "eligo_worker_starts_total 2.0"


@pytest.fixture(scope="module")
def two_workers(demo_settings: Settings) -> Iterator[httpx.Client]:
    """Who asks two workers, twenty times a second at most. Any of them may take a request."""
    settings = structs.replace(demo_settings, workers=2, rate=20, port=free_port())
    one_by_one = {"connection": "close", **OWN}
    with serving(settings) as server, httpx.Client(base_url=server.url, headers=one_by_one) as client:
        until = time.monotonic() + PATIENCE_S  # one worker may be ready long before the other
        while BOTH_STARTED not in client.get("/metrics").text.splitlines() and time.monotonic() < until:
            time.sleep(0.1)
        yield client


def test_every_workers_numbers_are_in_every_answer(two_workers: httpx.Client) -> None:
    counted = 'eligo_responses_total{method="GET",route="/health/live",status="2xx"} 30.0'
    assert all(two_workers.get("/health/live").is_success for _ in range(30))
    told = [two_workers.get("/metrics").text.splitlines() for _ in range(10)]
    assert all(counted in lines and BOTH_STARTED in lines for lines in told)


def test_a_rate_is_of_all_workers_together(two_workers: httpx.Client) -> None:
    """A hundred requests: two buckets of twenty a second would let twice as many pass."""
    began = time.monotonic()
    passed = [two_workers.get("/concepts?q=asthma").status_code for _ in range(100)].count(200)
    assert passed <= 40 + 20 * (time.monotonic() - began) + 1


def test_a_taken_port_is_said_at_once(demo_settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with started(structs.replace(demo_settings, port=taken.getsockname()[1])) as server:
            assert server.exit_code() == 1
            assert server.said.startswith("serve: cannot listen on 127.0.0.1:")


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("localhost", None)])
def test_a_host_may_be_named(tmp_path: Path, host: str, address: str | None) -> None:
    found = address_of(Settings(data_dir=tmp_path, host=host, port=free_port()))
    assert found == address or (address is None and is_loopback(found))


def test_a_host_that_is_not_this_machines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AddressTaken, match=r"cannot listen on 192\.0\.2\.1:"):
        address_of(Settings(data_dir=tmp_path, host="192.0.2.1", port=free_port()))


def test_a_service_that_others_can_reach_does_not_start_without_a_way_to_tell_callers_apart(settings: Settings) -> None:
    reachable = structs.replace(settings, host="0.0.0.0", port=free_port())
    with started(reachable) as server:
        assert server.exit_code() == 1
    assert "serve: 0.0.0.0 can be reached from other machines" in server.said
    assert "python -m service keys create" in server.said
    with started(structs.replace(reachable, port=free_port(), admin_token="a-token-of-enough-letters")) as server:
        server.wait_until_ready()
        assert httpx.get(f"{server.url}/trials").status_code == 401


def test_a_database_that_does_not_answer_is_waited_for_and_named(tmp_path: Path) -> None:
    nowhere = f"postgresql://127.0.0.1:{free_port()}/none"
    settings = Settings(data_dir=tmp_path, database_url=nowhere, port=free_port(), start_timeout_s=0.3)
    with started(settings) as server:
        assert server.exit_code() == 1
        assert '"waiting for the database"' in server.said
        assert "serve: the database did not answer within 0.3 s" in server.said
