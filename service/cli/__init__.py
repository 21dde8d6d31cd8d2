"""The command line: `python -m service COMMAND`. A command's module is loaded only when it is asked for."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from datetime import date
from importlib import import_module
from typing import NamedTuple

from service.errors import ServiceError
from service.schemas.access import Role

FAILED, INTERRUPTED = 1, 130
ROLES = tuple(role.value for role in Role)


class Command(NamedTuple):
    """`run` names the function as `module:function`; `arguments` adds what the command takes."""

    run: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when everything went well, 1 when anything failed, 2 when the command line is wrong."""
    asked = parser().parse_args(arguments)
    module, _, function = COMMANDS[asked.command].run.partition(":")
    try:
        code: int = getattr(import_module(module), function)(asked)
        sys.stdout.flush()
    except ServiceError as error:
        sys.stderr.writelines(_said(asked.command, error))
        return FAILED
    except BrokenExecutor:
        sys.stderr.write(f"{asked.command}: a worker process was killed, perhaps for want of memory; begin again\n")
        return FAILED
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _said(command: str, error: ServiceError) -> Iterator[str]:
    """The failure, and every fault with its place that it does not name itself."""
    yield f"{command}: {error}\n"
    for fault in error.faults:
        if fault.detail not in str(error):
            yield f"  {fault.parameter or fault.pointer or '/'}: {fault.detail}\n"


def parser() -> argparse.ArgumentParser:
    """Every command and its arguments."""
    whole = argparse.ArgumentParser(prog="python -m service", description="Which clinical trials fit a patient.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        command.arguments(commands.add_parser(name, help=command.help, description=command.help))
    return whole


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="load the bundled registry when the store is empty")


def _nothing(_: argparse.ArgumentParser) -> None:
    """The command takes no arguments."""


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file, folder, .jsonl, .gz, or - for standard input")
    parser.add_argument("--source", help="format of the documents; recognised by itself when not named")
    parser.add_argument("--json", action="store_true", help="one JSON line a record")


def _sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--since",
        metavar="DATE",
        type=_day,
        help="what was updated before that date is here already; default: the last time",
    )
    whole = "go through all that the registry has, and take out what it no longer has; ten minutes or so"
    parser.add_argument("--full", action="store_true", help=whole)
    parser.add_argument("--json", action="store_true", help="what was done, as one JSON line")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is no date, for example 2026-01-31") from None


def _compile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", default="-", metavar="PATH", help="text; standard input when not named")
    parser.add_argument("--jsonl", action="store_true", help='each line is {"id", "text"}')


def _match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATIENT", help="a patient, or a whole request as POST /match takes it; -")
    parser.add_argument("--as-of", metavar="DATE", help="date that ages and windows are counted at; default today")
    parser.add_argument("--json", action="store_true", help="the answer of POST /match")


def _synth(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trials", type=int, required=True, metavar="N", help="how many")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the same seed, the same trials; default 0")
    parser.add_argument("--out", default="-", metavar="FILE", help=".jsonl or .jsonl.gz; default standard output")


def _keys(parser: argparse.ArgumentParser) -> None:
    do = parser.add_subparsers(dest="do", required=True, metavar="create|list|revoke")
    create = do.add_parser("create", help="make a key and show it, this once")
    create.add_argument("--name", required=True, type=_name, help="who will hold it, for the audit log")
    create.add_argument("--role", required=True, action="append", choices=ROLES, help="may be given more than once")
    create.add_argument("--days", type=_days, metavar="N", help="days until it expires; default never")
    listed = do.add_parser("list", help="every key there ever was, without its secret")
    listed.add_argument("--json", action="store_true", help="one JSON line a key")
    do.add_parser("revoke", help="take a key back").add_argument("id", metavar="ID", help="as `keys list` shows it")


def _name(text: str) -> str:
    if not (text.isprintable() and 0 < len(text.strip()) <= 100):
        raise argparse.ArgumentTypeError("a name of at most 100 printable characters is needed")
    return text.strip()


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3650):
        raise argparse.ArgumentTypeError("days from 1 to 3650 are needed")
    return int(text)


COMMANDS = {
    "serve": Command("service.cli.serve:serve", "answer requests until told to stop", _serve),
    "migrate": Command("service.cli.database:migrate", "bring the database schema up to date", _nothing),
    "ingest": Command("service.cli.database:ingest", "read records and store them", _paths),
    "sync": Command("service.cli.sync:sync", "fetch what the registry has changed since the last time", _sync),
    "validate": Command("service.cli.records:validate", "read records and say what is wrong in them", _paths),
    "compile": Command("service.cli.compile:compile_texts", "read eligibility text into executable form", _compile),
    "match": Command("service.cli.match:match", "which trials fit a patient, criterion by criterion", _match),
    "recompile": Command("service.cli.database:recompile", "compile again what an older compiler stored", _nothing),
    "keys": Command("service.cli.keys:keys", "say who may ask the service, and what", _keys),
    "synth": Command("service.cli.synth:synth", "write invented trials, for benchmarks", _synth),
    "openapi": Command("service.cli.document:openapi", "print the OpenAPI document", _nothing),
}
