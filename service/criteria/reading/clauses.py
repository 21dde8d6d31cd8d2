"""Items, connectives and leftover words → one expression: precedence, shared lists, negation, exceptions, conditions.

What no reading covers stays in the tree as `unparsed` under the connective it stood in.
"""

import re
from typing import NamedTuple

import msgspec

from service.criteria.reading.attestations import about, attested
from service.criteria.reading.constraints import GENERIC
from service.criteria.reading.lex import Token, sign_of
from service.criteria.reading.lexicon import QUALIFIERS
from service.criteria.reading.normal import normal
from service.criteria.reading.residue import narrows, turns
from service.criteria.tree import (
    conjunction,
    disjunction,
    leaves,
    spanning,
    with_exceptions,
    with_qualifiers,
    with_window,
)
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    Allergy,
    AllOf,
    AnyOf,
    Attestation,
    Biomarker,
    ConditionIs,
    Expression,
    If,
    Measurement,
    Not,
    Pregnancy,
    ScaleScore,
    SexIs,
    Survival,
    Timing,
    TobaccoIs,
    TreatmentIs,
    Unparsed,
    Window,
)  # fmt: skip
from service.schemas.text import Span

_OPEN, _CLOSE = ("(", "["), (")", "]")
_FEW = 4
_SIGNS = frozenset(",.:-*()[]\"'")
_SILENT = frozenset({"confirmed", "history"})
_MANY = 8
_BY = re.compile(r"(?:according\s+to|as\s+per|per|based\s+on|as?\s*defined\s+by|defined\s+by|by)\b", re.IGNORECASE)
_GOVERNING = frozenset({"history", "family history of", "at risk of", "suspected"})
_LISTED = {ConditionIs, TreatmentIs, Pregnancy, SexIs, Biomarker, Allergy, TobaccoIs, Attestation}
_NUMERIC = (Age, Measurement, ScaleScore, Survival, Biomarker)
_MODALS = frozenset({"must", "should", "shall", "agree", "agrees", "willing", "will", "need", "required", "have"})


class Clause(NamedTuple):
    """What reading a stretch of tokens needs to know besides them; among `alternatives`, `and` joins as `or` does."""

    text: str
    polarity: Polarity
    alternatives: bool = False

    def words(self, tokens: list[Token]) -> str:
        """The characters from the first token to the last."""
        return self.span(tokens).of(self.text)

    def span(self, tokens: list[Token]) -> Span:
        """From the first token to the last, the bracket that closes behind it included."""
        start, end = tokens[0].start, tokens[-1].end
        unclosed = self.text.count("(", start, end) - self.text.count(")", start, end)
        return Span(start, end + (unclosed > 0 and self.text[end : end + 1] == ")"))


def clause_expression(tokens: list[Token], clause: Clause) -> Expression:
    """The expression of a whole requirement."""
    sentences = [part for part in _split_at(tokens, _ends_sentence) if _speaks(part)]
    if not sentences:
        return _unparsed(tokens, clause) if tokens else Unparsed(text=clause.text, span=Span(0, len(clause.text)))
    read = [_sentence(part, clause) for part in sentences]
    if len(read) == 1 or clause.polarity is Polarity.INCLUSION:
        return conjunction(read)
    return _exclusion_sentences(read)


def _exclusion_sentences(read: list[Expression]) -> Expression:
    """In an exclusion a further sentence that was read excludes by itself; one that was not may limit the first."""
    whole = [one for one in read if not any(isinstance(leaf, Unparsed) for leaf in leaves(one))]
    if len(whole) == len(read):
        return disjunction(read)
    return conjunction(read)


def _sentence(tokens: list[Token], clause: Clause) -> Expression:
    """Parts between semicolons: all of them in an inclusion, any of them in an exclusion."""
    parts = [part for part in _split_at(tokens, lambda t, _n: sign_of(t) == ";") if _speaks(part)]
    read = [_conditional(part, clause) for part in parts]
    if clause.polarity is Polarity.EXCLUSION:
        return disjunction(read)
    if len(read) > 1 and any(isinstance(leaf, Unparsed) for one in read for leaf in leaves(one)):
        return _unparsed(tokens, clause)
    return conjunction(read)


