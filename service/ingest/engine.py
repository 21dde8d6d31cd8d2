"""Which code and tables read, compile and check a document: the same engine comes to the same end."""

from service.fingerprint import fingerprint

PARTS = ("schemas", "reference", "sources", "criteria", "validate", "store")


def engine() -> str:
    """Changes with every file that has a say in what is stored."""
    return fingerprint(*PARTS)
