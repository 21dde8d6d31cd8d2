"""Which annotated denials, exceptions, times and joints the trees of fully read criteria keep.

`python -m tests.eval.structure [--show N]`. The annotations are brat files (text-bound `T`, events `E`, relations `R`)
beside the texts of ../shared. An annotation counts for the criterion that its first word stands in; words that the site
is to attest keep whatever they say. Joints with a sex do not count: `male or female` asks nothing, a pregnant patient
is a woman.
"""

import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from service.criteria import compile_text
from service.criteria.reading.words.lexicon import NUMBERS, TIMES
from service.criteria.tree import children
from service.schemas.criterion import Coverage, Criterion, Polarity
from service.schemas.expression import (
    AllOf,
    AnyOf,
    AtLeast,
    Attestation,
    Biomarker,
    BiomarkerResult,
    Expression,
    If,
    Not,
    TobaccoIs,
    Window,
)
from service.schemas.quantity import Range
from tests.eval.constraints import SHARED

_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+)(?: \d+;\d+)* (\d+)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+?):(T\d+)(.*)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(\w+) Arg2:(\w+)")
_IN_WORDS = re.compile(r"non-?\w", re.IGNORECASE)
"""`non-severe`: denied by the words of a name."""
_JOINTS = ("Or", "And", "If-Then")


class Mark(NamedTuple):
    """An annotation: its sort, where its first word stands, and for a time its number and UCUM unit."""

    sort: str
    start: int
    words: str
    length: tuple[float, str] | None = None


def marks_of(annotations: str) -> Iterator[Mark]:
    """The denials, exceptions, times and joints of one trial."""
    texts = {m[1]: (int(m[3]), m[5]) for m in _TEXT_BOUND.finditer(annotations)}
    events = [(m[1], m[2], m[3], dict(re.findall(r"(\S+?):(\w+)", m[4]))) for m in _EVENT.finditer(annotations)]
    triggers = {event: trigger for event, _, trigger, _ in events}
    for _, sort, trigger, arguments in events:
        start, words = texts.get(trigger, (-1, ""))
        if sort in ("Negation", "Exception"):
            yield Mark(sort, start, words)
        elif "Temporal-Unit" in arguments and (length := _length(arguments, texts)) is not None:
            yield Mark("Time", start, words, length)
    persons = {m[1] for m in _TEXT_BOUND.finditer(annotations) if m[2].startswith("Life-Stage-And-Gender")}
    for sort, one, other in _RELATION.findall(annotations):
        words = {triggers.get(end, end) for end in (one, other)}
        ends = [texts[word] for word in words if word in texts]
        if sort in _JOINTS and len(ends) == 2 and not words & persons:
            yield Mark(sort, min(ends)[0], " … ".join(words for _, words in sorted(ends)))


def _length(arguments: dict[str, str], texts: dict[str, tuple[int, str]]) -> tuple[float, str] | None:
    value = texts.get(arguments.get("Value", ""), (0, ""))[1].lower().strip()
    unit = TIMES.get(texts.get(arguments["Temporal-Unit"], (0, ""))[1].lower().strip())
    number = NUMBERS.get(value) or (float(value) if re.fullmatch(r"\d+(?:\.\d+)?", value) else None)
    return (float(number), unit) if number is not None and unit is not None else None


def nodes(node: Expression) -> Iterator[Expression]:
    """Every node of the tree."""
    yield node
    for child in children(node):
        yield from nodes(child)


def is_kept(mark: Mark, criterion: Criterion) -> bool:
    """Whether the tree has a place for what the annotation says."""
    tree = list(nodes(criterion.expression))
    if any(isinstance(node, Attestation) for node in tree):
        return True
    sides = (AllOf, If, Not) if criterion.polarity is Polarity.EXCLUSION else (If,)
    match mark.sort:
        case "Negation":
            return any(isinstance(node, Not | TobaccoIs) or _denies(node) for node in tree)
        case "Exception":
            return any(isinstance(node, Not | If | AnyOf) or getattr(node, "other_than", ()) for node in tree)
        case "If-Then":
            return any(isinstance(node, sides) for node in tree)
        case "Time":
            return any(mark.length == told for node in tree for told in _lengths(node))
        case "Or":
            return any(isinstance(node, AnyOf | AtLeast | If) or _is_span(node) for node in tree)
        case _:
            return any(isinstance(node, AllOf | AnyOf | If) for node in tree)


def _denies(node: Expression) -> bool:
    if isinstance(node, Biomarker):
        return node.result in (BiomarkerResult.NEGATIVE, BiomarkerResult.WILD_TYPE)
    words = (*getattr(node, "qualifiers", ()), getattr(node, "name", ""))
    return bool(getattr(node, "other_than", ())) or any(map(_IN_WORDS.match, words))


def _lengths(node: Expression) -> Iterator[tuple[float, str]]:
    """The times that a leaf names: of its window, or of what it bounds."""
    window, bounds = getattr(node, "window", None), getattr(node, "range", None)
    if isinstance(window, Window):
        yield from ((each.value, each.unit) for each in (window.within, window.at_least) if each is not None)
    if isinstance(bounds, Range):
        yield from ((end, bounds.unit or "a") for end in (bounds.low, bounds.high) if end is not None)


def _is_span(node: Expression) -> bool:
    bounds = getattr(node, "range", None)
    return isinstance(bounds, Range) and bounds.low is not None and bounds.high is not None


def annotated(archive: Path) -> Iterator[tuple[str, str, str]]:
    """Trial, text and annotations."""
    with tarfile.open(archive) as tar:
        files = {m.name: tar.extractfile(m) for m in tar.getmembers() if m.isfile()}
        told = {name: file.read().decode("utf-8") for name, file in files.items() if file is not None}
    for name in sorted(told):
        if name.endswith(".txt") and (beside := name.removesuffix("txt") + "ann") in told:
            yield Path(name).stem, told[name], told[beside]


def main() -> int:
    """0 when scored; 1 where the annotated trials are absent."""
    if not SHARED.is_dir():
        print(f"no annotated trials: {SHARED.name}/ is not beside the project", file=sys.stderr)
        return 1
    left = int(sys.argv[sys.argv.index("--show") + 1]) if "--show" in sys.argv else 0
    total, kept, sound, whole = Counter[str](), Counter[str](), 0, 0
    for trial, text, annotations in annotated(SHARED / "data" / "lct-dev.tar.gz"):
        marks = list(marks_of(annotations))
        for criterion in compile_text(text):
            if criterion.coverage is not Coverage.FULL or criterion.span is None:
                continue
            mine = [mark for mark in marks if criterion.span.start <= mark.start < criterion.span.end]
            lost = [mark for mark in mine if not is_kept(mark, criterion)]
            whole, sound = whole + 1, sound + (not any(mark.sort in ("Negation", "Exception") for mark in lost))
            total.update(mark.sort for mark in mine)
            kept.update(mark.sort for mark in mine if mark not in lost)
            for mark in lost[:left]:
                print("LOST", trial, mark.sort, repr(mark.words), "|", " ".join(criterion.text.split())[:160])
                left -= 1
    print("structure kept in criteria read in full:", ", ".join(f"{sort} {kept[sort]}/{total[sort]}" for sort in total))
    print(f"with no denial or exception missing: {sound}/{whole} = {sound / max(1, whole):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
