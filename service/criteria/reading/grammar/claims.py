"""Names that a sentence mentions without saying that the patient has them, or has had them.

Whoever is `willing to taper off corticosteroids` need not take any, a `tumor amenable to biopsy` need not be biopsied,
and prior surgery that patients `may have had` is no requirement. Held against a record that lists no such thing, the
name alone would keep patients out. So what is promised, judged possible or permitted stays as unread words.
"""

import re
from bisect import bisect_right
from functools import cached_property

from service.criteria.reading.attested.attestations import about, attested
from service.criteria.reading.attested.circumstances import CIRCUMSTANCE_STEMS
from service.criteria.reading.tokens.clause import Clause
from service.criteria.reading.words.normal import normal
from service.criteria.tree import Told, leaves, mapped_as_told
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    ConditionIs,
    Expression,
    Timing,
    TreatmentIs,
    Unparsed,
)
from service.schemas.text import Span

_NAMED = (ConditionIs, TreatmentIs)
_PROMISES = (
    r"(?:un)?willing\w*|agree(?:s|ing|ment)?\s+(?:to|not)|commit\w*\s+to|consent(?:s|ing)?\s+to\s+(?!take\s+part|participat|the\s+(?:study|trial))|accept\w*\s+to|refus\w+|declin\w+\s+to"
    r"|(?:un)?able\s+to|(?:in)?ability\s+(?:to|for)|(?:in)?capable\s+of|(?:in)?eligib\w+\s+(?:for|to)|amenable|fit\s+(?:for|to)"
    r"|access\s+to|guidelines?\s+(?:for|on|of)|switch\w*\s+(?:from|to)|taper\w*|refrain\w*|abstain\w*|forgo\w*|instructed\s+to|asked\s+to|advised\s+to|allowing|permitting|enabling|(?:expected|scheduled|intend\w*)\s+to"
)
_PROMISED = re.compile(rf"\b(?:{_PROMISES})\b")
_CAUSE = re.compile(
    rf"\b(?:{_PROMISES})\b[^;]*\b(?:due\s+to|because\s+of|owing\s+to|e\.?\s?g\.?|such\s+as|for\s+example)\s[^.;]*\Z"
)
"""Why somebody is unable, `e.g. due to dementia or alcoholism`: neither is a reason by itself."""
_MAY_HAVE = re.compile(
    r"\b(?:may|might|can|could)\s+(?:also\s+|still\s+)?(?:have|be|receive|take|continue|use|undergo)\b"
)
_PERMITTED = re.compile(
    r"(?:\b(?:is|are|be)\s+(?:also\s+)?(?:allowed|permitted|acceptable|eligible|not\s+(?:excluded|exclusionary))|\bmust\s+(?:be\s+|have\s+(?:been\s+)?)?(?:stop|discontinu|complet|finish|end)\w*|,?\s*if\s+(?:any|present|applicable|used))\b"
)
_BOUNDARY = (
    r"(?=[\s.;:,abo])(?:[.;:](?=\s)"  # nothing else begins one
    r"|\s(?=w)(?:(?=who\b)|(?<!treated\s)(?<!treatment\s)(?<!therapy\s)(?<!comply\s)(?<!complying\s)(?<!compliance\s)(?=with(?:out)?\b))"
    r"|(?:,|\b(?:and|but|or))\s+(?=(?:must\s+|should\s+|also\s+)*(?:ha(?:ve|s|d)|having|is|are|was|were|be|meets?|diagnos\w+|histor\w+|document\w+"
    r"|confirm\w+|presence|evidence|known|current\w*|receiv\w+|aged?)\b))"
)
_ANEW = {
    Polarity.INCLUSION: re.compile(_BOUNDARY),
    Polarity.EXCLUSION: re.compile(rf"{_BOUNDARY}|,"),  # a list of reasons, each by itself
}
"""Where something is said anew, and a promise before it ends."""
_QUALIFIED_TOGETHER = re.compile(
    r" ?(?:/ ?(?:[\w-]{1,30} ){1,3}|,? ?or )"
    r"(?:(?:condition|situation|circumstance|disorder|reason)s?,? )?(?:that|which)\b"
)
"""`Psychiatric illness/social situations that would limit compliance`: neither by itself."""
_OF_RELATIVES = re.compile(
    r"\s+(?:in|among|of)\s+(?:(?:a|an|the|their|his|her|any|one|or|more)\s+)*"
    r"(?:(?:first|second|1st|2nd)[\s-]degree|family|relatives?|siblings?|parents?|mother|father|brother|sister)\b"
)
"""`diabetes in a first-degree relative` is none of the patient's."""

