"""Everything the deployment files name exists: paths, stages, commands, settings, addresses. No engine needed."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are among the locked dependencies

from service.cli import COMMANDS, parser
from service.settings import SETTINGS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KNOWN = {row.variable for row in SETTINGS}
OF_PYTHON = re.compile(r"(PYTHON|PIP_)[A-Z_]+$")
OF_POSTGRES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PGDATA"}


class Instruction(NamedTuple):
    """One instruction of the Dockerfile, its continuation lines joined."""

    word: str
    rest: str


def _dockerfile() -> list[Instruction]:
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = (line.strip() for line in text.splitlines())
    return [Instruction(*line.split(None, 1)) for line in lines if line and not line.startswith("#")]


DOCKERFILE = _dockerfile()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))


def _unit(name: str) -> list[str]:
    return [line for line in (DEPLOY / name).read_text().splitlines() if line and line[0] not in "#;"]


UNIT, SYNC = _unit("eligo.service"), _unit("eligo-sync.service")


def _every(word: str) -> list[str]:
    return [each.rest for each in DOCKERFILE if each.word == word]


def _last_stage() -> list[Instruction]:
    last = max(index for index, each in enumerate(DOCKERFILE) if each.word == "FROM")
    return DOCKERFILE[last:]


def _container() -> dict[str, Any]:
    container: dict[str, Any] = MANIFESTS[0]["spec"]["template"]["spec"]["containers"][0]
    return container


def _sync_pod() -> dict[str, Any]:
    pod: dict[str, Any] = MANIFESTS[3]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return pod


def _ignored() -> tuple[set[str], set[str]]:
    """What .dockerignore keeps out, and what it lets in again."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    return {line for line in lines if line[0] != "!"}, {line[1:] for line in lines if line[0] == "!"}


def test_every_copied_path_exists_and_reaches_the_engine() -> None:
    out, kept = _ignored()
    copied = [path for rest in _every("COPY") if "--from" not in rest for path in rest.split()[:-1]]
    assert "*" in out
    assert copied
    assert [path for path in copied if not (ROOT / path).exists() or path not in kept] == []


def test_nothing_reaches_the_engine_that_is_not_copied() -> None:
    copied = {path for rest in _every("COPY") for path in rest.split()[:-1]}
    assert _ignored()[1] - copied == set()


def test_stages_copy_from_stages_that_exist() -> None:
    stages = {rest.split()[-1] for rest in _every("FROM") if " AS " in rest}
    named = {match[1] for rest in _every("COPY") if (match := re.match(r"--from=(\S+)", rest))}
    assert named == stages == {"build"}


def test_the_image_installs_only_what_the_lock_hashes() -> None:
    installs = [rest for rest in _every("RUN") if "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest and "requirements.txt" in rest for rest in installs)
    lock = (ROOT / "requirements.txt").read_text()
    assert lock.count("==") <= lock.count("--hash=sha256:")


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    users = [each.rest for each in _last_stage() if each.word == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])


def test_the_user_has_a_name() -> None:
    """The embedded database's initdb refuses a user id without one."""
    (made,) = [rest for rest in _every("RUN") if "useradd" in rest]
    uid, gid = _every("USER")[-1].split(":")
    assert f"--uid {uid} " in made
    assert f"--gid {gid} " in made


@pytest.mark.parametrize("word", ["ENTRYPOINT", "CMD", "VOLUME"])
def test_instructions_need_no_shell(word: str) -> None:
    assert [isinstance(json.loads(rest), list) for rest in _every(word)] == [True]


def test_no_secret_stands_in_the_image() -> None:
    words = " ".join(rest for each in ("ENV", "ARG") for rest in _every(each))
    assert not re.search(r"PASSWORD|TOKEN|SECRET|DATABASE_URL", words)


