"""Which code and tables are at work: the same fingerprint comes to the same end.

It changes with every file that has a say, so that no one need remember to count a version up.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

KINDS = (".py", ".toml", ".zst")


@cache
def fingerprint(*parts: str) -> str:
    """24 hexadecimal digits, of these packages of the service."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        for name, content in _files(files("service").joinpath(part)):
            digest.update(b"%s %d " % (name.encode(), len(content)) + content)
    return digest.hexdigest()


def _files(place: Traversable) -> Iterator[tuple[str, bytes]]:
    for each in sorted(place.iterdir(), key=lambda found: found.name):
        if each.is_dir():
            yield from _files(each)
        elif each.name.endswith(KINDS):
            yield each.name, each.read_bytes()
