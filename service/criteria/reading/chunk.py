"""A stretch between connectives → its items side by side, and what the leftover words add to them."""

import re

import msgspec

from service.criteria.reading.attestations import about, attested
from service.criteria.reading.clause import NUMERIC, SILENT, Clause, is_bound, is_small, speaks, unparsed
from service.criteria.reading.constraints import GENERIC
from service.criteria.reading.lex import Token, sign_of
from service.criteria.reading.normal import normal
from service.criteria.reading.residue import narrows, turns
from service.criteria.tree import conjunction, leaves, with_qualifiers, with_window
from service.schemas.expression import ConditionIs, Expression, ScaleScore, TreatmentIs, Window

_FEW = 4
_SITE = frozenset({"contraception", "consent", "compliance"})
_MANY = 8
_BY = re.compile(r"(?:according\s+to|as\s+per|per|based\s+on|as?\s*defined\s+by|defined\s+by|by)\b", re.IGNORECASE)


def chunk_expression(tokens: list[Token], clause: Clause) -> Expression | None:
    """The items of a chunk, side by side, and what the leftover words add to them."""
    items = [token for token in tokens if token.reading is not None]
    window = next((t.tags["window"] for t in tokens if "window" in t.tags), None)
    words = _leftover(tokens)
    if about(normal(clause.words(tokens))) in _SITE and not any(map(is_bound, items)):
        return _spoken(tokens, clause)
    if any(isinstance(item.reading, TreatmentIs) for item in items):
        words = [run for run in words if not all(token.tags.get("qualifier") == "other" for token in run)]
    if any(is_bound(item) for item in items):
        words = [run for run in words if not all("person" in token.tags for token in run)]
    if not items:
        if not words:
            return None
        return _spoken(tokens, clause)
    read = conjunction([item.reading for item in items if item.reading is not None])
    if isinstance(window, Window):
        read = with_window(read, window)
    if not words:
        return read
    if (
        isinstance(read, ScaleScore)
        and read.scale in GENERIC
        and read.of is None
        and len(words) == 1
        and len(words[0]) <= _FEW
    ):
        return msgspec.structs.replace(read, of=clause.words(words[0]), span=clause.span(tokens))
    if isinstance(read, ConditionIs) and (told := _told(words, tokens, clause.text)):
        return msgspec.structs.replace(with_qualifiers(read, (*read.qualifiers, *told)), span=clause.span(tokens))
    if all(narrows(run, tokens, clause.text) for run in words):
        return conjunction([read, *(unparsed(run, clause) for run in words)])
    return _bounds_kept(tokens, clause) or _spoken(tokens, clause)


def _told(words: list[list[Token]], tokens: list[Token], text: str) -> tuple[str, ...]:
    """Few words that narrow a disease, as qualifiers of their own: `digestive`, `requiring antibiotics`."""
    if not all(
        len(run) <= (_MANY if _BY.match(text, run[0].start) else _FEW) and narrows(run, tokens, text) for run in words
    ):
        return ()
    return tuple(text[run[0].start : run[-1].end] for run in words)


def _bounds_kept(tokens: list[Token], clause: Clause) -> Expression | None:
    """Bounds stand by themselves beside words that no one can read, unless those may turn them round."""
    parts: list[Expression] = []
    run: list[Token] = []
    for token in tokens:
        if token.reading is None or not any(isinstance(leaf, NUMERIC) for leaf in leaves(token.reading)):
            if token.reading is not None or token.tags.get("qualifier") not in SILENT:
                run.append(token)
            continue
        if speaks(run) and turns(clause.words(run)):
            return None
        parts += [_spoken(run, clause)] if speaks(run) else []
        parts.append(token.reading)
        run = []
    if not any(isinstance(leaf, NUMERIC) for part in parts for leaf in leaves(part)):
        return None
    return conjunction([*parts, _spoken(run, clause)] if speaks(run) else parts)


def _spoken(tokens: list[Token], clause: Clause) -> Expression:
    """Words that no kind reads: an attestation where they speak of one, else unparsed."""
    key = about(normal(clause.words(tokens)))
    if key is None:
        return unparsed(tokens, clause)
    return attested(key, clause.words(tokens), clause.span(tokens))


def _leftover(tokens: list[Token]) -> list[list[Token]]:
    """Runs of words that neither an item nor the small words account for."""
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token.reading is not None or "window" in token.tags:
            runs.append([])
        elif not is_small(token) or (runs[-1] and sign_of(token) is None):
            runs[-1].append(token)
    return [_stripped(run) for run in runs if _stripped(run)]


def _stripped(run: list[Token]) -> list[Token]:
    while run and "filler" in run[-1].tags:
        run = run[:-1]
    return run
