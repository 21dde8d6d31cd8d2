"""What the README and the guides show is what the service answers; `…` there stands for what they leave out."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from service.api import guides
from service.cli import COMMANDS, parser
from service.settings import SETTINGS
from tests.deploy.test_watching import ALERTS

ROOT = Path(__file__).parents[2]
TEXTS = {
    "README": (ROOT / "README.md").read_text(encoding="utf-8"),
    **{name: guides.text(f"{name}.md") for name in guides.GUIDES},
}
SHOWN = re.compile(r"```\n(curl .*?)\n```\n```json\n(.*?)```", re.DOTALL)
STATUS = re.compile(r'"status":([0-9]{3})')


class Call(NamedTuple):
    """A call of a text, and the answer that it shows."""

    text: str
    url: str
    body: bytes
    answer: str


def _calls() -> list[Call]:
    found = ((name, *shown.groups()) for name, text in TEXTS.items() for shown in SHOWN.finditer(text))
    return [_call(name, shlex.split(command), answer) for name, command, answer in found]


def _call(name: str, command: list[str], answer: str) -> Call:
    sent = command[command.index("-d") + 1] if "-d" in command else ""
    body = (ROOT / sent[1:]).read_bytes() if sent.startswith("@") else sent.encode()
    return Call(name, next(word for word in command if word.startswith("http")), body, answer)


CALLS = _calls()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_readme_shows_three_calls() -> None:
    shown = [urlsplit(call.url).path for call in CALLS if call.text == "README"]
    assert shown == ["/trials", "/trials/NCT07338357", "/match"]


def test_every_call_shows_its_answer() -> None:
    assert len(CALLS) == sum(text.count("\ncurl ") for text in TEXTS.values())


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.text} {urlsplit(call.url).path}")
async def test_a_call_gives_what_is_shown(api: httpx.AsyncClient, call: Call) -> None:
    address = urlsplit(call.url)
    path = f"{address.path}?{address.query}".rstrip("?")
    headers = {"content-type": "application/json"}
    answer = await (api.post(path, content=call.body, headers=headers) if call.body else api.get(path))
    status = STATUS.search(call.answer)
    assert answer.status_code == (int(status[1]) if status else 200)
    rest = squeezed(answer.text)
    for wanted in filter(None, (shown.strip(",") for shown in squeezed(call.answer).split("…"))):
        assert wanted in rest
        rest = rest.partition(wanted)[2]


def test_every_command_shown_is_one() -> None:
    shown = [line for text in TEXTS.values() for line in re.findall(r"^python -m service (.+)$", text, re.MULTILINE)]
    assert shown
    assert {parser().parse_args(shlex.split(line)).command for line in shown} <= COMMANDS.keys()


def test_every_setting_is_in_the_readmes_table_and_no_other() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", TEXTS["README"], re.MULTILINE)
    assert [variable for variable, _ in table] == [row.variable for row in SETTINGS]
    plain = [(variable, default) for variable, default in table if re.fullmatch(r"[0-9.]+|[a-z]+", default)]
    assert plain == [(row.variable, row.default) for row in SETTINGS if re.fullmatch(r"[0-9.]+|[a-z]+", row.default)]


def test_every_alert_is_explained() -> None:
    explained = re.findall(r"^\| `(Eligo[A-Za-z]+)` \|", TEXTS["operator"], re.MULTILINE)
    assert explained == [rule["alert"] for rule in ALERTS]
