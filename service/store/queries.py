"""The SQL of sql/*.sql: named queries, and the filters that searches are narrowed by.

`QUERIES["get"]` is the text after `-- name: get`; its parameters are numbered. A query of search.sql has named ones,
and a place for filters: `search("count", {"status": {"statuses": [...]}})` is its text and its parameters.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

SQL = files("service.store").joinpath("sql")
_BLOCK = re.compile(r"^-- (name|filter): ([a-z_]+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^-- .*\n", re.MULTILINE)
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")

Filters = Mapping[str, Mapping[str, object]]
"""Which filters narrow a search, and the parameters of each."""


class Blocks(NamedTuple):
    """Queries and filters by name."""

    queries: dict[str, str]
    filters: dict[str, str]


class Statement(NamedTuple):
    """SQL with numbered parameters, and their values in that order."""

    sql: str
    values: list[object]


def read_blocks(sources: Iterable[str]) -> Blocks:
    """Every named block. Raises ValueError for a name used twice."""
    found = Blocks({}, {})
    for source in sources:
        parts = _BLOCK.split(source)[1:]
        for kind, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            blocks = found.queries if kind == "name" else found.filters
            if name in blocks:
                raise ValueError(f"two blocks named {name}")
            blocks[name] = _COMMENT.sub("", text).strip().rstrip(";")
    return found


def sql_files(directory: Traversable) -> list[Traversable]:
    """The .sql files of a directory in the order of their names."""
    return sorted((file for file in directory.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)


QUERIES, FILTERS = read_blocks(file.read_text(encoding="utf-8") for file in sql_files(SQL))


def search(name: str, asked: Filters, where: Filters | None = None, **more: object) -> Statement:
    """A query with its filters in place; `where` narrows the trials of a search of candidates."""
    text = QUERIES[name].replace("/* asked */", _joined(asked)).replace("/* where */", _joined(where or {}))
    values = dict(more)
    for parameters in (*asked.values(), *(where or {}).values()):
        values.update(parameters)
    names = list(dict.fromkeys(_PARAMETER.findall(text)))
    numbers = {each: f"${number}" for number, each in enumerate(names, 1)}
    return Statement(_PARAMETER.sub(lambda found: numbers[found[1]], text), [values[each] for each in names])


def _joined(asked: Filters) -> str:
    """Filters as one condition; every part is a block of a file, and no value is ever in the text."""
    return "\n   AND ".join(f"({FILTERS[name]})" for name in asked) or FILTERS["all"]
