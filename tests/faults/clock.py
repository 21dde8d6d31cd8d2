"""A time of day that jumps, for one process and its children: the C library's answers are moved by so many seconds."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long *offset;

__attribute__((constructor)) static void open_offset(void) {
    int file = open(getenv("CLOCK_OFFSET"), O_RDONLY);
    if (file >= 0) offset = mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
}
int clock_gettime(clockid_t id, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, id, now);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) && offset) now->tv_sec += *offset;
    return failed;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    int failed = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return failed;
}
time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}
"""


class Clock:
    """`can_jump` is false where there is no C compiler; then nothing is moved."""

    def __init__(self, root: Path) -> None:
        self._offset, self._library, source = root / "offset", root / "clock.so", root / "clock.c"
        self._offset.write_bytes(struct.pack("q", 0))
        source.write_text(SOURCE)
        compiler = shutil.which("cc") or shutil.which("gcc")
        command = [str(compiler), "-shared", "-fPIC", "-O1", "-o", str(self._library), str(source)]
        self.can_jump = (
            compiler is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
        )

    @contextmanager
    def applied(self) -> Iterator[None]:
        """To processes that are started meanwhile."""
        given = {"LD_PRELOAD": str(self._library), "CLOCK_OFFSET": str(self._offset)} if self.can_jump else {}
        os.environ.update(given)
        try:
            yield
        finally:
            for name in given:
                del os.environ[name]

    @contextmanager
    def moved(self, seconds: int) -> Iterator[None]:
        """Away from the true time, and back."""
        self._move(seconds)
        try:
            yield
        finally:
            self._move(0)

    def _move(self, seconds: int) -> None:
        with self._offset.open("r+b") as file:
            file.write(struct.pack("q", seconds))
