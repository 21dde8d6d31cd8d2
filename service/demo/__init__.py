"""A bundled registry to try the service with: facts of real trials, restated; no contacts."""

from importlib.resources import files


def trials() -> bytes:
    """Our own Trial JSON, one record a line."""
    return files(__name__).joinpath("trials.jsonl").read_bytes()
