"""How a rule says what it found: a severity, a code, and the places it is about."""

from collections.abc import Callable, Iterator

from service.schemas.criterion import Criterion
from service.schemas.issue import Issue, IssueSeverity, Place
from service.schemas.text import Span
from service.schemas.trial import Trial

Found = Iterator[Issue]
Rule = Callable[[Trial, tuple[Criterion, ...]], Found]
CRITERIA = "/eligibility/criteria"
LONGEST_QUOTE = 300


def error(code: str, message: str, *places: Place) -> Issue:
    """The record cannot be used as it stands."""
    return Issue(code=code, severity=IssueSeverity.ERROR, message=message, places=places)


def warning(code: str, message: str, *places: Place) -> Issue:
    """Two places disagree, or one cannot mean what it says."""
    return Issue(code=code, severity=IssueSeverity.WARNING, message=message, places=places)


def information(code: str, message: str, *places: Place) -> Issue:
    """Worth knowing; the record may be right."""
    return Issue(code=code, severity=IssueSeverity.INFORMATION, message=message, places=places)


def field(pointer: str, text: object = None) -> Place:
    """A member of the trial and what it says."""
    return Place(pointer=pointer, text=None if text is None else quote(str(text)))


def words(criterion: Criterion, span: Span | None = None) -> Place:
    """A criterion's sentence, or the part of it that is meant."""
    return Place(pointer=CRITERIA, text=quote(span.of(criterion.text) if span else criterion.text))


def quote(text: str) -> str:
    """The words on one line, cut to a length that is still read."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
