"""Where an embedded server of a test keeps its data."""

from pathlib import Path

import pytest


def open_to_all(factory: pytest.TempPathFactory, name: str) -> Path:
    """A directory that every user may enter: as root, Postgres runs as another one."""
    made = factory.mktemp(name)
    for directory in (made, *made.parents[:2]):
        directory.chmod(0o755)
    return made
