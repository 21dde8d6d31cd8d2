"""Named SQL blocks of sql/*.sql: `QUERIES["get"]` is the text after `-- name: get`.

A block that begins `-- fragment: asked` is no query; it stands wherever another block says `/* asked */`.
"""

import re
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

SQL = files("service.store").joinpath("sql")
_BLOCK = re.compile(r"^-- (name|fragment): ([a-z_]+)\n", re.MULTILINE)
_PLACE = re.compile(r"/\* ([a-z_]+) \*/")


def read_queries(sources: Iterable[str]) -> dict[str, str]:
    """Every named query with its fragments in place. Raises ValueError for a name used twice, KeyError for none."""
    queries: dict[str, str] = {}
    fragments: dict[str, str] = {}
    for source in sources:
        parts = _BLOCK.split(source)[1:]
        for kind, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            if name in queries or name in fragments:
                raise ValueError(f"two blocks named {name}")
            (queries if kind == "name" else fragments)[name] = text.strip().rstrip(";")
    return {name: _PLACE.sub(lambda place: fragments[place[1]], text) for name, text in queries.items()}


def sql_files(directory: Traversable) -> list[Traversable]:
    """The .sql files of a directory in the order of their names."""
    return sorted((file for file in directory.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)


QUERIES = read_queries(file.read_text(encoding="utf-8") for file in sql_files(SQL))
