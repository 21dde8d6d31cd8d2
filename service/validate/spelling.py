"""Words as they are compared: without case, punctuation and doubled spaces."""

import re
import unicodedata

_BETWEEN = re.compile(r"[^\w+<>=≤≥.]+|\.(?!\d)")


def key(text: str) -> str:
    """`CAR-T  Cells` and `car t cells` are the same; `CD7+` and `CD7`, `< 2` and `≥ 2` are not."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
