"""Every regular expression that meets a request is linear in the length of what it meets.

Each is fed text made to hurt it: for every repetition in it, what leads there, then what it repeats, many times, then
what it cannot match. A pattern whose cost grows with the square of the length is found by the ratio of two lengths.
"""

import re
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from re import _constants as op  # the parser of the standard library
from re import _parser as parser
from typing import Any

import pytest
from msgspec import Struct
from msgspec import inspect as shape

import service
from service.api.contract.operations import OPERATIONS

PACKAGES = ("service.api", "service.store", "service.schemas", "service.ingest", "service.settings", "service.audit")
LENGTH, TIMES, SLOW_S, LINEAR = 1_000, 4, 0.002, 10.0
TAILS = ("\x00", "\n!", "")
CATEGORIES = {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_WORD: "-"}
TRIED = "a 1,-.(;:é"


def compiled() -> dict[str, re.Pattern[str]]:
    """Of the modules by name, and of the Structs that requests are read into by the pattern itself."""
    found: dict[str, re.Pattern[str]] = {}
    for info in walk_packages(service.__path__, "service."):
        if info.name.startswith(PACKAGES):
            for name, value in vars(import_module(info.name)).items():
                if isinstance(value, re.Pattern):
                    text = value.pattern.decode() if isinstance(value.pattern, bytes) else value.pattern
                    found[f"{info.name}.{name}"] = re.compile(text, value.flags & ~re.UNICODE)
    bodies = (struct for each in OPERATIONS for body in each.takes.values() for struct in body.holds)
    for struct in (*bodies, *(each.query for each in OPERATIONS)):
        if isinstance(struct, type) and issubclass(struct, Struct):
            found |= {pattern: re.compile(pattern) for pattern in _patterns(shape.type_info(struct), set())}
    return found


def _patterns(part: Any, seen: set[type]) -> Iterator[str]:
    if isinstance(part, shape.Metadata):
        part = part.type
    if isinstance(part, shape.StrType) and part.pattern:
        yield part.pattern
    inner: list[Any] = []
    if isinstance(part, shape.StructType) and part.cls not in seen:
        seen.add(part.cls)
        inner = [field.type for field in part.fields]
    elif isinstance(part, shape.UnionType):
        inner = list(part.types)
    elif isinstance(part, shape.VarTupleType):
        inner = [part.item_type]
    elif isinstance(part, shape.DictType):
        inner = [part.key_type, part.value_type]
    for each in inner:
        yield from _patterns(each, seen)


def sample(nodes: Any) -> str:
    """A text that the parsed pattern matches, or nearly."""
    return "".join(_sample(code, argument) for code, argument in nodes)


def _sample(code: Any, argument: Any) -> str:
    if code is op.LITERAL:
        return chr(argument)
    if code in (op.ANY, op.NOT_LITERAL):
        return "a"
    if code is op.IN:
        return _of_class(argument)
    if code is op.BRANCH:
        return sample(argument[1][0])
    if code is op.SUBPATTERN:
        return sample(argument[3])
    return sample(argument[2]) * max(argument[0], 1) if code in REPEATS else ""


REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


def _of_class(items: Any) -> str:
    if items[0][0] is op.NEGATE:
        return next(char for char in TRIED if re.match(r"[^\s\d(,;:.-]", char))
    code, argument = items[0]
    known = {op.LITERAL: lambda: chr(argument), op.RANGE: lambda: chr(argument[0])}
    return known[code]() if code in known else CATEGORIES.get(argument, "a")


def repetitions(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What leads to each repetition without a near end, and what it repeats; every choice of a class on its own."""
    for code, argument in nodes:
        if code in REPEATS and argument[1] >= 100:
            yield before, sample(argument[2])
            yield from ((before, choice) for choice in _choices(argument[2]))
        for inner in _inner(code, argument):
            yield from repetitions(inner, before)
        before += _sample(code, argument)


def _choices(nodes: Any) -> Iterator[str]:
    for code, argument in nodes:
        if code is op.BRANCH:
            yield from map(sample, argument[1])
        elif code is op.IN and argument[0][0] is not op.NEGATE:
            yield from (_of_class([item]) for item in argument)
        elif code is op.SUBPATTERN:
            yield from _choices(argument[3])


def _inner(code: Any, argument: Any) -> list[Any]:
    if code in REPEATS:
        return [argument[2]]
    if code is op.SUBPATTERN:
        return [argument[3]]
    return list(argument[1]) if code is op.BRANCH else []


def cost_s(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    pattern.search(text)
    return time.process_time() - began


def is_linear(pattern: re.Pattern[str]) -> bool:
    """Whether four times the text never costs ten times as much, where it is slow at all."""
    for before, pump in set(repetitions(parser.parse(pattern.pattern, pattern.flags))):
        for head, tail in ((head, tail) for head in {before, ""} for tail in TAILS if pump):
            short, long = (head + pump * (length // len(pump)) + tail for length in (LENGTH, LENGTH * TIMES))
            if cost_s(pattern, short) * TIMES > SLOW_S and _growth(pattern, short, long) > LINEAR:
                return False
    return True


def _growth(pattern: re.Pattern[str], short: str, long: str) -> float:
    """Of the best of three each."""
    return min(cost_s(pattern, long) for _ in range(3)) / min(cost_s(pattern, short) for _ in range(3))


COMPILED = compiled()


@pytest.mark.parametrize("name", sorted(COMPILED))
def test_a_pattern_costs_no_more_than_the_length(name: str) -> None:
    assert is_linear(COMPILED[name])


def test_patterns_were_found() -> None:
    assert len(COMPILED) > 20


@pytest.mark.parametrize("bad", [r"\s+$", r"(?:,\s*|\s+)x", r"\S+@\S+", r"(?:a|b)+x"])
def test_a_pattern_that_is_not_linear_is_told(bad: str) -> None:
    """By the very means that find the others good."""
    assert not is_linear(re.compile(bad))
