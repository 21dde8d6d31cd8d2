"""Labels that limits stand behind: `Adequate renal function: creatinine ≤ 1.5 × ULN` asks for the limit, no more."""

import re

from service.criteria.reading.tokens.clause import is_bound
from service.criteria.reading.tokens.lex import Token
from service.criteria.reading.words.normal import normal

_ORGAN = (
    r"(?:(?:end-?\s?)?organ|liver|hepatic|renal|kidney|cardiac|heart|cardiovascular|ha?ematolog\w+|ha?ematopoietic|bone[\s-]marrow|marrow"
    r"|coagulation|clotting|pulmonary|lung|respiratory|thyroid|pancreatic|metabolic|blood|laboratory|biochemi\w+)"
)
_KIND = (
    r"(?:functions?|functional|reserve|parameters?|values?|status|tests?|indices|index(?:es)?|profile|system|counts?|chemistry|routine"
    r"|examinations?|results?|criteria|requirements?|levels?)"
)
_GOOD = (
    r"(?:adequate|normal|acceptable|sufficient|good|satisfactory|appropriate|preserved|required|initial|baseline|basic|main|major"
    r"|important)"
)
_TOLD = (
    r"(?:(?:is|are|as|be|must\s+be)\s+)*(?:defined|evidenced|indicated|determined|demonstrated|documented|shown|assessed|measured)\s+(?:as|by|with)\b"
    r"|as\s+follows|with\b|based\s+on|including|i\.?\s?e\.?|(?:meets?|meeting)\s+(?:the\s+)?following(?:\s+\w+)?|the\s+following(?:\s+\w+)?|[:,(\-]"
)
_LABEL = re.compile(
    r"\W*(?:(?:patients?|subjects?|participants?|must|should|shall|with|have|has|having|who)\s+)*"
    rf"(?:{_GOOD}\s+(?:and\s+)?)*{_ORGAN}(?:\s*(?:,|/|&|\band\b|\bor\b)+\s*{_ORGAN})*(?:\s+{_KIND})*(?:\s+(?:at|during)\s+(?:screening|baseline))?\s*"
    rf"(?:(?:{_TOLD})\s*)+"
)


def read_labels(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with such a label as words that say nothing, if a limit stands right behind it."""
    label = _LABEL.match(normal(text))
    behind = next((t for t in tokens if label and t.start >= label.end() and t.reading is not None), None)
    if label is None or behind is None or not is_bound(behind):
        return tokens
    if any(is_bound(t) for t in tokens if t.start < label.end()):
        return tokens
    return [_silent(t) if t.end <= label.end() and t.tags.get("sign") not in ("(", "[") else t for t in tokens]


def _silent(token: Token) -> Token:
    return Token(token.start, token.end, {"filler": "filler"})
