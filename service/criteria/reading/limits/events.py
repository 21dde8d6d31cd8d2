"""Events that a time is counted from: `prior to screening`, `after the last dose`, `ago`."""

from typing import NamedTuple

from service.criteria.reading.tokens.lex import Token, past_synonym, sign_of

AS_OF = "as_of"
"""The event of windows that end today: `in the past 6 months`."""

_WEAK = frozenset({"of", "from", "at", "prior", "since", "following"})
_STOPS = frozenset({"connective", "window", "exception", "negation", "comparator", "num"})
_NO_PRODUCT = _STOPS | {"before", "recent", "when", "condition"}
_FIRST = ("before", "first_dose")
_EVENT_WORDS = 4


class Event(NamedTuple):
    """What the time is counted from; `next` is the token behind it."""

    before: str | None
    after: str | None
    next: int


def event_at(tokens: list[Token], i: int, text: str, strict: bool) -> Event | None:
    """`prior to screening`, `after the last dose`, `ago`; strictly, only events that the lexicon knows."""
    if i >= len(tokens):
        return None
    tags = tokens[i].tags
    if not strict and tags.get("recent") == "ago" and not _names_event(tokens, i + 1):
        return Event(AS_OF, None, i + 1)
    side = tags.get("before")
    if side is None or (strict and tags.get("word") == "prior"):
        return None
    weak = tags.get("word") in _WEAK or strict
    place = i + 1
    while place < len(tokens) and tokens[place].tags.get("word") in (
        "the",
        "their",
        "to",
        "day",
        "of",
        "time",
        "date",
        "start",
        "study's",
    ):
        if "event" in tokens[place].tags:
            break
        place += 1
    if place < len(tokens) and "event" in tokens[place].tags:
        event = str(tokens[place].tags["event"])
        behind = past_synonym(tokens, place + 1)
        return _side(str(side), event, _past_product(tokens, behind) if (side, event) == _FIRST else behind)
    return None if weak else _free(tokens, str(side), i + 1, text)


def _past_product(tokens: list[Token], i: int) -> int:
    """Past `of DT-7012` in `before the first dose of DT-7012`: what is studied, nothing that the patient has had."""
    if i >= len(tokens) or tokens[i].tags.get("word") != "of":
        return i
    end = i + 1
    while end < len(tokens) and end - i <= _EVENT_WORDS and _is_name(tokens, end):
        end += 1
    return end if end > i + 1 else i


def _is_name(tokens: list[Token], i: int) -> bool:
    """A word, or the number that a hyphen ties to one."""
    tags = tokens[i].tags
    tied = tags.keys() == {"num"} and tokens[i].start == tokens[i - 1].end + 1 and "word" in tokens[i - 1].tags
    return tied or (sign_of(tokens[i]) is None and _NO_PRODUCT.isdisjoint(tags) and tokens[i].reading is None)


def _names_event(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and ("event" in tokens[i].tags or tokens[i].tags.get("word") in ("the", "to"))


def _free(tokens: list[Token], side: str, i: int, text: str) -> Event | None:
    """An event in the text's own words, up to the next sign, connective or number."""
    end = i
    while (
        end < len(tokens)
        and end - i < _EVENT_WORDS
        and sign_of(tokens[end]) is None
        and _STOPS.isdisjoint(tokens[end].tags)
    ):
        end += 1
    if end == i:
        return None
    return _side(side, text[tokens[i].start : tokens[end - 1].end].lower(), end)


def _side(side: str, name: str, after: int) -> Event:
    return Event(name, None, after) if side == "before" else Event(None, name, after)
