"""Text in one spelling, character for character: offsets into it are offsets into the original."""

import re
import string
import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−－﹣﹘"
_SPACES = (
    "\t\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
)
_SPELLED = {
    "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "˂": "<", "˃": ">", "‹": "<", "›": ">",
    "〉": ">", "〈": "<", "‘": "'", "’": "'", "′": "'", "ʼ": "'", "“": '"', "”": '"', "″": '"',
    "、": ",", "，": ",", "；": ";", "：": ":", "。": ".", "．": ".", "（": "(", "）": ")", "【": "[", "】": "]",
    "×": "x", "✕": "x", "╳": "x", "＊": "*", "∗": "*", "·": "·", "µ": "μ", "∼": "~", "～": "~", "〜": "~", "⁄": "/",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


_MARKUP = re.compile(r"</?(?:p|ul|ol|li|br|b|i|em|strong|div|span|sup|sub|u|h[1-6])\s*/?>", re.IGNORECASE)


def _blank(tag: re.Match[str]) -> str:
    """An HTML tag as white space of its length: a bullet for a list item, a line break for a block."""
    name = tag[0].strip("</> ").lower()
    if name == "li" and tag[0][1] != "/":
        return "\n* " + " " * (len(tag[0]) - 3)
    return ("\n" if name in ("p", "ul", "ol", "br", "div") else " ") + " " * (len(tag[0]) - 1)


def _folded(char: str) -> str:
    """Full-width ASCII to ASCII; lower case where it is a single character."""
    wide = unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char
    low = wide.lower()
    return low if len(low) == 1 else char


class _Folding(dict[int, str]):
    """Each character's one spelling, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, _folded(chr(code)))


_TABLE = _Folding(
    str.maketrans(
        {c: c.lower() for c in string.ascii_uppercase}
        | dict.fromkeys(_DASHES, "-")
        | dict.fromkeys(_SPACES, " ")
        | _SPELLED
    )
)


_BLANKS = tuple(char for char in _SPACES if char.isascii())
_CONTROLS = str.maketrans(dict.fromkeys(_BLANKS, " "))


@lru_cache(maxsize=256)
def normal(text: str) -> str:
    """Lower case, ASCII punctuation, markdown escapes blanked; exactly as long as `text`."""
    plain = _ESCAPE.sub(" ", text) if "\\" in text else text
    if "</" in plain or "<br" in plain:
        plain = _MARKUP.sub(_blank, plain)
    if plain.isascii():
        return plain.lower().translate(_CONTROLS) if any(map(plain.__contains__, _BLANKS)) else plain.lower()
    return plain.translate(_TABLE)