def _ends_sentence(token: Token, following: Token | None) -> bool:
    """A full stop with white space behind it."""
    return sign_of(token) == "." and (following is None or following.start > token.end)


def _split_at(tokens: list[Token], ends: "object") -> list[list[Token]]:
    """The stretches between separators that stand outside brackets."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for i, token in enumerate(tokens):
        depth += (sign_of(token) in _OPEN) - (sign_of(token) in _CLOSE)
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if depth <= 0 and ends(token, following):  # type: ignore[operator]
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _speaks(tokens: list[Token]) -> bool:
    """Whether anything but punctuation and small words stands there."""
    return any(
        t.reading is not None or not ("sign" in t.tags or "filler" in t.tags or "connective" in t.tags) for t in tokens
    )


def _conditional(tokens: list[Token], clause: Clause) -> Expression:
    """`X if Y`, `if Y, X`, `for females: X`, `women of childbearing potential must X`."""
    tokens = _trimmed(tokens)
    for i, token in enumerate(tokens):
        if token.tags.get("condition") == "if" and token.reading is None and _depth(tokens, i) == 0:
            read = _if(tokens, i, clause)
            if read is not None:
                return read
    population = _population(tokens, clause)
    return population if population is not None else _excepted(tokens, clause)


def _if(tokens: list[Token], i: int, clause: Clause) -> Expression | None:
    """The condition and what it asks for, if both can be told apart."""
    behind = tokens[i + 1 :]
    if _speaks(tokens[:i]):
        when, then = behind, tokens[:i]
    else:
        comma = next(
            (k for k, t in enumerate(behind) if sign_of(t) in (",", ":") or t.tags.get("word") == "then"), None
        )
        if comma is None:
            return None
        when, then = behind[:comma], behind[comma + 1 :]
    if not (_has_item(when) and _speaks(then)):
        return None
    return If(when=_excepted(when, clause), then=_excepted(then, clause))


def _population(tokens: list[Token], clause: Clause) -> Expression | None:
    """`Females of childbearing potential must …`: asked of them only."""
    if clause.polarity is Polarity.EXCLUSION:
        return None
    i = 0
    while (
        i < len(tokens)
        and (tokens[i].tags.get("filler") or _is_population(tokens[i]) or tokens[i].tags.get("word") in ("of", "with"))
        and tokens[i].tags.get("word") not in _MODALS
    ):
        i += 1
    if (
        i in (0, len(tokens))
        or tokens[i].tags.get("word") not in _MODALS
        or not any(_is_population(t) for t in tokens[:i])
    ):
        return None
    who = [t.reading for t in tokens[:i] if t.reading is not None]
    return If(when=conjunction(who), then=_excepted(tokens[i:], clause))


def _is_population(token: Token) -> bool:
    reading = token.reading
    return isinstance(reading, SexIs) or (
        isinstance(reading, Pregnancy) and reading.state.value == "childbearing_potential"
    )


def _excepted(tokens: list[Token], clause: Clause) -> Expression:
    """`A except B`: the exceptions go to the leaves of A; `A unless B`: A, and not B."""
    for i, token in enumerate(tokens):
        kind = token.tags.get("exception")
        if kind is None or token.reading is not None or _depth(tokens, i) or not _speaks(tokens[:i]):
            continue
        if token.tags.get("word") == "excluding" and not _speaks(tokens[i + 1 :]):
            continue
        main, rest = _negated(tokens[:i], clause), tokens[i + 1 :]
        if rest and isinstance(window := rest[-1].tags.get("window"), Window):
            main, rest = with_window(main, window), rest[:-1]
        if not _speaks(rest):
            return main
        exceptions = disjunction([_coordinated(rest, clause._replace(polarity=Polarity.EXCLUSION, alternatives=True))])
        return conjunction([main, Not(of=exceptions)]) if kind == "unless" else with_exceptions(main, exceptions)
    return _negated(tokens, clause)


def _negated(tokens: list[Token], clause: Clause) -> Expression:
    """A negation reaches over the list behind it, up to `but` or a bound of another kind."""
    tokens = _trimmed(tokens)
    for i, token in enumerate(tokens):
        if "negation" in token.tags and token.reading is None and _depth(tokens, i) == 0:
            end = _scope_end(tokens, i + 1)
            inner = tokens[i + 1 : end]
            if not _speaks(inner):
                continue
            denied = Not(of=_coordinated(inner, clause._replace(polarity=Polarity.EXCLUSION, alternatives=True)))
            joined = Token(token.start, inner[-1].end, {}, denied)
            return _negated([*tokens[:i], joined, *tokens[end:]], clause)
    return _coordinated(tokens, clause)


def _scope_end(tokens: list[Token], start: int) -> int:
    """Where the negation's reach ends."""
    for i in range(start, len(tokens)):
        if tokens[i].tags.get("word") in ("but", "however") or "negation" in tokens[i].tags:
            while i > start and ("connective" in tokens[i - 1].tags or sign_of(tokens[i - 1]) == ","):
                i -= 1
            return i
        reading = tokens[i].reading
        if isinstance(reading, Age) and i > start:
            return i
        if (
            reading is not None
            and i > start
            and not isinstance(reading, ConditionIs | TreatmentIs)
            and tokens[i - 1].tags.get("connective") == "and"
        ):
            return i - 1
    return len(tokens)


