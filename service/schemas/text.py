"""Text as it travels: bounded, free of NUL, and located by character offsets."""

from typing import Annotated

from msgspec import Meta, Struct

NO_CONTROL = r"^[^\x00]*$"
Line = Annotated[str, Meta(min_length=1, max_length=5_000, pattern=NO_CONTROL)]
Words = Annotated[str, Meta(min_length=1, max_length=500, pattern=NO_CONTROL)]
Prose = Annotated[str, Meta(max_length=200_000, pattern=NO_CONTROL)]


class Span(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Characters `start` up to, not including, `end`."""

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]

    def of(self, text: str) -> str:
        """The words it marks."""
        return text[self.start : self.end]
