"""One requirement → its expression: lex, then passes in order, then the grammar of clauses."""

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec.structs import replace

from service.criteria.reading.attested.attestations import about, attestations
from service.criteria.reading.attested.circumstances import CIRCUMSTANCE_STEMS
from service.criteria.reading.grammar.brief import BRIEF, of_few_words
from service.criteria.reading.grammar.clauses import clause_expression
from service.criteria.reading.grammar.groups import grouped
from service.criteria.reading.grammar.impossible import is_impossible
from service.criteria.reading.grammar.under_label import under_label
from service.criteria.reading.limits.bounds import STARTS
from service.criteria.reading.limits.constraints import read_constraints
from service.criteria.reading.limits.either_time import in_either_time
from service.criteria.reading.limits.labels import read_labels
from service.criteria.reading.limits.washouts import read_washouts
from service.criteria.reading.limits.windows import read_windows
from service.criteria.reading.lines.split import Requirement
from service.criteria.reading.lines.whom import asked_of, labelled
from service.criteria.reading.names.compounds import read_compounds
from service.criteria.reading.names.ellipses import read_ellipses, share_heads
from service.criteria.reading.names.merge import merge
from service.criteria.reading.names.names import read_names
from service.criteria.reading.names.phrases import read_phrases
from service.criteria.reading.tokens.clause import Clause, held_open, is_everybody, is_small, marked
from service.criteria.reading.tokens.lex import Token, lex
from service.criteria.reading.words.normal import normal
from service.criteria.simplify import simplify
from service.criteria.tree import Told, conjunction, leaves, mapped, mapped_as_told
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    Attestation,
    Expression,
    ScaleScore,
    Survival,
    Unparsed,
)
from service.schemas.quantity import Range
from service.schemas.text import Span

_STRUCTURE = frozenset(
    {"sign", "filler", "connective", "negation", "exception", "condition", "window", "when", "definition", "example"}
    | {"qualifier", "timing"}
)
LONGEST = 3_000
"""Characters of the longest requirement that is read; of 25,000 real ones none has more than 2,300."""
MOST_TOKENS = 600
"""Of 24,000 real ones none has more than 381; what is said of each is held against what is said of others."""

_LISTING = re.compile(r"[,;:](?=\s)|\.\s+\S|(?:\S+\s+){24}")
REMEMBERED = 65_536
"""Stretches of text whose readings are kept; 90 MB or so."""

_WANTED = frozenset({"consent", "compliance", "understanding"})
"""What every trial wants of everybody."""
_MAJORITY = frozenset({18, 19, 20, 21})
_DEEPEST = 6
_DENIALS = 30
_ALWAYS: frozenset[str] = frozenset()
PASSES: tuple[tuple[frozenset[str], Callable[[list[Token], str], list[Token]]], ...] = (
    (frozenset({"concept", "negation", "condition", "connective", "therapy_head"}), read_compounds),
    (_ALWAYS, read_windows),
    (frozenset({"connective", ",", "/"}), read_ellipses),
    (STARTS | {"scale", "gestation"}, read_constraints),
    (frozenset({"comparator", "num", "normal"}), read_labels),
    (_ALWAYS, read_names),
    (frozenset({"connective", ",", "/"}), share_heads),
    (_ALWAYS, read_phrases),
    (_ALWAYS, merge),
    (frozenset({"num"}), read_washouts),
)
"""In order, each behind the tables and the punctuation marks without any of which it changes nothing."""


def expression_of(text: str, requirement: Requirement) -> Expression:
    """What the requirement states; spans count from its own first character."""
    words = text[requirement.start : requirement.end]
    if len(words) > LONGEST:
        return Unparsed(text=words, span=Span(0, len(words)))
    if _is_tangled(words):
        return Unparsed(text=words, span=Span(0, len(words)))
    if requirement.others:
        return Attestation(about="another_person", text=words, span=Span(0, len(words)))
    if requirement.children:
        return simplify(grouped(text, requirement, read))
    if words.endswith(":"):
        return Unparsed(text=words, span=Span(0, len(words)))
    asked = requirement.whom or labelled(words)
    told = under_label(words, requirement.path[-1], requirement.polarity, read) if requirement.path else None
    told = read(words, requirement.polarity) if told is None else told
    return simplify(asked_of(told, asked, requirement.polarity, words))


def _is_tangled(words: str) -> bool:
    """Brackets within brackets beyond what anybody follows."""
    deepest = now = 0
    if words.count("(") + words.count("[") > _DEEPEST:
        for char in words:
            now += (char in "([") - (char in ")]")
            deepest = max(deepest, now)
    return deepest > _DEEPEST


