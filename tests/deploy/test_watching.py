"""The dashboard and the alerts ask for what is exported, by labels that it has."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # no stubs are among the locked dependencies

from service.api.observed.metrics import FACTS, METERS
from service.meters import Family, Kind

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana.json").read_text())
ALERTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text())["groups"][0]["rules"]
SCRAPED = {"instance", "job"}  # labels that Prometheus adds
SERIES = re.compile(r"(eligo_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'([a-z]+)(=~?)"([^"]*)"')
FAMILIES = {family.name: family for family in METERS + FACTS}
SUFFIXES = ("_bucket", "_sum", "_count")


def _expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])
    yield from ((rule["alert"], rule["expr"]) for rule in ALERTS)


def _family(name: str) -> Family:
    for suffix in SUFFIXES:
        if (
            (found := FAMILIES.get(name.removesuffix(suffix)))
            and found.kind is Kind.HISTOGRAM
            and name.endswith(suffix)
        ):
            return found
    return FAMILIES[name]


@pytest.mark.parametrize(("where", "expression"), list(_expressions()))
def test_what_is_asked_for_is_exported(where: str, expression: str) -> None:
    asked = SERIES.findall(expression)
    assert asked or "up{" in expression, where
    labels = SCRAPED | {"le"}
    for name, matchers in asked:
        family = _family(name)
        labels |= set(family.labels)
        for label, how, value in MATCHER.findall(matchers):
            assert label in SCRAPED or _occurs(family, label, how, value), f"{where}: no {name} has {label} {value}"
    grouped = {label for found in re.findall(r"by \(([^)]*)\)", expression) for label in found.split(", ")}
    assert grouped <= labels


def _occurs(family: Family, label: str, how: str, value: str) -> bool:
    """Whether each value asked for is one that the label can have."""
    own = {labels[family.labels.index(label)] for labels in family.series}
    if how == "=":
        return value in own
    return all(any(re.fullmatch(part, each) for each in own) for part in value.split("|"))


def test_every_family_is_on_the_dashboard() -> None:
    shown = {_family(name).name for panel in DASHBOARD["panels"] for name, _ in SERIES.findall(json.dumps(panel))}
    assert set(FAMILIES) - shown == set()


def test_panels_have_their_own_places() -> None:
    taken = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]]
    assert len(set(taken)) == len(taken)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(taken)
