"""Pregnancy, and the tests that tell of it: `pregnant or nursing`, `negative serum or urine pregnancy test`."""

from service.criteria.reading.tokens.lex import Token, sign_of
from service.schemas.expression import Expression, Not, Pregnancy, PregnancyState
from service.schemas.text import Span

Read = tuple[Expression, int]
_NEAR = 3
_TESTED = 9
_TEST_WORDS = frozenset(
    """
    serum urine urinary blood plasma beta hcg human chorionic gonadotropin gonadotrophin a an the of or result results
    test tests testing sensitive highly high sensitivity quantitative qualitative rapid standard dipstick home in on
    """.split()  # noqa: SIM905 – a list of words reads better as words
)


def read_pregnancy(tokens: list[Token], i: int, _text: str) -> Read | None:
    """`pregnant`, `of childbearing potential`, `nursing`, `pregnancy test negative`."""
    state = tokens[i].tags.get("pregnancy")
    if not isinstance(state, str) or tokens[i].reading:
        return None
    span = Span(tokens[i].start, tokens[i].end)
    if state == "not_pregnant":
        after = _past_kinds(tokens, i + 1)
        span = Span(tokens[i].start, tokens[after - 1].end)
        return Not(of=Pregnancy(state=PregnancyState.PREGNANT, span=span)), after
    if state == "breastfeeding" and tokens[i].tags.get("word") == "feeding":
        return None
    after = i + 1
    if state == "pregnant" and _is_test(tokens, after):
        return _result_behind(tokens, i, after + 1, span)
    return Pregnancy(state=PregnancyState(state), span=span), after


def _result_behind(tokens: list[Token], i: int, after: int, span: Span) -> Read | None:
    """`pregnancy test negative at screening`; a test without its result is no statement."""
    for place in range(after, min(after + 3, len(tokens))):
        result = tokens[place].tags.get("result")
        if result in ("positive", "negative"):
            leaf = Pregnancy(state=PregnancyState.PREGNANT, span=Span(span.start, tokens[place].end))
            return (leaf if result == "positive" else Not(of=leaf)), place + 1
    return None


def read_pregnancy_test(tokens: list[Token], i: int, _text: str) -> Read | None:
    """`negative serum or urine β-hCG pregnancy test`, `negative result of a pregnancy test`."""
    result = tokens[i].tags.get("result")
    if result not in ("positive", "negative"):
        return None
    place = i + 1
    while place < len(tokens) and place - i <= _TESTED and _is_of_test(tokens[place]):
        place += 1
    if place == len(tokens) or tokens[place].tags.get("pregnancy") != "pregnant" or tokens[place].reading is not None:
        return None
    after = place + 1
    while after < len(tokens) and after - place <= _NEAR and _is_of_test(tokens[after]):
        after += 1
    if not any(tokens[k].tags.get("word") in ("test", "tests", "testing") for k in range(i, after)):
        return None
    leaf = Pregnancy(state=PregnancyState.PREGNANT, span=Span(tokens[i].start, tokens[after - 1].end))
    return (leaf if result == "positive" else Not(of=leaf)), after


def _past_kinds(tokens: list[Token], i: int) -> int:
    """Past `(serum or urine)`."""
    if i >= len(tokens) or sign_of(tokens[i]) != "(":
        return i
    close = next((k for k in range(i + 1, min(i + _TESTED, len(tokens))) if sign_of(tokens[k]) == ")"), None)
    return i if close is None or not all(map(_is_of_test, tokens[i + 1 : close])) else close + 1


def _is_test(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].tags.get("word") in ("test", "tests")


def _is_of_test(token: Token) -> bool:
    """A word of a pregnancy test's name."""
    if token.reading is not None or sign_of(token) is not None:
        return False
    if token.tags.get("analyte") == "hcg" or token.tags.get("connective") in ("or", "and", "and_or"):
        return True
    return token.tags.get("word") in _TEST_WORDS or "sample" in token.tags
