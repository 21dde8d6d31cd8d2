"""Whom a heading or a label speaks of: everybody, one sex, or only some whom nothing in the text tells apart."""

import re
from enum import Enum

from service.criteria.reading.words.normal import normal
from service.criteria.tree import conjunction, disjunction
from service.schemas.criterion import Polarity
from service.schemas.expression import Expression, If, SexIs, Unparsed
from service.schemas.patient import Sex
from service.schemas.text import Span


class Whom(Enum):
    """SOME are a cohort, a part, an arm, those with a disease: `Part B:`, `For patients with diabetes:`."""

    MEN = "men"
    WOMEN = "women"
    SOME = "some"


_ALL = re.compile(
    r"\W*(?:for|in|among)?\s*(?:inclusion|enrol\w*|entry|eligib\w*|participation|this|the\s+(?:study|trial|purpose)|(?:all|both|each|every|any)\b"
    r"|addition\b|order\b|general\b|particular\b|patients?\s+(?:must|should|with\s+the\s+following|who\s+meet)|(?:subjects|participants|patients)\s+to\s+be)"
)
_COHORT = re.compile(
    r"\W*(?:for\s+|in\s+|only\s+)?(?:the\s+)?(?:\w+\s+){0,2}?(?:sub-?stud(?:y|ies)|parts?|cohorts?|arms?|groups?|phases?|strat(?:um|a)|steps?|expansion|stage|modules?"
    r"|risk(?:\s+group)?|dose[\s-]+(?:escalation|expansion|confirmation))\b(?:\s+(?:[a-h]|[ivx]+|\d+)[a-h]?\b|\s+cohorts?\b|[^.;]{0,40}\bonly\b)"
)
_CASE = re.compile(
    r"\W*(?:for|in|if|when|where|only|among|with\s+regard\s+to|in\s+case\s+of)\s+(?:the\s+)?(?:\w+\s+){0,4}?"
    r"(?:patients?|subjects?|participants?|adolescents?|children|adults?|infants?|mothers?|those|persons?|individuals?|volunteers?|cases|people|controls?|cohorts?)\b"
)
_WOMEN = re.compile(
    r"\W*(?:for\s+|in\s+|all\s+)?(?:the\s+)?(?:females?|wom[ae]n|girls?)(?:\s+(?:patients?|subjects?|participants?|volunteers?))?(?:\s+only)?\W*$"
)
_MEN = re.compile(
    r"\W*(?:for\s+|in\s+|all\s+)?(?:the\s+)?(?:males?|m[ae]n|boys?)(?:\s+(?:patients?|subjects?|participants?|volunteers?))?(?:\s+only)?\W*$"
)
_PEOPLE = re.compile(
    r"\W*(?:(?:non-?\s*|healthy\s+|control\s+|male\s+|female\s+|pregnant\s+|adult\s+|pa?ediatric\s+|\w+(?:ic|al|ous|ed)\s+){1,3}"
    r"(?:patients?|subjects?|participants?|volunteers?|controls?|wom[ae]n|m[ae]n|individuals?|group|children|adults?)"
    r"|controls?|children|adolescents?|adults?|infants?|pa?ediatrics?|females?\b[^:;.]{0,60}|males?\b[^:;.]{0,60}|wom[ae]n\b[^:;.]{0,60}|m[ae]n\b[^:;.]{0,60})\W*$"
)
_MAYBE = re.compile(
    r"\b(?:eligible|allowed|permitted|acceptable|enrol\w*)\b[^.;]{0,40}\b(?:if|provided|when|only|as\s+long)\b|\bare\s+allowed\b"
)
_POTENTIAL = re.compile(r"child-?\s?bearing|reproductive")
_LABEL = re.compile(r"([^:.;,(]{2,50}):\s")
_DASHED = re.compile(r"(?:part|cohort|arm|group|phase|stratum)\s+\w{1,4}\s*(?:[–—-]\s|\()", re.IGNORECASE)


def whom(heading: str) -> Whom | None:
    """From a heading's words; None for everybody."""
    folded = normal(heading).strip(" :-*")
    if _ALL.match(folded):
        return None
    if _WOMEN.match(folded):
        return Whom.WOMEN
    if _MEN.match(folded):
        return Whom.MEN
    some = _COHORT.match(folded) or _CASE.match(folded) or _PEOPLE.match(folded) or _MAYBE.search(folded)
    return Whom.SOME if some else None


def labelled(words: str) -> Whom | None:
    """From the label that a requirement begins with: `Part B: age ≥ 60`, `Cohort 2 (melanoma)`."""
    if _DASHED.match(words):
        return Whom.SOME
    label = _LABEL.match(words) if ":" in words else None
    return whom(label[1]) if label and not _POTENTIAL.search(label[1].lower()) else None


def asked_of(expression: Expression, asked: Whom | None, polarity: Polarity, words: str) -> Expression:
    """Of others nothing is asked; whom nothing tells apart, the expression can let in or keep out, not the contrary."""
    if asked is None:
        return expression
    if asked is Whom.SOME:
        unread = Unparsed(text=words, span=Span(0, len(words)))
        return (
            disjunction([expression, unread]) if polarity is Polarity.INCLUSION else conjunction([expression, unread])
        )
    one = SexIs(sex=Sex.MALE if asked is Whom.MEN else Sex.FEMALE, span=Span(0, 0))
    if polarity is Polarity.EXCLUSION:
        return conjunction([one, expression])
    return If(when=one, then=expression)
