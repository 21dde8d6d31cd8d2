"""Requirements with alternatives nested under them: `at least two of the following:` and its bullets."""

import re
from collections.abc import Callable

import msgspec

from service.criteria.reading.grammar.excepting import can_have, unless
from service.criteria.reading.lines.split import DENYING, EXCEPTING, Requirement
from service.criteria.reading.words.lexicon import NUMBERS
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, disjunction, mapped, with_exceptions
from service.schemas.criterion import Polarity
from service.schemas.expression import AtLeast, Expression, Leaf, Not, Unparsed
from service.schemas.text import Span

_COUNT = re.compile(
    r"\b(?:(?P<all>all|both|each)|(?P<none>none|not\s+(?:have\s+|meet\s+)?any|no\b[^.;:]{0,20}\bof)"
    r"|(?:(?:at\s+least|minimum\s+of)\s+)?(?P<n>\d|one|two|three|four|five)(?:\s+or\s+more)?|(?P<any>any|either|some))\b"
    r"(?:\s+(?:or\s+more\s+)?(?:\w+\s+){0,4}?(?:of\s+)?(?:the\s+|these\s+)?(?:following|below|criteria|of)\b[^.;]*)?\W*$"
)
_TAIL = re.compile(
    r"[\s,:;-]*\b(?:with|who\s+have|having|have|has|meeting|meet|by|as|defined|evidenced|and|including|of|in|the|must|who)?\W*$"
)


def grouped(text: str, requirement: Requirement, read: Callable[[str, Polarity], Expression]) -> Expression:
    """The heading's own words, if they state anything, and as many of the children as they ask for.

    Unread where they ask for none, or for more than there are.
    """
    first = requirement.children[0].start
    heading = text[requirement.start : first]
    folded = normal(heading).rstrip(" \n\t-*•:")
    count = _COUNT.search(folded)
    parts = [
        _moved(_child(text, child, requirement, read), child.start - requirement.start)
        for child in requirement.children
    ]
    own = folded[: count.start()] if count else folded
    own = _TAIL.sub("", own)
    if EXCEPTING.search(folded):
        return _but(heading, folded, parts, requirement, read)
    if not count and DENYING.search(folded):
        return _none(parts, requirement, text)
    if count and count["n"] and not 0 < _number(count["n"]) <= len(parts):
        return _unread(requirement, text)
    body = _counted(count, parts, requirement.polarity)
    if not any(char.isalnum() for char in own) or len(own.split()) < 2:
        return body
    return conjunction([read(heading[: len(own)], requirement.polarity), body])


def _but(
    heading: str,
    folded: str,
    parts: list[Expression],
    requirement: Requirement,
    read: Callable[[str, Polarity], Expression],
) -> Expression:
    """`Cancer, except for:` and its bullets."""
    end = EXCEPTING.search(folded)
    own = heading[: end.start() if end else 0].rstrip(" ,;-(")
    main, exceptions = read(own, requirement.polarity), disjunction(parts)
    if "unless" in folded[len(own) :]:
        return unless(main, exceptions, requirement.polarity)
    if can_have(main):
        return with_exceptions(main, exceptions)
    keeps_out = requirement.polarity is Polarity.EXCLUSION
    return conjunction([main, Not(of=exceptions)]) if keeps_out else disjunction([main, exceptions])


def _none(parts: list[Expression], requirement: Requirement, text: str) -> Expression:
    """`No history of:` and its bullets; what a lack of several things keeps out, nothing tells."""
    if requirement.polarity is Polarity.INCLUSION:
        return Not(of=disjunction(parts))
    return _unread(requirement, text)


def _unread(requirement: Requirement, text: str) -> Expression:
    words = text[requirement.start : requirement.end]
    return Unparsed(text=words, span=Span(0, len(words)))


def _child(
    text: str, child: Requirement, parent: Requirement, read: Callable[[str, Polarity], Expression]
) -> Expression:
    return read(text[child.start : child.end], parent.polarity)


def _counted(count: re.Match[str] | None, parts: list[Expression], polarity: Polarity) -> Expression:
    """All, any, none or `n` of the parts; without a word on it, any of them."""
    if count is None or count["any"]:
        return disjunction(parts)
    if count["all"]:
        return conjunction(parts)
    if count["none"]:
        return Not(of=disjunction(parts))
    number = _number(count["n"])
    return disjunction(parts) if number == 1 else AtLeast(n=number, of=tuple(parts))


def _number(word: str) -> int:
    return NUMBERS.get(word) or int(word)


def _moved(node: Expression, by: int) -> Expression:
    """The tree with its spans counted from the group's first character."""

    def shift(leaf: Expression) -> Expression:
        assert isinstance(leaf, Leaf)
        if leaf.span is None:
            return leaf
        return msgspec.structs.replace(leaf, span=Span(leaf.span.start + by, leaf.span.end + by))

    return mapped(node, shift)
