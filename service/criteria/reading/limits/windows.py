"""Spans of time around an event: `within 6 months prior to screening`, `in the past year`, `for at least 3 months`."""

from typing import NamedTuple

from service.criteria.reading.limits.either_time import (
    other_length,
    past_half_lives,
    past_same_length,
    past_whichever,
)
from service.criteria.reading.tokens.lex import Token, Value, past_synonym, sign_of
from service.schemas.expression import Window
from service.schemas.quantity import Quantity

TIME = frozenset({"a", "mo", "wk", "d", "h", "min"})
AS_OF = "as_of"
"""The event of windows that end today: `in the past 6 months`."""

_LAST = "last_dose"
"""`At least 4 weeks since the last dose of X` is of X, not of some last dose."""

_TIMED = frozenset({"survival", "age", "gestation"})
_AMONG_NUMBERS = frozenset({"comparator", "filler", "num", "unit", "range_join", "connective", "range_open"})
_INTO = frozenset({"within", "during", "in", "over", "throughout"})
_NUMBERS = frozenset({"comparator", "num"})
_STARTS = _NUMBERS | {"recent", "before"}
_LEADS = _INTO | {"for", "a", "an"}
_WEAK = frozenset({"of", "from", "at", "prior", "since", "following"})
_STOPS = frozenset({"connective", "window", "exception", "negation", "comparator", "num"})
_NO_PRODUCT = _STOPS | {"before", "recent", "when", "condition"}
_FIRST = ("before", "first_dose")
_EVENT_WORDS = 4


Tags = dict[str, Value]


class _Length(NamedTuple):
    """A length of time and the sign before it; `next` is the token behind it."""

    sign: str
    value: Quantity
    next: int


class _Event(NamedTuple):
    """What the time is counted from; `next` is the token behind it."""

    before: str | None
    after: str | None
    next: int


