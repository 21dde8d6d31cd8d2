"""Eligibility text → criteria: split into requirements, each read by itself, nothing dropped."""

import hashlib

from service.criteria.reading.grammar.beside import of_lines_beside
from service.criteria.reading.grammar.impossible import of_each_sex
from service.criteria.reading.lines.split import Requirement, split
from service.criteria.reading.requirement import expression_of
from service.criteria.registry import registry_criteria
from service.criteria.tree import coverage
from service.schemas.criterion import Criterion
from service.schemas.text import Span
from service.schemas.trial import Trial

COMPILER_VERSION = "4"


def compile_text(text: str) -> tuple[Criterion, ...]:
    """The criteria of an eligibility text, in order. Total: never raises, whatever the text."""
    seen: dict[str, int] = {}
    read = [_criterion(text, requirement, seen) for requirement in split(text)]
    return tuple(of_each_sex([*of_lines_beside(text, read)]))


def compile_trial(trial: Trial) -> tuple[Criterion, ...]:
    """The registry's own fields first, then the criteria of the text."""
    text = trial.eligibility.criteria if trial.eligibility else None
    return (*registry_criteria(trial), *compile_text(text or ""))


def _criterion(text: str, requirement: Requirement, seen: dict[str, int]) -> Criterion:
    words = text[requirement.start : requirement.end]
    expression = expression_of(text, requirement)
    return Criterion(
        id=_identity(requirement, words, seen),
        polarity=requirement.polarity,
        text=words,
        expression=expression,
        coverage=coverage(expression),
        span=Span(requirement.start, requirement.end),
        path=requirement.path,
    )


def _identity(requirement: Requirement, words: str, seen: dict[str, int]) -> str:
    """Stable for the same words in the same trial; the second of two equal ones ends in `.2`."""
    key = f"{requirement.polarity.value}\n{' '.join(words.lower().split())}"
    base = f"{requirement.polarity.value[:3]}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    seen[base] = seen.get(base, 0) + 1
    return base if seen[base] == 1 else f"{base}.{seen[base]}"
