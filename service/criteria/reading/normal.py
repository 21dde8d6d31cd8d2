"""Text in one spelling, character for character: offsets into it are offsets into the original."""

import re
import string
import unicodedata

_DASHES = "‐‑‒–—―−－﹣﹘"
_SPACES = "\t\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
_SPELLED = {
    "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "˂": "<", "˃": ">", "‹": "<", "›": ">",
    "〉": ">", "〈": "<", "‘": "'", "’": "'", "′": "'", "ʼ": "'", "“": '"', "”": '"', "″": '"',
    "、": ",", "，": ",", "；": ";", "：": ":", "。": ".", "．": ".", "（": "(", "）": ")", "【": "[", "】": "]",
    "×": "x", "✕": "x", "╳": "x", "＊": "*", "∗": "*", "·": "·", "µ": "μ", "∼": "~", "～": "~", "〜": "~", "⁄": "/",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def _folded(char: str) -> str:
    """Full-width ASCII to ASCII; lower case where it is a single character."""
    wide = unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char
    low = wide.lower()
    return low if len(low) == 1 else char


_TABLE = str.maketrans(
    {c: c.lower() for c in string.ascii_uppercase}
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SPACES, " ")
    | _SPELLED
)


def normal(text: str) -> str:
    """Lower case, ASCII punctuation, markdown escapes blanked; exactly as long as `text`."""
    plain = _ESCAPE.sub(" ", text) if "\\" in text else text
    plain = plain.translate(_TABLE)
    return plain if plain.isascii() else "".join(map(_folded, plain))
