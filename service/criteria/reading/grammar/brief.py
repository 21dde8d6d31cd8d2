"""Requirements of a word or two: those that ask nothing, and those that only say how old somebody is."""

import re

from service.criteria.reading.words.normal import normal
from service.schemas.criterion import Polarity
from service.schemas.expression import Age, AllOf, AnyOf, Expression
from service.schemas.quantity import Range
from service.schemas.text import Span

_NONE = (
    r"(?:none|nil|n/a|not(?=\s+(?:specified|stated|applicable))|no\s+(?:other\s+)?exclusion\s+criteria)"
    r"(?:\s+(?:specified|stated|noted|applicable))?\W*"
)
_EITHER_SEX = (
    r"(?:(?:patients?|subjects?|participants?|adults?)\s+)?(?:of\s+)?(?:(?:sex|gender)\W+all|(?:both|either|any|all)\s+(?:sex|sexes|gender|genders))"
    r"(?:\s+(?:will\s+be\s+|are\s+)?(?:included|eligible|allowed))?\W*"
)
_WHO = r"(?:(?:the|a|an|any|all|patients?|subjects?|participants?|is|are|be|must)\s+)*"
_PERSONS = r"(?:\s+(?:patients?|subjects?|participants?|individuals?|persons?|population))?\W*"
_ADULTS = rf"{_WHO}(?:adults?|of\s+legal\s+age){_PERSONS}"
_MINORS = rf"{_WHO}(?:minors?|children|underage|pa?ediatrics?){_PERSONS}"
_SORTS = re.compile(rf"\W*(?:(?P<none>{_NONE})|(?P<sex>{_EITHER_SEX})|(?P<adults>{_ADULTS})|(?P<minors>{_MINORS}))")
BRIEF = 60
"""Characters of the longest of them."""

_ADULT_YEARS = 18.0
"""As the registry counts: a child is anybody younger."""


def of_few_words(words: str, polarity: Polarity) -> Expression | None:
    """What a requirement of such words states; None for any other."""
    told = _SORTS.fullmatch(normal(words))
    sort = told.lastgroup if told else None
    if sort == "none":
        return AllOf(of=()) if polarity is Polarity.INCLUSION else AnyOf(of=())
    if sort == "sex":
        return AllOf(of=()) if polarity is Polarity.INCLUSION else None
    span = Span(0, len(words))
    if sort == "adults":
        return Age(range=Range(low=_ADULT_YEARS, unit="a"), span=span)
    if sort == "minors":
        return Age(range=Range(high=_ADULT_YEARS, high_inclusive=False, unit="a"), span=span)
    return None
