"""The three calls of the README give what it shows; `…` there stands for what it leaves out."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"```\ncurl '?(?P<url>http\S+?)'?(?P<options> .*)?\n```\n```json\n(?P<answer>.*?)```", re.DOTALL)
CALLS = list(CALL.finditer((ROOT / "README.md").read_text(encoding="utf-8")))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_readme_shows_three_calls() -> None:
    assert [urlsplit(call["url"]).path for call in CALLS] == ["/trials", "/trials/NCT07338357", "/match"]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: urlsplit(call["url"]).path)
async def test_a_call_of_the_readme_gives_what_it_shows(api: httpx.AsyncClient, call: re.Match[str]) -> None:
    address = urlsplit(call["url"])
    sent = re.search(r"-d @(\S+)", call["options"] or "")
    if sent is None:
        answer = await api.get(f"{address.path}?{address.query}")
    else:
        headers = {"content-type": "application/json"}
        answer = await api.post(address.path, content=(ROOT / sent[1]).read_bytes(), headers=headers)
    assert answer.status_code == 200
    rest = squeezed(answer.text)
    for shown in squeezed(call["answer"]).split("…"):
        wanted = shown.strip(",")
        assert wanted in rest
        rest = rest.partition(wanted)[2]
