"""How fast eligibility text is compiled, by itself: `python -m tests.bench.compiling` measures nothing else."""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from service.criteria import compile_text, compile_trial
from service.synth import trials
from tests.bench import machine
from tests.bench.table import Row, table
from tests.eval.constraints import texts

ANNOTATED = Path(__file__).parents[3] / "shared" / "data" / "lct-dev.tar.gz"
SAMPLE, SLICE, AIM = 300, 30, 400
T = TypeVar("T")


def compiling() -> Iterator[Row]:
    """One process, no database. Invented trials, and the annotated real texts where they are at hand."""
    invented = list(islice(trials(SAMPLE, seed=1), SAMPLE))
    compile_trial(invented[0])
    gc.collect()
    gc.freeze()
    yield _measured("compiling invented trials, one core", compile_trial, invented)._replace(target="", is_met=None)
    if ANNOTATED.exists():
        real = [text for _, text in texts(ANNOTATED)]
        yield _measured(f"compiling {len(real)} real texts, one core", compile_text, real)


def _measured(what: str, compiled: Callable[[T], object], sample: Sequence[T]) -> Row:
    """Slice by slice, the fixed piece of Python beside each: others may be using the machine."""
    seconds, units = 0.0, []
    for start in range(0, len(sample), SLICE):
        units.append(machine.unit_ms())
        began = time.process_time()
        for each in sample[start : start + SLICE]:
            compiled(each)
        seconds += time.process_time() - began
    each_ms, unit = 1000 * seconds / len(sample), statistics.median(units)
    figure = f"{1000 / each_ms:.0f} trials/s ({each_ms:.1f} ms each)"
    held_against = f"{unit:.2f} ms of plain Python"
    return Row(what, figure, held_against, f"{each_ms / unit:.1f}", f"≥ {AIM} trials/s", each_ms * AIM <= 1000)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table(compiling()))
