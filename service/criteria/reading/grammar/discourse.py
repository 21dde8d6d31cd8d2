"""Sentences of one criterion → one expression, by what each of them does."""

from collections.abc import Callable

from service.criteria.reading.grammar.speech import Speech, speech_of
from service.criteria.reading.tokens.clause import Clause, held_open
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, disjunction, leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import Expression, Not, Unparsed

Read = Callable[[list[Token], Clause], Expression]


def told(sentences: list[list[Token]], clause: Clause, read: Read) -> Expression:
    """All that the sentences state together; what may loosen or tighten it leaves it open."""
    speeches = [speech_of(normal(clause.words(part)), first=not i) for i, part in enumerate(sentences)]
    asks = clause.polarity is Polarity.INCLUSION
    spoken = [
        (_asked if asks else _barred)(part, speech, clause, read)
        for part, speech in zip(sentences, speeches, strict=True)
    ]
    stated = [(one, speech) for one, speech in zip(spoken, speeches, strict=True) if speech not in _LOOSE]
    if asks and speeches[0] is not Speech.RELAXES and stated:
        loose = [one for one, speech in zip(spoken, speeches, strict=True) if speech is Speech.RELAXES]
        body = conjunction([one for one, _ in stated])
        body = disjunction([body, *loose]) if loose else body
    elif asks or not stated:
        return held_open([token for part in sentences for token in part], clause)
    else:
        limits = [one for one, speech in zip(spoken, speeches, strict=True) if speech is Speech.RELAXES]
        body = conjunction([_either(stated), *limits])
    notes = [one for one, speech in zip(spoken, speeches, strict=True) if speech is Speech.COMMENTS]
    return conjunction([disjunction([body, *notes]), *notes]) if notes else body


_LOOSE = frozenset({Speech.RELAXES, Speech.COMMENTS})


def _asked(part: list[Token], speech: Speech, clause: Clause, read: Read) -> Expression:
    """In an inclusion: what must be so, or what must not be."""
    if speech in _LOOSE:
        return held_open(part, clause)
    if speech is Speech.EXCLUDES:
        barred = read(part, clause._replace(polarity=Polarity.EXCLUSION))
        return held_open(part, clause) if isinstance(barred, Not) else Not(of=barred)
    return read(part, clause)


def _barred(part: list[Token], speech: Speech, clause: Clause, read: Read) -> Expression:
    """In an exclusion: what must not be so; what somebody must do, or may, is no reason to be told here."""
    if speech in _LOOSE or speech is Speech.OBLIGES:
        return held_open(part, clause)
    return read(part, clause)


def _either(stated: list[tuple[Expression, Speech]]) -> Expression:
    """Each sentence excludes by itself; one that was not read may limit the first, unless it asks for something."""
    (first, _), *others = stated
    further = [one for one, _ in others]
    limits = [
        one
        for one, speech in others
        if speech is not Speech.OBLIGES and any(isinstance(leaf, Unparsed) for leaf in leaves(one))
    ]
    return disjunction([conjunction([first, *limits]), *further])
