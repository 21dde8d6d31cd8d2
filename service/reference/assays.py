"""Tests that answer in words: their names by LOINC code."""

import tomllib
from pathlib import Path

_TABLE: dict[str, str] = tomllib.loads(Path(__file__).with_name("assays.toml").read_text(encoding="utf-8"))["assay"]
NAMES: dict[str, str] = {code: name for name, codes in _TABLE.items() for code in codes.split()}


def by_loinc(code: str) -> str | None:
    """The name of the test that a code stands for; blanks around it do not matter."""
    return NAMES.get(code.strip())
