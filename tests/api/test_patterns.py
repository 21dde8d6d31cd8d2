"""Every regular expression of the service is linear in the length of what it meets, or meets nothing long.

Each is fed text made to hurt it, by the very methods that it is used by: for every repetition in it, what leads there,
then what it repeats, many times, then what it cannot match. A pattern whose cost grows with the square of the length is
found by the ratio of two lengths. Where the length is bounded before a pattern meets it, the square may be.
"""

import ast
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from re import _constants as op  # the parser of the standard library
from re import _parser as parser
from typing import Any, NamedTuple

import pytest
from msgspec import Struct
from msgspec import inspect as shape

import service
from service.api.contract.operations import OPERATIONS

BOUNDED = (
    "service.criteria.kinds", "service.criteria.patient", "service.criteria.reading", "service.reference",
    "service.validate.rules.conditions", "service.validate.rules.people", "service.sources",
)  # fmt: skip
"""These meet one requirement, which is not read beyond 3,000 characters, or one name or line of a page."""
NEVER_SERVED = ("service.reference.build_concepts", "service.synth", "service.__main__")
MADE_OF_WORDS = {
    "service.api.asked.faults", "service.schemas.report",  # the Structs' own, which are among those tried
    "service.criteria.kinds.biomarker", "service.criteria.patient.assay", "service.criteria.patient.qualify",
    "service.criteria.reading.attested.attestations", "service.criteria.reading.names.plain",
    "service.reference.concepts_names", "service.sources.ctgov_tables", "service.sources.glued",
    "service.validate.rules.conditions",
}  # fmt: skip
SHORT, SHORT_BOUNDED, TIMES, SLOW_S = 500, 120, 4, 0.001
LINEAR, SQUARE = 10.0, 28.0  # how much more four times the text may cost
WORST = 2  # texts that are looked at closely
TAILS = ("\x00", "\n!", "")
CATEGORIES = {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_WORD: "-"}
TRIED = "a 1,-.(;:é"
Use = Callable[["re.Pattern[str]", str], object]