def _coordinated(tokens: list[Token], clause: Clause) -> Expression:
    """Chunks between connectives and commas, joined by them."""
    tokens = _trimmed(_unbracketed(tokens, clause))
    chunks, joints = _chunks(tokens)
    if not chunks:
        return _unparsed(tokens, clause)
    read = _postposed(chunks, [_chunk(chunk, clause) for chunk in chunks])
    kept = [(one, joint) for one, joint in zip(read, [*joints, ""], strict=True) if one is not None]
    if not kept:
        return _unparsed(tokens, clause)
    expressions = _windowed([one for one, _ in kept], chunks)
    expressions = _shared([expressions[0], *map(_not_other, expressions[1:])], commas="," in joints)
    if clause.alternatives and not any(isinstance(leaf, _NUMERIC) for one in expressions for leaf in leaves(one)):
        return disjunction(expressions)
    if clause.polarity is Polarity.EXCLUSION and "," in joints and _is_list(expressions):
        return disjunction(expressions)
    between = _settled([joint for _, joint in kept[:-1]])
    return _joined(expressions, between, clause)


def _postposed(chunks: list[list[Token]], read: list[Expression | None]) -> list[Expression | None]:
    """`acute leukemia, relapsed or refractory`: qualifiers behind the disease that they qualify."""
    kept = list(read)
    for i in range(1, len(kept)):
        said = [token for token in chunks[i] if not is_small(token)]
        before = kept[i - 1]
        last = before.of[-1] if isinstance(before, AllOf) and before.of else before
        if not isinstance(last, ConditionIs) or not said or any(t.reading or "qualifier" not in t.tags for t in said):
            continue
        own = (*last.qualifiers, *(str(token.tags["qualifier"]) for token in said))
        start = last.span.start if last.span else said[0].start
        changed = msgspec.structs.replace(with_qualifiers(last, own), span=Span(start, said[-1].end))
        kept[i - 1] = AllOf(of=(*before.of[:-1], changed)) if isinstance(before, AllOf) else changed
        kept[i] = None
    return kept


