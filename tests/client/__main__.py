"""`make client`: a client that a tool makes of the committed contract compiles, and matches a patient.

python -m tests.client DIRECTORY: where the tool and a Python that has what its clients need are.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from service.app import prepare
from service.settings import Settings
from tests.api.process import ROOT, free_port, serving

PACKAGE = "eligo_client"
TOLD = ("WARNING", "Unable", "Unsupported")
ASK = Path(__file__).with_name("ask.py")


def main(tools: Path) -> int:
    """0 where all of it worked."""
    with TemporaryDirectory() as made:
        directory = Path(made)
        directory.chmod(0o755)
        _generate(tools, directory / PACKAGE)
        subprocess.run([tools / "python", "-m", "compileall", "-q", directory / PACKAGE], check=True)
        settings = Settings(data_dir=directory / "data", port=free_port())
        settings.data_dir.mkdir()
        asyncio.run(prepare(settings, demo=True))
        with serving(settings) as server:
            return subprocess.run(
                [tools / "python", ASK, server.url, ROOT / "service" / "demo" / "patients" / "child-t-all.json"],
                env={**os.environ, "PYTHONPATH": str(directory)},
                check=False,
            ).returncode


def _generate(tools: Path, package: Path) -> None:
    """What the tool could not make is told; where it fails, all that it says."""
    asked = [
        "generate",
        "--path",
        str(ROOT / "openapi" / "openapi.json"),
        "--output-path",
        str(package),
        "--meta",
        "none",
    ]
    done = subprocess.run(
        [tools / "openapi-python-client", *asked],
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    failed = done.returncode != 0
    print(*(line for line in done.stdout.splitlines() if failed or line.startswith(TOLD)), sep="\n")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
