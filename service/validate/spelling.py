"""Words as they are compared: without case, punctuation and doubled spaces."""

import re
import unicodedata
from functools import lru_cache

_POINT = re.compile(r"\.(?!\d)")
_SIGNS = frozenset("+<>=≤≥._")


class _Spaced(dict[int, int]):
    """What stands between words, as a space; each character worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        return self.setdefault(code, code if char.isalnum() or char in _SIGNS else ord(" "))


_SPACED = _Spaced()


@lru_cache(maxsize=1 << 10)
def key(text: str) -> str:
    """`CAR-T  Cells` and `car t cells` are the same; `CD7+` and `CD7`, `< 2` and `≥ 2` are not."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SPACED)
    return " ".join((_POINT.sub(" ", plain) if "." in plain else plain).split())
