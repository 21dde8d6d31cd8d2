"""Units that annotators marked in 451 real eligibility texts: nearly all must resolve."""

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.reference.units import scan

ANNOTATION = re.compile(r"^T\d+\t(?:Eq-Unit|Eq-Temporal-Unit) (\d+) (\d+)\t(.*)$", re.MULTILINE)
NO_UNIT = re.compile(
    r"stag|class|grade|scor|^10$|^110$|axis|cut-off|baseline|normal|limit|range|half-li|trimester|percentile|daily|weekly"
    r"|members|trauma|joint|tooth|site|line|sugar|equivalents|feeds|occasion",
    re.IGNORECASE,
)
"""Annotated as a unit, but a scale, a limit of normal, a reference or a thing counted."""


def annotated(archive: Path) -> Iterator[tuple[str, int, int, str]]:
    """(text, start, end, words) of every annotated unit."""
    with tarfile.open(archive) as files:
        contents = {
            member.name: reader.read().decode("utf-8") for member in files if (reader := files.extractfile(member))
        }
    for name, annotations in contents.items():
        if name.endswith(".ann"):
            text = contents[name.removesuffix("ann") + "txt"]
            yield from ((text, int(start), int(end), words) for start, end, words in ANNOTATION.findall(annotations))


@pytest.mark.shared
def test_annotated_units_resolve(shared: Path) -> None:
    units = [each for each in annotated(shared / "data" / "lct-dev.tar.gz") if not NO_UNIT.search(each[3])]
    resolved = [found for text, start, end, _ in units if (found := scan(text, start)) and found.end >= end]
    assert len(units) > 1_000
    assert len(resolved) / len(units) >= 0.99
