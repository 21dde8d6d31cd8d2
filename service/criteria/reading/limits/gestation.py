"""Weeks of gestation put the way bounds are read: `before 32 weeks of gestation`, `37 weeks gestation or later`."""

from msgspec.structs import replace

from service.criteria.reading.tokens.lex import Token

_SIDES = {"before": "<", "prior to": "<", "until": "<=", "till": "<=", "after": ">", "following": ">", "by": "<="}
_NEAR = 6
_BEARERS = frozenset(
    {"born", "birth", "delivered", "delivery", "infants", "infant", "neonates", "newborns", "women", "baby", "babies"}
)


def gestational(tokens: list[Token], text: str) -> list[Token]:
    """Times before and after a week as comparators, a comparator behind the word for weeks before it.

    The week in which something happened is no bound of anybody's.
    """
    if not any("gestation" in token.tags for token in tokens):
        return tokens
    found = list(tokens)
    for i, token in enumerate(tokens):
        side = _SIDES.get(token.text(text).lower())
        if side is not None and _is_week(tokens, i + 1):
            if _is_of_person(tokens, i):
                found[i] = replace(token, tags={"comparator": side})
            else:
                found[i + 1 : i + 5] = [_silenced(one, text) for one in tokens[i + 1 : i + 5]]
        if "gestation" in token.tags and _has_sign_behind(tokens, i):
            found[i], found[i + 1] = tokens[i + 1], token
    return found


def _silenced(token: Token, text: str) -> Token:
    """A number as a mere word."""
    return replace(token, tags={"word": token.text(text)}) if "num" in token.tags else token


def _is_of_person(tokens: list[Token], i: int) -> bool:
    """`born before 32 weeks`, `gestational age before`: not `labour before 37 weeks`, which is when something was."""
    near = tokens[max(0, i - 4) : i]
    return any(
        "gestation" in token.tags or "pregnancy" in token.tags or token.tags.get("word") in _BEARERS for token in near
    )


def _is_week(tokens: list[Token], i: int) -> bool:
    """A number of weeks with the word for gestation near."""
    if i + 1 >= len(tokens) or "num" not in tokens[i].tags:
        return False
    if "gestation" in tokens[i + 1].tags:
        return True
    near = tokens[max(0, i - _NEAR) : i + _NEAR]
    return tokens[i + 1].tags.get("unit") in ("wk", "d") and any("gestation" in token.tags for token in near)


def _has_sign_behind(tokens: list[Token], i: int) -> bool:
    """`weeks gestation or later`, right behind its number."""
    counted = i > 0 and bool({"num", "unit"} & tokens[i - 1].tags.keys())
    return counted and i + 1 < len(tokens) and "trailing" in tokens[i + 1].tags
