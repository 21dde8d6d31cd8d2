"""Which operation an address means, told before the framework looks; it must come to the same."""

from collections.abc import Iterable
from typing import NamedTuple

from service.api.contract.operation import Operation
from service.api.contract.operations import OPERATIONS


class Template(NamedTuple):
    """The parts of a path between slashes; None where it takes a parameter."""

    parts: tuple[str | None, ...]
    operation: Operation

    def fits(self, parts: list[str]) -> bool:
        """Whether every part is the template's, and no parameter is empty."""
        return all(
            given if wanted is None else given == wanted for given, wanted in zip(parts, self.parts, strict=True)
        )


class Addresses:
    """Exact paths first, then templates by their number of parts."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._exact: dict[tuple[str, str], Operation] = {}
        self._templates: dict[tuple[str, int], list[Template]] = {}
        for each in operations:
            if "{" not in each.path:
                self._exact[each.method, each.path] = each
                continue
            parts = tuple(None if part.startswith("{") else part for part in each.path.split("/"))
            self._templates.setdefault((each.method, len(parts)), []).append(Template(parts, each))

    def operation(self, method: str, path: str) -> Operation | None:
        """None for a page of the documentation, and for what there is not."""
        if found := self._exact.get((method, path)):
            return found
        parts = path.split("/")
        fitting = (each for each in self._templates.get((method, len(parts)), ()) if each.fits(parts))
        return next((each.operation for each in fitting), None)


ADDRESSES = Addresses(OPERATIONS)
