"""Which code and tables read, compile and check a document: the same engine comes to the same end."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PARTS = ("schemas", "reference", "sources", "criteria", "validate", "store")
KINDS = (".py", ".toml", ".zst")


@cache
def engine() -> str:
    """Changes with every file that has a say in what is stored, so that no one need remember to count a version up."""
    digest = hashlib.blake2b(digest_size=12)
    for part in PARTS:
        for name, content in _files(files("service").joinpath(part)):
            digest.update(b"%s %d " % (name.encode(), len(content)) + content)
    return digest.hexdigest()


def _files(place: Traversable) -> Iterator[tuple[str, bytes]]:
    for each in sorted(place.iterdir(), key=lambda found: found.name):
        if each.is_dir():
            yield from _files(each)
        elif each.name.endswith(KINDS):
            yield each.name, each.read_bytes()