class Used(NamedTuple):
    """A pattern, where it is written, and by which methods it is used; any that is not known counts as a search."""

    where: str
    pattern: re.Pattern[str]
    methods: frozenset[str]

    def cost_s(self, text: str) -> float:
        began = time.process_time()
        for method in self.methods:
            USES[method](self.pattern, text)
        return time.process_time() - began

    @property
    def is_bounded(self) -> bool:
        """Whether what it meets has a length that others have seen to."""
        return self.where.startswith(BOUNDED)

    @property
    def most(self) -> float:
        """How much more four times the text may cost."""
        return SQUARE if self.is_bounded else LINEAR

    def text(self, parts: tuple[str, str, str], times: float = 1) -> str:
        """What leads there, the pump, many times, and the tail."""
        head, pump, tail = parts
        length = int((SHORT_BOUNDED if self.is_bounded else SHORT) * times)
        return head + pump * (length // len(pump)) + tail


def every_match(pattern: re.Pattern[str], text: str) -> None:
    deque(pattern.finditer(text), 0)


USES: dict[str, Use] = {
    "match": re.Pattern.match,
    "fullmatch": re.Pattern.fullmatch,
    "search": re.Pattern.search,
    **dict.fromkeys(("sub", "subn", "split", "findall", "finditer"), every_match),
}


@cache
def modules() -> dict[str, ast.Module]:
    found = (
        info.name for info in walk_packages(service.__path__, "service.") if not info.name.startswith(NEVER_SERVED)
    )
    return {name: ast.parse(Path(str(import_module(name).__file__)).read_text()) for name in found}


@cache
def methods_by_name() -> dict[str, set[str]]:
    """Of every name in the package: what is called of it, and `search` where it is handed on."""
    found: dict[str, set[str]] = defaultdict(set)
    for tree in modules().values():
        bases: set[int] = set()
        for node in ast.walk(tree):  # a base comes after what is called of it
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found[node.value.id].add(node.attr)
                bases.add(id(node.value))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in bases:
                found[node.id].add("search")
    return found


def written() -> Iterator[Used]:
    """Every `re.compile(…)`, and every pattern that is given to a function of `re`."""
    for name, tree in modules().items():
        named = {id(node.value): node.targets[0] for node in ast.walk(tree) if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")):
                continue
            method = ast.unparse(node.func).removeprefix("re.")
            if method not in {*USES, "compile"}:
                continue
            target = named.get(id(node))
            known = methods_by_name()[target.id] & USES.keys() if isinstance(target, ast.Name) else set()
            used = {method} if method in USES else known or {"search"}
            if (pattern := _evaluated(name, node)) is not None:
                yield Used(f"{name}:{node.lineno}", pattern, frozenset(used))


def _evaluated(module: str, call: ast.Call) -> re.Pattern[str] | None:
    """The pattern of a call, from what its module knows; None where only a function knows it. Bytes as text."""
    compiles = ast.unparse(call.func) == "re.compile"
    given = f"re.compile({', '.join(map(ast.unparse, call.args))})" if compiles else ast.unparse(call.args[0])
    try:
        value: Any = eval(given, {**vars(import_module(module)), "re": re})  # our own code
    except NameError:
        made_in_functions.add(module)
        return None
    return _as_text(value if isinstance(value, re.Pattern) else re.compile(value))


def _as_text(pattern: re.Pattern[Any]) -> re.Pattern[str]:
    if isinstance(pattern.pattern, str):
        return pattern
    return re.compile(pattern.pattern.decode("latin-1"), pattern.flags & ~re.UNICODE)


def held() -> Iterator[Used]:
    """Of the tables of every module, however they were made."""
    for name in modules():
        for member, value in vars(import_module(name)).items():
            methods = methods_by_name()[member] & USES.keys() or {"search"}
            yield from (Used(f"{name}.{member}", _as_text(each), frozenset(methods)) for each in _within(value))


def _within(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset | dict) and depth and len(value) < 500:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _within(each, depth - 1)


def of_structs() -> Iterator[Used]:
    """Of the Structs that requests are read into."""
    bodies = (struct for each in OPERATIONS for body in each.takes.values() for struct in body.holds)
    for struct in (*bodies, *(each.query for each in OPERATIONS)):
        if isinstance(struct, type) and issubclass(struct, Struct):
            for pattern in _patterns(shape.type_info(struct), set()):
                yield Used(f"{struct.__name__} {pattern}", re.compile(pattern), frozenset({"search"}))


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


REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


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


def worst(used: Used) -> float:
    """How much more four times the text costs, of the text that hurts most; 0.0 where none costs much."""
    tried = set(repetitions(parser.parse(used.pattern.pattern, used.pattern.flags)))
    texts = {(head, pump, tail) for before, pump in tried if pump for head in {before, ""} for tail in TAILS}
    slowest = sorted(texts, key=lambda text: used.cost_s(used.text(text)))[-WORST:]
    slow = [text for text in slowest if used.cost_s(used.text(text, TIMES)) > SLOW_S]
    return max((_growth(used, text) for text in slow), default=0.0)


def _growth(used: Used, text: tuple[str, str, str]) -> float:
    """Of the best of three each."""
    long, short = (min(used.cost_s(used.text(text, times)) for _ in range(3)) for times in (TIMES, 1))
    return long / max(short, SLOW_S / 100)


made_in_functions: set[str] = set()
PATTERNS = list({(each.pattern, each.methods): each for each in (*held(), *written(), *of_structs())}.values())


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: used.where)
def test_a_pattern_costs_no_more_than_the_length(used: Used) -> None:
    assert worst(used) < used.most, used.pattern.pattern


def test_every_pattern_was_found() -> None:
    """And what is made of words while the service runs is made here and nowhere else, of words that are escaped."""
    assert len(PATTERNS) > 300
    assert made_in_functions == MADE_OF_WORDS


@pytest.mark.parametrize("bad", [r"\s+$", r"(?:,\s*|\s+)x", r"\S+@\S+", r"(?:a|b)+x"])
def test_a_pattern_that_is_not_linear_is_told(bad: str) -> None:
    """By the very means that find the others good."""
    assert worst(Used("", re.compile(bad), frozenset({"search"}))) > LINEAR


def test_what_grows_with_the_cube_is_told_wherever_it_stands() -> None:
    bad = Used("service.criteria.reading.x:1", re.compile(r"\w*\w*!"), frozenset({"search"}))
    assert worst(bad) > bad.most
