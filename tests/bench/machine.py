"""What the figures were taken on, and what a fixed piece of Python takes there, to compare machines by."""

import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

WORDS = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?|[<>=≤≥]+")
TEXT = "Absolute neutrophil count ≥ 1.5 x 10^9/L within 14 days of enrolment, unless haemoglobin > 9.0 g/dL; "
VOCABULARY = """
import os, time
from tests.bench.machine import resident_mb
before, began = resident_mb(os.getpid()), time.perf_counter()
import service.reference.concepts
print(time.perf_counter() - began, resident_mb(os.getpid()) - before)
"""


class Vocabulary(NamedTuple):
    """What importing the vocabulary costs a process."""

    seconds: float
    megabytes: float


def described() -> str:
    """Processor, memory, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory} GiB, Python {platform.python_version()}, load {loads}"
    )


def unit_ms() -> float:
    """Milliseconds of processor time for a fixed piece of tokenising and counting; the best of seven."""
    return min(_unit() for _ in range(7))


def _unit() -> float:
    began = time.process_time()
    counts: dict[str, int] = {}
    for _ in range(100):
        for word in WORDS.findall(TEXT.lower()):
            counts[word] = counts.get(word, 0) + 1
    assert counts["within"] == 100
    return 1000 * (time.process_time() - began)


def vocabulary() -> Vocabulary:
    """Measured in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", VOCABULARY], check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return Vocabulary(seconds, megabytes)


def resident_mb(pid: int) -> float:
    """Memory of a process and all it has started; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    own = re.search(r"VmRSS:\s+(\d+)", status.read_text())
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(own[1]) / 1024 if own else 0.0) + sum(resident_mb(int(child)) for child in children)
