"""`make bench`: what the service does on a registry of invented trials. TRIALS=570000 for one of the real size.

GROWTH="5000 50000 570000" tells how matches grow with the registry; by default, from a tenth of it to the whole. A
corpus is made, loaded into a fresh embedded Postgres and thrown away; `BENCH_DIR` names a directory to keep it in,
and a corpus that is there already is used again.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from service.settings import Settings, default_data_dir
from service.store.embedded import Lease, programs, server_user
from tests.api.process import free_port, serving
from tests.bench import machine
from tests.bench.compiling import compiling
from tests.bench.growth import growth
from tests.bench.load import loaded
from tests.bench.matches import matches
from tests.bench.mixed import mixed
from tests.bench.reads import reads, some_ids
from tests.bench.saturated import saturated
from tests.bench.table import Row, table


def main() -> None:
    """Print the table."""
    trials = int(os.environ.get("TRIALS") or 20_000)
    print(f"{trials:,} invented trials; {machine.described()}\n", file=sys.stderr)
    sizes = [int(size) for size in (os.environ.get("GROWTH") or f"{trials // 10} {trials}").split()]
    with _directory() as directory:
        rows = list(_told(_rows(_settings(directory, trials), trials)))
        rows += _told(growth((size, _settings(directory, size)) for size in sizes))
    print(f"{trials:,} invented trials; {machine.described()}\n")
    print("\n".join(table(rows)))


def _settings(directory: Path, trials: int) -> Settings:
    return Settings(data_dir=directory / str(trials), port=free_port())


def _rows(settings: Settings, trials: int) -> Iterator[Row]:
    vocabulary = machine.vocabulary()
    yield Row("vocabulary: loading, memory", f"{vocabulary.seconds:.2f} s, {vocabulary.megabytes:.0f} MB")
    yield from compiling()
    settings.data_dir.mkdir(exist_ok=True, mode=0o755)
    with Lease(settings.data_dir, settings.pgbin, settings.start_timeout_s) as lease:
        yield from loaded(settings, trials)
        found = programs(settings.data_dir, settings.pgbin, server_user(settings.data_dir))
        with serving(settings) as process:
            yield from asyncio.run(matches(process.port, found, lease.dsn))
            yield from reads(process.port, lease.dsn)
            ids = asyncio.run(some_ids(process.port))
            yield from mixed(process.port, process.pid, ids)
            yield saturated(process.port, ids)
            yield Row("server: memory after all this", f"{machine.resident_mb(process.pid):.0f} MB")


def _told(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, each told on standard error when it is there."""
    for row in rows:
        print(f"{row.measure}: {row.figure}", file=sys.stderr)
        yield row


@contextmanager
def _directory() -> Iterator[Path]:
    kept = os.environ.get("BENCH_DIR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).resolve()
        return
    data = default_data_dir(Path.cwd(), os.geteuid() == 0)
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data, prefix="bench-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


if __name__ == "__main__":
    main()
