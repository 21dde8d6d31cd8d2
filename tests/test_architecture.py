"""The house rules that no tool knows: sizes, complete tables, nothing unused, nothing of the builder's machine."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest
from litestar.handlers import HTTPRouteHandler

from service import cli, errors, sources, validate
from service.api import routes
from service.api.contract import statuses
from service.criteria import kinds
from service.schemas import expression
from service.settings import SETTINGS
from service.store.queries import QUERIES
from service.validate import rules

ROOT = Path(__file__).parents[1]
SERVICE = ROOT / "service"
MODULES = tuple(sorted(SERVICE.rglob("*.py")))
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_ARGUMENTS = 6
# Written so that this file does not find itself.
NOT_OURS = re.compile(
    "|".join(["/wo" + r"rk/\w", "/ro" + r"ot/\w", "/ho" + r"me/\w", "py" + r"pi\.org", "python" + "hosted"])
)
AT_START = {
    "settings.py",
    "embedded.py",
    "keeper.py",
    "migrate.py",
    "app.py",
    "fetch.py",
    "walk.py",
    "withdrawn.py",
    "sync.py",
    "spans.py",
}
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".sql",
    ".yaml",
    ".json",
    ".jsonl",
    ".txt",
    ".html",
    ".service",
    ".timer",
    ".example",
    ".tsv",
    "",
}


def _modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{found.name}")


def _own_functions(module: ModuleType) -> set[Callable[..., object]]:
    return {
        each for name, each in getmembers(module, isfunction) if each.__module__ == module.__name__ and name[0] != "_"
    }


def _failures() -> list[type[errors.ServiceError]]:
    classes = (each for _, each in getmembers(errors, isclass))
    return [each for each in classes if issubclass(each, errors.ServiceError) and each is not errors.ServiceError]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _tracked() -> list[Path]:
    """What the repository holds, and what is about to be added to it."""
    asked = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True)
    paths = (ROOT / name for name in answer.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def test_files_fit_on_a_few_screens() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_fit_on_one_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{each.lineno} {each.name}": lines
        for path in MODULES
        for each in _functions(path)
        if (lines := (each.end_lineno or each.lineno) - each.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_functions_take_few_arguments() -> None:
    """Handlers and settings may name more by keyword; what stands in a row must be remembered in order."""
    many = {
        f"{path.relative_to(ROOT)}:{each.lineno} {each.name}": len(each.args.args)
        for path in MODULES
        for each in _functions(path)
        if len(each.args.args) > MOST_ARGUMENTS
    }
    assert many == {}


def test_every_kind_of_criterion_is_in_the_table() -> None:
    listed = {id(kind) for kind in kinds.KINDS}
    assert [each.__name__ for each in _modules_of(kinds) if id(getattr(each, "KIND", None)) not in listed] == []


def test_every_leaf_has_one_kind() -> None:
    leaves = [kind.leaf for kind in kinds.KINDS]
    assert len(leaves) == len(set(leaves))
    assert set(leaves) == set(expression.AnyLeaf.__args__)


def test_every_source_is_in_the_table() -> None:
    listed = {source.read for source in sources.SOURCES.values()}
    readers = {each.__name__: each.read for each in _modules_of(sources) if hasattr(each, "read")}
    assert [name for name, read in readers.items() if read not in listed] == []


def test_every_rule_is_in_the_table_once() -> None:
    found = set().union(*map(_own_functions, _modules_of(rules)))
    takes = {each for each in found if list(getattr(each, "__annotations__", {})) == ["trial", "criteria", "return"]}
    assert len(set(validate.RULES)) == len(validate.RULES)
    assert {each.__name__ for each in takes} == {each.__name__ for each in validate.RULES}


def test_every_handler_is_in_the_table() -> None:
    package = import_module("service.api")
    handlers = {
        f"{module.__name__}.{name}": handler
        for module in _modules_of(package)
        for name, handler in getmembers(module, lambda each: isinstance(each, HTTPRouteHandler))
    }
    assert [name for name, handler in handlers.items() if handler not in routes.ROUTES] == []


def test_every_query_is_called() -> None:
    """By its name, or by a name that is put together: `f"link_{table}"`."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (SERVICE / "store").rglob("*.py"))
    names = "|".join(re.sub(r"\{[^}]*\}", "[a-z_]+", name) for name in set(re.findall(r'"([a-z_{}]+)"', code)))
    assert [name for name in sorted(QUERIES) if not re.fullmatch(names, name)] == []


def test_every_failure_has_its_own_code_a_status_and_words() -> None:
    codes = {each: each.code for each in _failures()}
    assert len(set(codes.values())) == len(codes)
    assert "service_error" not in codes.values()
    assert [each.__name__ for each in codes if not each.__doc__] == []


@pytest.mark.parametrize("failure", _failures(), ids=lambda each: each.__name__)
def test_a_failure_is_answered(failure: type[errors.ServiceError]) -> None:
    """Over HTTP by the table of statuses, or only at start-up and on the command line."""
    answered = any(each in statuses.STATUS for each in failure.__mro__)
    callers = (path for path in MODULES if path.name != "errors.py")
    raised_by = [path for path in callers if f"{failure.__name__}(" in path.read_text(encoding="utf-8")]
    at_start = all(path.name in AT_START or path.parent.name == "cli" for path in raised_by)
    assert answered or at_start, f"{failure.__name__} can reach a caller but has no status in api/contract/statuses.py"


def test_every_failure_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "openapi" / "openapi.json").read_text(
        encoding="utf-8"
    )
    assert [each.code for each in _failures() if each in statuses.STATUS and each.code not in text] == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [row.variable for row in SETTINGS if row.variable not in text] == []


def test_every_command_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.COMMANDS if f"service {name}" not in text] == []


def test_nothing_names_the_machine_it_was_made_on() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{number} {match[0]}"
        for path in _tracked()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := NOT_OURS.search(line))
    }
    assert found == set()
