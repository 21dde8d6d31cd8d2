"""The command line, as its callers see it: the table in commands.toml."""

import gzip
import io
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from msgspec import Struct

from service import logs
from service.cli import main
from service.settings import Settings

ROOT = Path(__file__).parents[2]


class Case(Struct, forbid_unknown_fields=True):
    note: str
    command: str
    code: int = 0
    lines: int | None = None
    input: str | None = None
    out: list[str] = []
    err: list[str] = []


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]
TABLE = tomllib.loads((Path(__file__).parent / "commands.toml").read_text(encoding="utf-8"))
CASES = msgspec.convert(TABLE["case"], list[Case])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table's files, in the current directory."""
    for name, text in TABLE["files"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Run]:
    """Run a command on this test's database."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")

    def ran(command: str, given: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given))))
        try:
            code = main(command.split())
        except SystemExit as stop:  # argparse ends so
            code = int(stop.code or 0)
        printed = capsysbinary.readouterr()
        return Done(code, printed.out.decode(), printed.err.decode())

    yield ran
    logs.configure("info")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.note)
def test_a_command_does_what_it_says(files: Path, run: Run, case: Case) -> None:
    done = run(case.command, (files / case.input).read_bytes() if case.input else b"")
    assert done.code == case.code, done.err
    assert case.lines in (None, done.out.count("\n"))
    assert [said for said in case.out if said not in done.out] == []
    assert [said for said in case.err if said not in done.err] == []


def test_a_packed_file_is_unpacked(files: Path, run: Run) -> None:
    (files / "two.jsonl.gz").write_bytes(gzip.compress((files / "two.jsonl").read_bytes()))
    assert "NCT00000002" in run("validate two.jsonl.gz").out


def test_a_packed_file_that_is_cut_off_is_named(files: Path, run: Run) -> None:
    (files / "cut.txt.gz").write_bytes(gzip.compress(b"Age over 3 years" * 100)[:-10])
    done = run("compile cut.txt.gz")
    assert (done.code, "cut.txt.gz" in done.err) == (1, True)


@pytest.mark.usefixtures("files")
def test_ingesting_again_changes_nothing_and_says_so(run: Run) -> None:
    run("ingest two.jsonl")
    assert "2 records: 0 created, 0 updated, 2 unchanged" in run("ingest two.jsonl").err


@pytest.mark.usefixtures("files")
def test_a_match_shows_every_criterion_with_its_verdict(run: Run) -> None:
    run("ingest trial.json")
    shown = run("match patient.json --as-of 2026-06-01").out
    assert "NCT00000001 eligible 1.00" in shown
    assert "+ inclusion: Age 18 years or older\n      met: age 46 years is at least 18 years" in shown


def test_output_that_nobody_reads_any_more_is_no_failure_to_speak_of(files: Path) -> None:
    """As in `compile … | head`."""
    (files / "many.txt").write_text("Inclusion Criteria:\n" + "* Age 18 years or older\n" * 5_000)
    command = [sys.executable, "-m", "service", "compile", "many.txt"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as piped:
        assert piped.stdout is not None
        assert piped.stderr is not None
        piped.stdout.readline()
        piped.stdout.close()
        assert piped.stderr.read() == b""


def test_a_key_is_shown_once(run: Run) -> None:
    made = run("keys create --name ward-7 --role matcher --role writer --days 30")
    prefix, key_id, secret = made.out.strip().split("_", 2)
    assert (made.code, prefix, len(secret)) == (0, "eligo", 43)
    listed = run("keys list --json").out
    assert msgspec.json.decode(listed)["roles"] == "matcher,writer"
    assert secret not in listed + run("keys list").out + made.err
    assert run(f"keys revoke {key_id}").code == 0
    assert msgspec.json.decode(run("keys list --json").out)["revoked"]
    again = run(f"keys revoke {key_id}")
    assert (again.code, again.err) == (
        1,
        f"keys: no key `{key_id}` that could be revoked; `keys list` shows them all\n",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "create --name x",
        "create --role reader",
        "create --name x --role root",
        "create --name x --role reader --days 0",
        "revoke",
        "",
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(run: Run, wrong: str) -> None:
    assert run(f"keys {wrong}").code == 2
    assert run("keys list").out == ""


def test_help_loads_nothing_that_it_does_not_need() -> None:
    """It must be quick: neither the web framework nor the vocabulary is imported."""
    code = "import sys, service.cli as cli; cli.parser(); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert loaded.isdisjoint({"litestar", "asyncpg", "granian", "service.reference.concepts", "service.app"})
