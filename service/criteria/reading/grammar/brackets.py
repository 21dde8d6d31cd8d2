"""Brackets: opened where they add to the item before them, absorbed where they name it again or give examples."""

from collections.abc import Callable

from msgspec.structs import replace

from service.criteria.reading.grammar.cases import alike
from service.criteria.reading.grammar.excepting import excepting
from service.criteria.reading.tokens.clause import (
    NUMERIC,
    OPEN,
    SILENT,
    Clause,
    closing,
    has_item,
    held_open,
    is_bound,
    speaks,
    trimmed,
    unparsed,
)
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import conjunction, disjunction, leaves, spanning
from service.schemas.criterion import Polarity
from service.schemas.expression import ConditionIs, Expression, If, TreatmentIs

_ADDING = frozenset({*OPEN, "example"})
Read = Callable[[list[Token], Clause], Expression]


def unbracketed(tokens: list[Token], clause: Clause, read: Read) -> list[Token]:
    """Brackets opened where they add to the item before them, dropped where they name it again or give examples."""
    if _ADDING.isdisjoint(clause.marked):
        return tokens
    kept: list[Token] = []
    i = 0
    while i < len(tokens):
        if sign_of(tokens[i]) not in OPEN:
            if "example" in tokens[i].tags and tokens[i].reading is None and (head := _head(kept)) is not None:
                return _with_examples(kept, head, tokens[i:], clause, read)
            kept.append(tokens[i])
            i += 1
            continue
        close = closing(tokens, i)
        if close is None:
            i += 1
            continue
        inner = tokens[i + 1 : close]
        i = close + 1
        _bracket(kept, inner, clause, read)
    return kept


def _head(kept: list[Token]) -> int | None:
    """The item that examples are of: the last, with nothing but persons and a comma between."""
    for place in range(len(kept) - 1, -1, -1):
        if kept[place].reading is not None:
            return place
        if "person" not in kept[place].tags and sign_of(kept[place]) != ",":
            return None
    return None


def _with_examples(kept: list[Token], head: int, rest: list[Token], clause: Clause, read: Read) -> list[Token]:
    """`A such as B or C`: A; among what excludes, B and C by themselves too, as no comma tells where examples end."""
    reading = kept[head].reading
    assert reading is not None
    end = next((i for i, token in enumerate(rest) if "window" in token.tags), len(rest))
    examples, behind = rest[:end], rest[end:]
    if not speaks(examples[1:]) or reading is None:
        return [*kept, *rest]
    listed = [replace(t, tags={"sign": ","}) if "example" in t.tags and t.reading is None else t for t in examples[1:]]
    told = read(listed, clause._replace(polarity=Polarity.EXCLUSION, alternatives=True))
    alike = all(type(leaf) in {type(each) for each in leaves(reading)} for leaf in leaves(told))
    if clause.polarity is Polarity.INCLUSION:
        if not alike:
            words = [*kept[head:], *examples]
            item = Token(kept[head].start, examples[-1].end, {}, held_open(words, clause))
            return [*kept[:head], item, *behind]
        return [
            *kept[:head],
            replace(kept[head], end=examples[-1].end, reading=spanning(reading, examples[-1].end)),
            *behind,
        ]
    if getattr(reading, "qualifiers", ()):
        told = conjunction([told, unparsed(examples, clause)]) if alike else told
    item = Token(kept[head].start, examples[-1].end, {}, disjunction([reading, told]))
    return [*kept[:head], item, *behind]


def _bracket(kept: list[Token], inner: list[Token], clause: Clause, read: Read) -> None:
    """Apply one bracket to the tokens before it; `i.e.` at its beginning says nothing."""
    while (
        len(inner) > 1
        and inner[0].reading is None
        and ("definition" in inner[0].tags or sign_of(inner[0]) in (",", "."))
    ):
        inner = inner[1:]
    if not inner:
        return
    if "exception" in inner[0].tags and (place := _last_item(kept)) is not None and speaks(inner[1:]):
        last = kept[place]
        assert last.reading is not None
        alternatives = clause._replace(polarity=Polarity.EXCLUSION, alternatives=True)
        exceptions = read(inner[1:], clause if is_bound(last) else alternatives)
        reading = excepting(last.reading, exceptions, [last, *inner], clause)
        kept[place] = replace(last, reading=reading, end=max(last.end, inner[-1].end))
    elif all("window" in t.tags or "filler" in t.tags or "when" in t.tags for t in inner):
        kept.extend(t for t in inner if "window" in t.tags)
    elif (changed := _relaxed(kept, inner, clause, read) or _qualified(kept, inner)) is not None:
        kept[-1] = changed
    elif _redefines(kept, inner):
        kept.append(Token(inner[0].start, inner[-1].end, {}, unparsed(inner, clause)))
    elif any("condition" in t.tags and t.reading is None for t in inner) and has_item(inner):
        kept.append(Token(inner[0].start, inner[-1].end, {}, held_open(inner, clause)))
    elif inner[0].tags.get("connective") == "or" and kept:
        kept.append(inner[0])
        kept.append(Token(inner[1].start, inner[-1].end, {}, read(inner[1:], clause))) if inner[1:] else None
    elif "example" in inner[0].tags or _renames(inner, clause) or _tells_how(kept, inner):
        _absorb(kept, inner)
    elif has_item(inner):
        reading = read(inner, clause)
        kept.append(Token(inner[0].start, inner[-1].end, {}, reading))
    else:
        kept.extend(inner)


