"""What the database alone takes for the same statements, as pgbench measures it."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from service.store.pool import session
from service.store.queries import Statement


def written(statement: Statement) -> str:
    """A statement with its values in it, on one line, as pgbench takes scripts."""
    literals = [_literal(value) for value in statement.values]
    text = re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], statement.sql)
    return " ".join(text.split()) + ";\n"


def _literal(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list):
        return "ARRAY[" + ",".join(map(_literal, value)) + "]"
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def latency_ms(programs: Path, dsn: str, statements: Sequence[Statement], seconds: int = 3) -> float:
    """The median of one client that sends the statements one after the other. Raises CalledProcessError."""
    url = urlsplit(dsn)
    host = parse_qs(url.query).get("host", [url.hostname or ""])[0]
    settings = " ".join(f"-c {name}={value}" for name, value in session(30).items() if name != "application_name")
    environment = {**os.environ, "PGOPTIONS": settings}
    with TemporaryDirectory() as folder:
        Path(folder, "script.sql").write_text("".join(map(written, statements)), encoding="utf-8")
        command = [str(programs / "pgbench"), "-n", "-h", host, "-U", url.username or "eligo", "-f", "script.sql", "-l",
                   "-T", str(seconds), url.path[1:]]  # fmt: skip
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        logs = [path.read_text() for path in Path(folder).glob("pgbench_log.*")]
    taken = [int(line.split()[2]) / 1000 for log in logs for line in log.splitlines()]
    return quantiles(taken[1:], n=2)[0] if len(taken) > 2 else taken[-1]
