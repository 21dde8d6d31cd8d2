"""`compile`: eligibility text in, one JSON line a criterion out."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from service.cli.files import opened
from service.criteria import compile_text
from service.errors import UnreadableDocument
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import Expression
from service.schemas.text import Span

ENCODER = msgspec.json.Encoder()


class Text(Struct, frozen=True):
    """One line of the input; other members are not looked at."""

    id: str
    text: str


class CompiledText(Struct, frozen=True, kw_only=True, rename="camel"):
    """A Criterion under the id of the text it stands in; its own id is `criterion`."""

    id: str
    criterion: str
    polarity: Polarity
    text: str
    expression: Expression
    coverage: Coverage
    span: Span | None
    path: tuple[str, ...]


def compile_texts(asked: argparse.Namespace) -> int:
    """Print every criterion; 1 when a line of the input could not be read."""
    with opened(asked.path) as file:
        if asked.jsonl:
            return _compile_lines(file)
        try:
            text = file.read().decode()
        except UnicodeDecodeError:
            raise UnreadableDocument(f"{asked.path}: not UTF-8") from None
        _write(compile_text(text))
        return 0


def _compile_lines(file: BinaryIO) -> int:
    failed = 0
    decode = msgspec.json.Decoder(Text).decode
    for number, line in enumerate(file, 1):
        if line.isspace():
            continue
        try:
            text = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            sys.stderr.write(f"line {number}: {error}\n")
            failed = 1
            continue
        _write(_under(text.id, compile_text(text.text)))
    return failed


def _under(text_id: str, criteria: Iterable[Criterion]) -> Iterator[CompiledText]:
    for each in criteria:
        yield CompiledText(
            id=text_id,
            criterion=each.id,
            polarity=each.polarity,
            text=each.text,
            expression=each.expression,
            coverage=each.coverage,
            span=each.span,
            path=each.path,
        )


def _write(rows: Iterable[object]) -> None:
    sys.stdout.buffer.write(ENCODER.encode_lines(list(rows)))
