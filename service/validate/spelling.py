"""Words as they are compared: without case, punctuation and doubled spaces."""

import re
import unicodedata

_BETWEEN = re.compile(r"[^\w+]+")


def key(text: str) -> str:
    """`CAR-T  Cells` and `car t cells` are the same name; `CD7+` and `CD7` are not."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