_EITHER_WAY = re.compile(
    r"\b(?:with(?:\s+(?:and|or|and/or)\s+|/)without|without(?:\s+(?:and|or|and/or)\s+|/)with)\b[^.;]*\Z"
)
_ELAPSED = re.compile(
    r"\b(?:elapsed|since|wash(?:ed)?-?\s?out|(?:post|after)\s+(?:the\s+)?last)\b"
    r"|\A\W*(?:at\s+least\s+)?\d+\s+(?:day|week|month)s?\s+(?:for|from|post|after)\b"
)
_CIRCUMSTANCES = CIRCUMSTANCE_STEMS.keys() | {"measurable_disease"}


def claimed(node: Expression, clause: Clause) -> Expression:
    """The tree of a sentence, with words for the names that it does not claim."""
    if not any(type(leaf) in _NAMED for leaf in leaves(node)):
        return node
    said = _Sentence(clause)

    def change(leaf: Expression, told: Told) -> Expression:
        if told is Told.SUPPOSED or not isinstance(leaf, ConditionIs | TreatmentIs):
            return leaf
        return said.claimed(leaf, denied=told is Told.DENIED)

    return mapped_as_told(node, change)


class _Sentence:
    """What stands before and behind a name, as far as it is said of it."""

    def __init__(self, clause: Clause) -> None:
        self._text, self._folded, self._polarity = clause.text, normal(clause.text), clause.polarity

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where its parts start and end."""
        anew = list(_ANEW[self._polarity].finditer(self._folded))
        return [0, *(found.end() for found in anew)], [*(found.start() for found in anew), len(self._folded)]

    def claimed(self, leaf: ConditionIs | TreatmentIs, *, denied: bool) -> Expression:
        """The leaf where the patient is said to have it; else its words, an attestation where they speak of one."""
        if leaf.span is None:
            return leaf
        words = leaf.span.of(self._text)
        key = about(normal(words)) if leaf.concept is None else None
        if key in _CIRCUMSTANCES:
            return attested(key, words, leaf.span)
        return leaf if self._claims(leaf, leaf.span, denied=denied) else Unparsed(text=words, span=leaf.span)

    def _claims(self, leaf: ConditionIs | TreatmentIs, span: Span, *, denied: bool) -> bool:
        """A plan says of itself that it is none of the record's."""
        if isinstance(leaf, TreatmentIs) and leaf.timing is Timing.PLANNED:
            return True
        if _OF_RELATIVES.match(self._folded, span.end):
            return False
        starts, ends = self._bounds
        place = bisect_right(starts, span.start) - 1
        named = self._folded.find(normal(leaf.name), span.start, span.end) if leaf.concept is not None else -1
        until = self._folded[starts[place] : span.end if named < 0 else named]
        behind = self._folded[span.end : max(span.end, ends[place])]
        if leaf.concept is not None and "contraindicat" in until:
            return False
        if _PROMISED.search(until) or any(said.search(self._folded, 0, span.start) for said in (_CAUSE, _EITHER_WAY)):
            return False
        if self._polarity is Polarity.EXCLUSION:
            return not _QUALIFIED_TOGETHER.match(self._folded, span.end)
        if _MAY_HAVE.search(until) or _PERMITTED.search(behind) or self._is_topic(leaf, span):
            return False
        ended = leaf.window is not None and leaf.window.after is not None
        return denied or isinstance(leaf, ConditionIs) or not (ended or _ELAPSED.search(until))

    def _is_topic(self, leaf: ConditionIs | TreatmentIs, span: Span) -> bool:
        """`HIV: negative HIV serology`."""
        colon, told = self._folded[span.end : span.end + 1], self._folded[span.end + 1 :]
        return colon == ":" and normal(leaf.name) in told
