"""Spans of time around an event: `within 6 months prior to screening`, `in the past year`, `for at least 3 months`."""

import re
from typing import NamedTuple

from service.criteria.reading.limits.either_time import (
    other_length,
    past_half_lives,
    past_same_length,
    past_whichever,
)
from service.criteria.reading.limits.events import AS_OF, Event, event_at
from service.criteria.reading.tokens.lex import Token, Value, sign_of
from service.schemas.expression import Window
from service.schemas.quantity import Quantity

TIME = frozenset({"a", "mo", "wk", "d", "h", "min"})
_LAST = "last_dose"
"""`At least 4 weeks since the last dose of X` is of X, not of some last dose."""

_TIMED = frozenset({"survival", "age", "gestation"})
_AT = re.compile(r"(?:at|of|from|on|as|since)\b")
_AMONG_NUMBERS = frozenset({"comparator", "filler", "num", "unit", "range_join", "connective", "range_open"})
_INTO = frozenset({"within", "during", "in", "over", "throughout"})
_NUMBERS = frozenset({"comparator", "num"})
_STARTS = _NUMBERS | {"recent", "before"}
_LEADS = _INTO | {"for", "a", "an"}
_HAPPENING = frozenset(
    {"occurring", "occurred", "happening", "happened", "received", "performed", "given", "administered"}
)


Tags = dict[str, Value]


class _Length(NamedTuple):
    """A length of time and the sign before it; `next` is the token behind it."""

    sign: str
    value: Quantity
    next: int


def read_windows(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with every time window as one tagged `window`, every bare time (`at screening`) tagged `when`.

    A time that something is counted from (`since diagnosis`) is `elapsed` too.
    """
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        token, i = _at(tokens, i, text) if _begins(tokens[i], found) else (tokens[i], i + 1)
        if "event" in token.tags and found and _is_at(found, text):
            token = Token(token.start, token.end, {"when": str(token.tags["event"]), "filler": "filler"})
        if "window" in token.tags and len(found) > 1 and sign_of(found[-1]) == "(" and "recent" in found[-2].tags:
            found[-2] = Token(found[-2].start, found[-2].end, {"filler": "filler"})
        if "window" in token.tags and found and _leads_to_time(found):
            found[-1] = Token(found[-1].start, found[-1].end, {"filler": "filler"})
        found.append(token)
    return found


def _leads_to_time(found: list[Token]) -> bool:
    """`stroke occurring within …`, `chemotherapy received within …`: the verb says no more than the time behind it."""
    return found[-1].tags.get("word") in _HAPPENING and any("concept" in token.tags for token in found[:-1])


def _is_at(found: list[Token], text: str) -> bool:
    """`or older at the`: the event behind is when the age is told."""
    token = found[-2] if len(found) > 1 and "filler" in found[-1].tags else found[-1]
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
    event = event_at(tokens, i, text, strict=True)
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
    event = None if at else event_at(tokens, after, text, strict=False)
    since = tokens[after].tags.get("word") == "since" if event else False
    if lead == "" and event is not None and (event.after == _LAST or (since and event.after == "surgery")):
        return None
    if event is None and lead in ("", "in") and not _is_bracketed(tokens, i, after, length.sign):
        return None
    if (lead == "for" and length.sign in ("<", "<=")) or (event is None and _counts_from(tokens, after, text)):
        return None
    if event is not None and other is None and (other := other_length(tokens, event.next, length.value.unit)):
        after, shorter = past_whichever(tokens, other.next, text)
    elif event is not None:
        after, late = past_whichever(tokens, event.next, text) if other else (event.next, False)
        shorter = shorter or late
    event = event or Event(None if lead == "for" else AS_OF, None, after)
    lasts = lead == "for" or (lead != "within" and length.sign in (">", ">="))
    tags: Tags = {"window": _told(length.value, event, lasts)}
    if other is not None:
        tags["and_window" if shorter != lasts else "or_window"] = _told(other.value, event, lasts)
    return tags, after


def _counts_from(tokens: list[Token], i: int, text: str) -> bool:
    """`within 1 week prior to or following …`: an event that nobody told yet."""
    if i + 1 >= len(tokens) or "before" not in tokens[i].tags or sign_of(tokens[i + 1]) is not None:
        return False
    return not _AT.match(tokens[i].text(text).lower())


def _is_bracketed(tokens: list[Token], i: int, after: int, sign: str) -> bool:
    """`myocardial infarction (< 6 months)`: not that long ago; `infants (< 6 months)` are that young."""
    if i < 2 or after >= len(tokens) or sign not in ("<", "<="):
        return False
    alone = sign_of(tokens[i - 1]) == "(" and sign_of(tokens[after]) == ")"
    return alone and "concept" in tokens[i - 2].tags and "person" not in tokens[i - 2].tags


def _told(length: Quantity, event: Event, lasts: bool) -> Window:
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
