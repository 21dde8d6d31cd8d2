"""Words as they are compared: without case, punctuation and doubled spaces."""

import re
import unicodedata
from functools import lru_cache

_BETWEEN = re.compile(r"[^\w+<>=≤≥.]+|\.(?!\d)")


@lru_cache(maxsize=1 << 10)
def key(text: str) -> str:
    """`CAR-T  Cells` and `car t cells` are the same; `CD7+` and `CD7`, `< 2` and `≥ 2` are not."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
