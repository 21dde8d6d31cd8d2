"""The fixture pages, invented trials laid out as each site lays out its own, and the real pages."""

from pathlib import Path

HERE = Path(__file__).parent
PAGES = sorted((HERE / "pages").iterdir())
TEXTS = [path for path in PAGES if path.suffix == ".txt"]


def source_of(path: Path) -> str:
    """The file's name begins with its source's."""
    return next(name for name in ("ctgov-page", "ctgov", "veeva", "medpath", "meddatax") if path.name.startswith(name))