@lru_cache(maxsize=REMEMBERED)
def read(words: str, polarity: Polarity) -> Expression:
    """The expression of one stretch of text. Registries repeat themselves: the usual criteria are read once."""
    if len(words) <= BRIEF and (brief := of_few_words(words, polarity)) is not None:
        return brief
    tokens = lex(words)
    if len(tokens) > MOST_TOKENS:
        return Unparsed(text=words, span=Span(0, len(words)))
    tables = marked(tokens)
    for needed, read_pass in PASSES:
        if not needed or not needed.isdisjoint(tables):
            tokens = read_pass(tokens, words)
    if "negation" in tables and sum("negation" in token.tags for token in tokens) > _DENIALS:
        return Unparsed(text=words, span=Span(0, len(words)))
    clause = Clause(words, polarity, about(normal(words)) is not None, tables)
    alone = clause.attests and (not _bounded(tokens) or _judged_first(tokens, words)) and not _lists(words)
    if alone and (attested := attestations(words)):
        told = conjunction(attested)
        return _sensible(told, polarity) if polarity is Polarity.EXCLUSION else told
    expression = clause_expression(tokens, clause)
    expression = _sensible(expression, polarity) if clause.attests else expression
    expression = in_either_time(expression, tokens) if "num" in tables else expression
    if is_impossible(expression):
        return held_open(tokens, clause)
    if "num" in tables and polarity is Polarity.INCLUSION:
        expression = mapped(expression, lambda leaf: _of_majority(leaf, words))
    return _complete(expression, tokens, words)


def _of_majority(leaf: Expression, words: str) -> Expression:
    """`18 years of age` alone: not younger; whether older, the words do not tell."""
    if type(leaf) is not Age or leaf.range.low != leaf.range.high:
        return leaf
    if leaf.range.low not in _MAJORITY or leaf.range.unit != "a" or leaf.span is None:
        return leaf
    older = replace(leaf, range=Range(low=leaf.range.low, unit="a"))
    return conjunction([older, Unparsed(text=leaf.span.of(words), span=leaf.span)])


def _sensible(node: Expression, polarity: Polarity) -> Expression:
    """Nobody is kept out for complying, nor let in for refusing: whatever was meant, it was not read."""
    turned = Told.DENIED if polarity is Polarity.INCLUSION else Told.STATED

    def change(leaf: Expression, told: Told) -> Expression:
        if told is turned and isinstance(leaf, Attestation) and leaf.about in _WANTED:
            return Unparsed(text=leaf.text, span=leaf.span)
        return leaf

    return mapped_as_told(node, change)


def _lists(words: str) -> bool:
    """Whether circumstances are but one of the things that the text says."""
    return about(normal(words)) in CIRCUMSTANCE_STEMS.keys() - {"protocol_criteria"} and bool(_LISTING.search(words))


def _judged_first(tokens: list[Token], words: str) -> bool:
    """Whether the text leaves it to the investigator before it names anything that could be checked."""
    first = next((token.start for token in tokens if token.reading is not None), len(words))
    return about(normal(words[:first])) == "investigator_judgement"


def _complete(expression: Expression, tokens: list[Token], words: str) -> Expression:
    """The expression, with whatever words no leaf of it covers beside it as unparsed: nothing is dropped."""
    told = leaves(expression)
    spans = [(leaf.span.start, leaf.span.end) for leaf in told if leaf.span is not None]
    if not tokens or any(start <= tokens[0].start and tokens[-1].end <= end for start, end in spans):
        return expression
    unseen = [t for t in tokens if not _is_within(t, spans)]
    if not unseen:
        return expression
    aged = any(isinstance(leaf, Age) for leaf in told)
    timed = [getattr(leaf, "window", None) for leaf in told]
    missed = [t for t in unseen if _matters(t) and not (aged and "person" in t.tags)]
    missed += [t for t in unseen if "window" in t.tags and t.tags["window"] not in timed]
    if not missed:
        return expression
    lost = Span(missed[0].start, missed[-1].end)
    return conjunction([expression, Unparsed(text=lost.of(words), span=lost)])


def _is_within(token: Token, spans: list[tuple[int, int]]) -> bool:
    """Whether a leaf holds the token's words; a scale's long name beside its short one says nothing more."""
    own = token.reading
    told = own.span if type(own) is ScaleScore or type(own) is Survival else None
    first, last = (told.start, told.end) if told else (token.start, token.end)
    return any(start <= first and last <= end for start, end in spans)


def _matters(token: Token) -> bool:
    """Whether a token says something by itself; structure, windows and small words live in the tree's shape."""
    if token.reading is not None:
        return not is_everybody(token.reading)
    return _STRUCTURE.isdisjoint(token.tags) and not is_small(token)


def _bounded(tokens: list[Token]) -> bool:
    """Whether a number or a disease was read: then the grammar decides what is attested."""
    return any(token.reading is not None for token in tokens)
