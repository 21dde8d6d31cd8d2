"""Versions that decide an answer."""

from service import VERSION
from service.fingerprint import fingerprint


def engine() -> str:
    """Changes with all that has a say in a match: the same engine answers the same to the same question."""
    return f"{VERSION}+{fingerprint('schemas', 'reference', 'criteria', 'match', 'store')}"


def vocabulary() -> str:
    """Changes with the tables of concepts, analytes, scales and units."""
    return fingerprint("reference")