def _chunks(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Stretches between connectives; a comma takes the word of the next connective in its run."""
    chunks: list[list[Token]] = [[]]
    joints: list[str] = []
    depth = 0
    for token in tokens:
        depth += (sign_of(token) in _OPEN) - (sign_of(token) in _CLOSE)
        word = token.tags.get("connective") if token.reading is None else None
        joint = str(word) if word else "," if sign_of(token) in (",", "/") else ""
        if not joint or depth > 0:
            chunks[-1].append(token)
        elif not _speaks(chunks[-1]) and not any("window" in t.tags for t in chunks[-1]):
            if joints and joint != ",":
                joints[-1] = joint + "!" if joints[-1] == "," else joint
        else:
            chunks.append([])
            joints.append(joint)
    if not _speaks(chunks[-1]) and joints:
        chunks.pop()
        joints.pop()
    return [chunk for chunk in chunks if chunk], joints


def _settled(joints: list[str]) -> list[str]:
    """Each comma as the next `and` or `or` to its right; a run that ends without one stays a comma.

    `!` marks a word that a comma stands before: it parts more than the words around it, unless it only ends a list.
    """
    settled: list[str] = []
    following = ","
    for i in range(len(joints) - 1, -1, -1):
        joint = joints[i]
        if joint == ",":
            settled.append(following.rstrip("!"))
            continue
        following = joint.replace("and_or", "or")
        ends_list = i > 0 and joints[i - 1] == ","
        settled.append(following.rstrip("!") if ends_list else following)
    return settled[::-1]


def _joined(parts: list[Expression], joints: list[str], clause: Clause) -> Expression:
    """`and` binds tighter than `or`; in a list of what excludes, `and` counts as `or`."""
    strong = next((joint for joint in joints if joint.endswith("!")), None)
    if strong is not None:
        return _parted(parts, joints, strong, clause)
    if clause.polarity is Polarity.EXCLUSION and "or" not in joints and _is_list(parts):
        return disjunction(parts)
    if (
        clause.polarity is Polarity.EXCLUSION
        and joints == ["and"]
        and all(isinstance(part, ConditionIs) for part in parts)
    ):
        return _either_or_both(parts, clause)
    default = "and" if clause.polarity is Polarity.INCLUSION else "or"
    groups: list[list[Expression]] = [[parts[0]]]
    for part, joint in zip(parts[1:], joints, strict=True):
        if (default if joint == "," else joint) == "and":
            groups[-1].append(part)
        else:
            groups.append([part])
    return disjunction([conjunction(group) for group in groups])


def _either_or_both(parts: list[Expression], clause: Clause) -> Expression:
    """`Diabetes and hypertension` among what excludes: without either, nothing; with one, the words do not tell."""
    spans = [leaf.span for part in parts for leaf in leaves(part) if leaf.span is not None]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return AllOf(of=(AnyOf(of=tuple(parts)), Unparsed(text=whole.of(clause.text), span=whole)))


def _parted(parts: list[Expression], joints: list[str], strong: str, clause: Clause) -> Expression:
    """`A or B, and C`: the groups on either side of the comma, each joined by itself."""
    edges = [0, *(i + 1 for i, joint in enumerate(joints) if joint == strong), len(parts)]
    groups = [
        _joined(parts[a:b], [joint.rstrip("!") for joint in joints[a : b - 1]], clause)
        for a, b in zip(edges, edges[1:], strict=False)
    ]
    return _joined(groups, [strong.rstrip("!")] * (len(groups) - 1), clause)


def _is_list(parts: list[Expression]) -> bool:
    """`A, B and C` of diseases, therapies and the like: nobody asks for all three."""
    sorts = {type(leaf) for part in parts for leaf in leaves(part)} - {Unparsed}
    return sorts <= _LISTED and (len(parts) > 2 or sorts == {Pregnancy})


def _chunk(tokens: list[Token], clause: Clause) -> Expression | None:
    """The items of a chunk, side by side, and what the leftover words add to them."""
    items = [token for token in tokens if token.reading is not None]
    window = next((t.tags["window"] for t in tokens if "window" in t.tags), None)
    words = _leftover(tokens)
    if words and about(normal(clause.words(tokens))) in ("contraception", "consent") and not any(map(_is_bound, items)):
        return _spoken(tokens, clause)
    if any(isinstance(item.reading, TreatmentIs) for item in items):
        words = [run for run in words if not all(token.tags.get("qualifier") == "other" for token in run)]
    if any(_is_bound(item) for item in items):
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
        return conjunction([read, *(_unparsed(run, clause) for run in words)])
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
        if token.reading is None or not all(isinstance(leaf, _NUMERIC) for leaf in leaves(token.reading)):
            if token.reading is not None or token.tags.get("qualifier") not in _SILENT:
                run.append(token)
            continue
        if _speaks(run) and turns(clause.words(run)):
            return None
        parts += [_spoken(run, clause)] if _speaks(run) else []
        parts.append(token.reading)
        run = []
    if not any(isinstance(leaf, _NUMERIC) for part in parts for leaf in leaves(part)):
        return None
    return conjunction([*parts, _spoken(run, clause)] if _speaks(run) else parts)


def _spoken(tokens: list[Token], clause: Clause) -> Expression:
    """Words that no kind reads: an attestation where they speak of one, else unparsed."""
    key = about(normal(clause.words(tokens)))
    if key is None:
        return _unparsed(tokens, clause)
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


def is_small(token: Token) -> bool:
    """A word or sign that adds nothing by itself."""
    return (
        "filler" in token.tags
        or token.tags.get("word") == "present"
        or token.tags.get("qualifier") in _SILENT
        or sign_of(token) in _SIGNS
    )


def _stripped(run: list[Token]) -> list[Token]:
    while run and "filler" in run[-1].tags:
        run = run[:-1]
    return run


def _windowed(parts: list[Expression], chunks: list[list[Token]]) -> list[Expression]:
    """A window behind a list, or before it, is of every item in the list."""
    windows = [next((t.tags["window"] for t in chunk if "window" in t.tags), None) for chunk in chunks]
    window = windows[-1] or windows[0]
    if sum(one is not None for one in windows) != 1 or not isinstance(window, Window):
        return parts
    return [with_window(part, window) for part in parts]


def _shared(parts: list[Expression], commas: bool) -> list[Expression]:
    """What opens a list is of each item: `history of`, `received`, `allergy to`; an adjective only without commas."""
    shared = [parts[0]]
    for part in parts[1:]:
        changed = _with_opening(parts[0], part, commas)
        if changed is None:
            break
        shared.append(changed)
    return shared + parts[len(shared) :]


def _not_other(part: Expression) -> Expression:
    """`lupus or other autoimmune disease`: other than the one before it, which says nothing more."""
    if isinstance(part, ConditionIs) and "other" in part.qualifiers:
        return with_qualifiers(part, tuple(q for q in part.qualifiers if q != "other"))
    return part


def _with_opening(first: Expression, part: Expression, commas: bool) -> Expression | None:
    """The part under the opening of the list's first item; None where the list turns to something else."""
    match first, part:
        case ConditionIs(), ConditionIs(qualifiers=()):
            kept = tuple(q for q in first.qualifiers if q in _GOVERNING or (not commas and q in QUALIFIERS))
            return with_qualifiers(part, kept)
        case TreatmentIs(), TreatmentIs(timing=Timing.ANY):
            return msgspec.structs.replace(part, timing=first.timing, outcome=part.outcome or first.outcome)
        case Allergy(), TreatmentIs(timing=Timing.ANY, lines=None):
            return Allergy(to=part.name, concept=part.concept, span=part.span)
        case _:
            return None


def _unbracketed(tokens: list[Token], clause: Clause) -> list[Token]:
    """Brackets opened where they add to the item before them, dropped where they name it again or give examples."""
    kept: list[Token] = []
    i = 0
    while i < len(tokens):
        if sign_of(tokens[i]) not in _OPEN:
            if "example" in tokens[i].tags and tokens[i].reading is None and kept and kept[-1].reading is not None:
                _absorb(kept, tokens[i:])
                break
            kept.append(tokens[i])
            i += 1
            continue
        close = next((k for k in range(i, len(tokens)) if _depth(tokens[i:], k - i + 1) == 0), None)
        if close is None:
            i += 1
            continue
        inner = tokens[i + 1 : close]
        i = close + 1
        _bracket(kept, inner, clause)
    return kept


def _bracket(kept: list[Token], inner: list[Token], clause: Clause) -> None:
    """Apply one bracket to the tokens before it."""
    if not inner:
        return
    if "exception" in inner[0].tags and (place := _last_item(kept)) is not None and _speaks(inner[1:]):
        exceptions = _coordinated(inner[1:], clause._replace(polarity=Polarity.EXCLUSION, alternatives=True))
        last = kept[place]
        assert last.reading is not None
        kept[place] = last._replace(reading=with_exceptions(last.reading, exceptions))
    elif all("window" in t.tags or "filler" in t.tags or "when" in t.tags for t in inner):
        kept.extend(t for t in inner if "window" in t.tags)
    elif (changed := _relaxed(kept, inner, clause)) is not None:
        kept[-1] = changed
    elif inner[0].tags.get("connective") == "or" and kept:
        kept.append(inner[0])
        kept.append(Token(inner[1].start, inner[-1].end, {}, _negated(inner[1:], clause))) if inner[1:] else None
    elif "example" in inner[0].tags or _renames(inner, clause):
        _absorb(kept, inner)
    elif _has_item(inner):
        reading = _negated(inner, clause)
        kept.append(Token(inner[0].start, inner[-1].end, {}, reading))
    else:
        kept.extend(inner)


def _relaxed(kept: list[Token], inner: list[Token], clause: Clause) -> Token | None:
    """`≤ 2.5 × ULN (≤ 5 × ULN if liver metastases are present)`: another bound under a condition."""
    if not kept or kept[-1].reading is None or not _is_bound(kept[-1]):
        return None
    bound = next((i for i, token in enumerate(inner) if _is_bound(token)), None)
    if bound is None:
        return None
    rest = _trimmed([token for token in (*inner[:bound], *inner[bound + 1 :]) if "condition" not in token.tags])
    new, old = inner[bound].reading, kept[-1].reading
    if (
        not _has_item(rest)
        or new is None
        or {type(leaf) for leaf in leaves(new)} != {type(leaf) for leaf in leaves(old)}
    ):
        return None
    when = _negated(rest, clause)
    return kept[-1]._replace(end=inner[-1].end, reading=If(when=when, then=new, otherwise=old))


def _is_bound(token: Token) -> bool:
    return token.reading is not None and all(isinstance(leaf, _NUMERIC) for leaf in leaves(token.reading))


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
        kept[-1] = kept[-1]._replace(end=inner[-1].end, reading=spanning(reading, inner[-1].end))
    else:
        kept.extend(token._replace(reading=None) for token in inner)


def _renames(inner: list[Token], clause: Clause) -> bool:
    """`(HIV)`, `(GVHD)`: an abbreviation or a synonym of what stands before."""
    if any(isinstance(t.reading, _NUMERIC) for t in inner):
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


def _has_item(tokens: list[Token]) -> bool:
    return any(token.reading is not None for token in tokens)


def _depth(tokens: list[Token], i: int) -> int:
    """How many brackets are open before token `i`."""
    return sum((sign_of(t) in _OPEN) - (sign_of(t) in _CLOSE) for t in tokens[:i])


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Without punctuation and connectives at either end."""
    while (
        tokens
        and tokens[0].reading is None
        and (sign_of(tokens[0]) in (",", ".", ":", "-", "*") or "connective" in tokens[0].tags)
    ):
        tokens = tokens[1:]
    while (
        tokens
        and tokens[-1].reading is None
        and (sign_of(tokens[-1]) in (",", ".", ":", "-", ";") or "connective" in tokens[-1].tags)
    ):
        tokens = tokens[:-1]
    return tokens


def _unparsed(tokens: list[Token], clause: Clause) -> Unparsed:
    return Unparsed(text=clause.words(tokens), span=clause.span(tokens))
