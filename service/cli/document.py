"""`openapi`: print the contract."""

import argparse
import sys

import msgspec

from service.api.contract.openapi import document


def openapi(_: argparse.Namespace) -> int:
    """As it is committed: indented, in a stable order."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document()), indent=1) + b"\n")
    return 0