def read_windows(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every time window as one tagged `window`, every bare time (`at screening`) tagged `when`.

    A time that something is counted from (`since diagnosis`) is `elapsed` too.
    """
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        token, i = _at(tokens, i, text) if _begins(tokens[i], found) else (tokens[i], i + 1)
        if "event" in token.tags and found and _is_at(found[-1], text):
            token = Token(token.start, token.end, {"when": str(token.tags["event"]), "filler": "filler"})
        found.append(token)
    return found


def _is_at(token: Token, text: str) -> bool:
    """`or older at`: the event behind is when the age is told."""
    return "trailing" in token.tags and token.text(text).lower().endswith("at")


def _begins(token: Token, found: list[Token]) -> bool:
    """Whether a time may begin here."""
    if _STARTS.isdisjoint(token.tags):
        return token.tags.get("word") in _LEADS
    return _NUMBERS.isdisjoint(token.tags) or not _is_timed(found)


def _is_timed(found: list[Token]) -> bool:
    """A number right behind `life expectancy` or `age` is of that, whatever event follows."""
    before = next((one for one in reversed(found) if _AMONG_NUMBERS.isdisjoint(one.tags)), None)
    return before is not None and not _TIMED.isdisjoint(before.tags)


def _at(tokens: list[Token], i: int, text: str) -> tuple[Token, int]:
    """The window, bare time or other token at `i`, and the token behind it."""
    start = tokens[i].start
    if (read := _window(tokens, i, text)) is not None:
        tags, after = read
        return Token(start, tokens[after - 1].end, tags), after
    event = _event(tokens, i, text, strict=True)
    if event is not None:
        when: Tags = {"when": event.before or event.after or "", "filler": "filler"}
        if event.after:
            when["elapsed"] = event.after
        return Token(start, tokens[event.next - 1].end, when), event.next
    return tokens[i], i + 1


def _window(tokens: list[Token], i: int, text: str) -> tuple[Tags, int] | None:
    """The window that begins at token `i`, another told with it, and the token behind both."""
    lead, place = _lead(tokens, i)
    length = _length(tokens, place, recent=lead == "recent")
    if length is None or (not lead and length.sign == "" and "num" not in tokens[i].tags):
        return None
    length = length._replace(next=past_same_length(tokens, length.next)) if length.next < len(tokens) else length
    other = other_length(tokens, length.next, length.value.unit)
    after, shorter = past_whichever(tokens, other.next, text) if other else (length.next, False)
    shorter = shorter or (other is not None and other.shorter)
    at = after < len(tokens) and tokens[after].text(text).lower().split()[0] == "at"
    event = None if at else _event(tokens, after, text, strict=False)
    since = tokens[after].tags.get("word") == "since" if event else False
    if lead == "" and event is not None and (event.after == _LAST or (since and event.after == "surgery")):
        return None
    if event is None and lead in ("", "in"):
        return None
    if lead == "for" and length.sign in ("<", "<="):
        return None
    if event is not None and other is None and (other := other_length(tokens, event.next, length.value.unit)):
        after, shorter = past_whichever(tokens, other.next, text)
    elif event is not None:
        after, late = past_whichever(tokens, event.next, text) if other else (event.next, False)
        shorter = shorter or late
    event = event or _Event(None if lead == "for" else AS_OF, None, after)
    lasts = lead == "for" or (lead != "within" and length.sign in (">", ">="))
    tags: Tags = {"window": _told(length.value, event, lasts)}
    if other is not None:
        tags["and_window" if shorter != lasts else "or_window"] = _told(other.value, event, lasts)
    return tags, after


def _told(length: Quantity, event: _Event, lasts: bool) -> Window:
    if lasts:
        return Window(at_least=length, before=event.before, after=event.after)
    return Window(within=length, before=event.before, after=event.after)


def _lead(tokens: list[Token], i: int) -> tuple[str, int]:
    """`within`, `in the past`, `for`: which kind of opening stands here, and the token behind it."""
    lead, place = "", i
    word = tokens[i].tags.get("word")
    if tokens[i].tags.get("recent") == "past":
        return "recent", i + 1
    if word in _INTO:
        lead, place = "in" if word in ("in", "over") else "within", i + 1
    elif word == "for":
        lead, place = "for", i + 1
    while place < len(tokens) and place > i and tokens[place].tags.get("word") in ("the", "a", "an", "at"):
        if tokens[place].tags.get("word") in ("a", "an"):
            break
        place += 1
    if lead and place < len(tokens) and tokens[place].tags.get("recent") == "past":
        return "for" if lead == "for" else "recent", place + 1
    return lead, place


def _length(tokens: list[Token], i: int, recent: bool) -> _Length | None:
    """`6 months`, `at least 3 weeks`, `a year`; after `the past` also `year` alone."""
    sign = ""
    if i < len(tokens) and "comparator" in tokens[i].tags:
        sign, i = str(tokens[i].tags["comparator"]), i + 1
    if i >= len(tokens):
        return None
    value, after = tokens[i].tags.get("num"), i + 1
    word = tokens[i].tags.get("word")
    if not isinstance(value, float):
        if word in ("a", "an", "1"):
            value = 1.0
        elif recent:
            value, after = 1.0, i
        else:
            return None
    if (after + 1 < len(tokens) and sign_of(tokens[after]) in ("-", "~")) or (
        after < len(tokens) and "range_join" in tokens[after].tags
    ):
        high = tokens[after + 1].tags.get("num") if after + 1 < len(tokens) else None
        if isinstance(high, float):
            value, after = high, after + 2
    return _timed(tokens, sign, value, after)


def _timed(tokens: list[Token], sign: str, value: float, after: int) -> _Length | None:
    if after >= len(tokens):
        return None
    tags = tokens[after].tags
    if (end := past_half_lives(tokens, after)) is not None:
        return _Length(sign, Quantity(value=value, unit="{half-life}"), end)
    unit = tags.get("unit") or tags.get("time")
    if unit not in TIME:
        return None
    after += 1
    if "aged" in tags or (
        after < len(tokens) and ("age" in tokens[after].tags or tokens[after].tags.get("word") == "olds")
    ):
        return None
    if not sign and after < len(tokens) and "trailing" in tokens[after].tags:
        sign, after = str(tokens[after].tags["trailing"]), after + 1
    return _Length(sign, Quantity(value=value, unit=str(unit)), after)


def _event(tokens: list[Token], i: int, text: str, strict: bool) -> _Event | None:
    """`prior to screening`, `after the last dose`, `ago`; strictly, only events that the lexicon knows."""
    if i >= len(tokens):
        return None
    tags = tokens[i].tags
    if not strict and tags.get("recent") == "ago" and not _names_event(tokens, i + 1):
        return _Event(AS_OF, None, i + 1)
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


def _free(tokens: list[Token], side: str, i: int, text: str) -> _Event | None:
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


def _side(side: str, name: str, after: int) -> _Event:
    return _Event(name, None, after) if side == "before" else _Event(None, name, after)
