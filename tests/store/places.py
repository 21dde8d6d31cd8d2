"""Where an embedded server of a test keeps its data."""

from itertools import takewhile
from pathlib import Path

import pytest

OF_PYTEST = ("pytest-", "popen-")  # of the user, of the run, and of one of the run's processes


def open_to_all(factory: pytest.TempPathFactory, name: str) -> Path:
    """A directory that every user may enter: as root, Postgres runs as another one."""
    made = factory.mktemp(name)
    for directory in (made, *takewhile(lambda parent: parent.name.startswith(OF_PYTEST), made.parents)):
        directory.chmod(0o755)
    return made