def _tells_how(kept: list[Token], inner: list[Token]) -> bool:
    """`sweat chloride > 60 mmol/L (by iontophoresis)`: how it is measured is no therapy."""
    by = inner[0].tags.get("word") in ("by", "using", "via")
    return by and bool(kept) and is_bound(kept[-1]) and not any(is_bound(token) for token in inner)


def _redefines(kept: list[Token], inner: list[Token]) -> bool:
    """`ASA 1 or 2 (ASA 1 is …, ASA 2 …)`: what the classes mean; more bounds of the same with words between."""
    last = kept[-1].reading if kept else None
    again = [t.reading for t in inner if t.reading is not None and last is not None and alike(t.reading, last)]
    return (
        len(again) > 1
        and not any("connective" in t.tags for t in inner[: len(again)])
        and speaks([token for token in inner if token.reading is None])
    )


def _relaxed(kept: list[Token], inner: list[Token], clause: Clause, read: Read) -> Token | None:
    """`≤ 2.5 × ULN (≤ 5 × ULN if liver metastases are present)`: another bound under a condition."""
    if not kept or kept[-1].reading is None or not is_bound(kept[-1]):
        return None
    bound = next((i for i, token in enumerate(inner) if is_bound(token)), None)
    if bound is None:
        return None
    rest = trimmed([token for token in (*inner[:bound], *inner[bound + 1 :]) if "condition" not in token.tags])
    new, old = inner[bound].reading, kept[-1].reading
    if not speaks(rest) or new is None or old is None or not alike(old, new):
        return None
    when = read(rest, clause) if has_item(rest) else unparsed(rest, clause)
    if any(isinstance(leaf, NUMERIC) and alike(leaf, new) for leaf in leaves(when)):
        return None
    return replace(kept[-1], end=inner[-1].end, reading=If(when=when, then=new, otherwise=old))


def _qualified(kept: list[Token], inner: list[Token]) -> Token | None:
    """`asthma (severe)`: how the disease before the bracket is."""
    last = kept[-1].reading if kept else None
    if not isinstance(last, ConditionIs) or any(t.reading or "qualifier" not in t.tags for t in inner):
        return None
    told = (*last.qualifiers, *(str(t.tags["qualifier"]) for t in inner if t.tags["qualifier"] not in SILENT))
    return replace(kept[-1], end=inner[-1].end, reading=spanning(replace(last, qualifiers=told), inner[-1].end))


def _last_item(kept: list[Token]) -> int | None:
    """The item that the words right before a bracket belong to."""
    for place in range(len(kept) - 1, -1, -1):
        if kept[place].reading is not None:
            return place
        if "connective" in kept[place].tags or sign_of(kept[place]) == ",":
            return None
    return None


def _absorb(kept: list[Token], inner: list[Token]) -> None:
    """Examples and synonyms belong to the words of the item before them."""
    if kept and (reading := kept[-1].reading) is not None:
        kept[-1] = replace(kept[-1], end=inner[-1].end, reading=spanning(reading, inner[-1].end))
    else:
        kept.extend(replace(token, reading=None) for token in inner)


def _renames(inner: list[Token], clause: Clause) -> bool:
    """`(HIV)`, `(GVHD)`: an abbreviation or a synonym of what stands before."""
    if any(isinstance(t.reading, NUMERIC) for t in inner):
        return False
    words = clause.words(inner)
    return len(inner) <= 2 and (words.replace("-", "").isupper() or all(_named_again(t) for t in inner))


def _named_again(token: Token) -> bool:
    return (
        isinstance(token.reading, ConditionIs | TreatmentIs)
        or "concept" in token.tags
        or "analyte" in token.tags
        or "scale" in token.tags
    )
