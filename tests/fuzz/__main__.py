"""`make fuzz`: the contract tried 20,000 times and more, on a server and a database of its own. Ten minutes."""

import asyncio
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from service.settings import Settings
from tests.api.fuzzer import TOKEN, fill, fuzz
from tests.api.process import free_port

CONFIG = Path(__file__).with_name("schemathesis.toml")
ENOUGH = 20_000
COUNTED = re.compile(r"^  ([0-9]+) generated,", re.MULTILINE)


def main() -> int:
    """0 where enough cases were tried and none failed."""
    with TemporaryDirectory() as made:
        directory = Path(made)
        directory.chmod(0o755)
        settings = Settings(data_dir=directory / "data", port=free_port(), admin_token=TOKEN, rate=0)
        settings.data_dir.mkdir()
        asyncio.run(fill(settings))
        run = fuzz(settings, CONFIG, directory)
    print(run.stdout, run.stderr)
    found = COUNTED.search(run.stdout)
    if found is None or int(found[1]) < ENOUGH:
        print(f"fewer than {ENOUGH:,} cases were tried", file=sys.stderr)
        return 1
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