def _names_of_environment() -> Iterator[tuple[str, str]]:
    for rest in (each.rest for each in _last_stage() if each.word == "ENV"):
        yield from (("Dockerfile", pair.partition("=")[0]) for pair in rest.split())
    for name, service in COMPOSE["services"].items():
        yield from ((f"compose.yaml {name}", variable) for variable in service.get("environment", {}))
    for line in (DEPLOY / "eligo.env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            yield "eligo.env.example", line.partition("=")[0]
    yield from (("kubernetes.yaml", each["name"]) for each in _container()["env"])
    for line in (*UNIT, *SYNC):
        if line.startswith("Environment="):
            pairs = line.removeprefix("Environment=").split()
            yield from (("eligo.service", pair.partition("=")[0]) for pair in pairs)


@pytest.mark.parametrize(("file", "variable"), sorted(set(_names_of_environment())))
def test_every_variable_is_a_setting(file: str, variable: str) -> None:
    assert variable in KNOWN | OF_POSTGRES or OF_PYTHON.match(variable), f"{file} sets {variable}, which nothing reads"


def _commands() -> Iterator[tuple[str, list[str]]]:
    yield "Dockerfile", json.loads(_every("CMD")[-1])
    yield "kubernetes.yaml", list(_container()["args"])
    yield (
        "kubernetes.yaml",
        list(_sync_pod()["containers"][0]["args"]),
    )
    for start in (line for line in (*UNIT, *SYNC) if line.startswith("ExecStart=")):
        yield "a unit", start.partition(" -m service ")[2].split()


@pytest.mark.parametrize(("file", "command"), list(_commands()))
def test_every_command_is_one_of_the_service(file: str, command: list[str]) -> None:
    assert parser().parse_args(command).command in COMMANDS, f"{file} runs {command}"


def _health_check() -> list[str]:
    (rest,) = _every("HEALTHCHECK")
    command: list[str] = json.loads(rest.partition("CMD ")[2])
    return command


class Healthy(BaseHTTPRequestHandler):
    """Answers 200 where the service says that it lives."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/live" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – as the standard library names it
        """Say nothing."""


@pytest.mark.parametrize(("path", "passes"), [("/health/live", True), ("/elsewhere", False)])
def test_the_health_check_tells_life_from_death(path: str, passes: bool) -> None:
    """Run as it stands, with this Python, against a server of our own."""
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    Thread(target=server.serve_forever, daemon=True).start()
    _, flag, code = _health_check()
    environment = os.environ | {"ELIGO_PORT": str(server.server_port)}
    try:
        command = [sys.executable, flag, code.replace("/health/live", path)]
        done = subprocess.run(command, env=environment, capture_output=True, timeout=30, check=False)
    finally:
        server.shutdown()
        server.server_close()
    assert (done.returncode == 0) is passes


def test_probes_ask_paths_that_the_service_answers() -> None:
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"]
    probes = [_container()[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")]
    assert [path for path in [*probes, "/health/live"] if path not in paths] == []


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_a_composed_service_is_locked_down(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", service["user"])
    assert service["env_file"] == ["eligo.env"]


def test_the_composed_database_is_asked_for_its_health() -> None:
    services = COMPOSE["services"]
    assert services["database"]["healthcheck"]["test"]
    assert services["eligo"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert (
        (DEPLOY / services["eligo"]["build"]["context"] / services["eligo"]["build"]["dockerfile"]).resolve().is_file()
    )
    named = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert named == set(COMPOSE["volumes"])


def test_composed_ports_are_not_open_to_the_network() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_pod_is_locked_down() -> None:
    pod = MANIFESTS[0]["spec"]["template"]["spec"]
    sync = _sync_pod()
    assert sync["containers"][0]["securityContext"] == _container()["securityContext"]
    assert {**sync["securityContext"], "fsGroup": 10001} == pod["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" == _every("USER")[-1]
    assert pod["enableServiceLinks"] is False, "ELIGO_PORT would be set to the Service's address"
    assert _container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_manifests_select_the_pods_they_describe() -> None:
    deployment, service, budget, job = MANIFESTS
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert [each["kind"] for each in MANIFESTS] == ["Deployment", "Service", "PodDisruptionBudget", "CronJob"]
    assert job["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"] != labels, "requests would reach it"
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    assert budget["spec"]["selector"]["matchLabels"] == labels
    mounted = {each["name"] for each in _container()["volumeMounts"]}
    assert mounted == {each["name"] for each in deployment["spec"]["template"]["spec"]["volumes"]}


@pytest.mark.parametrize(
    "line",
    ["DynamicUser=yes", "StateDirectory=eligo", "ProtectSystem=strict", "NoNewPrivileges=yes", "Restart=on-failure"],
)
def test_the_unit_is_locked_down(line: str) -> None:
    assert line in UNIT


def test_the_unit_keeps_data_where_it_may_write() -> None:
    assert any("ELIGO_DATA_DIR=/var/lib/eligo" in line for line in UNIT)
    assert "Environment=ELIGO_DATA_DIR=/var/lib/eligo" in next(line for line in UNIT if line.startswith("Environment="))


def test_both_units_are_locked_down_alike() -> None:
    """And run as the same user on the same directory, where the embedded Postgres is shared."""
    alike = [line for line in UNIT if line.startswith(("Protect", "Restrict", "SystemCall", "Capability", "State"))]
    assert [line for line in alike if line not in SYNC] == []
    assert "User=eligo" in SYNC


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """With this Python in place of the installed one, which systemd looks for."""
    units = [tmp_path / name for name in ("eligo.service", "eligo-sync.service", "eligo-sync.timer")]
    for unit in units:
        unit.write_text((DEPLOY / unit.name).read_text().replace("/opt/eligo/.venv/bin/python", sys.executable))
    verdict = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60, check=False
    )
    assert (verdict.returncode, verdict.stderr) == (0, "")
