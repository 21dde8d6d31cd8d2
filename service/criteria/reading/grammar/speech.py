"""What a sentence does: states what must be so, lets somebody in all the same, shuts somebody out, asks, comments."""

import re
from enum import Enum

from service.criteria.reading.words.stems import Stems


class Speech(Enum):
    """STATES is what most sentences do; RELAXES and COMMENTS change what others state."""

    __hash__ = object.__hash__  # Enum's own hashes the name anew each time it is looked for in a set

    STATES = "states"
    RELAXES = "relaxes"
    EXCLUDES = "excludes"
    OBLIGES = "obliges"
    COMMENTS = "comments"


_COMMENTS = re.compile(r"\W*(?:note|notes|nb|n\.b|remarks?|comments?|nota bene|see|refer to|for example|e\.g)\b")
_DEFINES = re.compile(
    r"\b(?:is|are)\s+(?:hereby\s+|further\s+)?defined\s+(?:as|by)\b|\bwould\s+be\s+considered\b|\bdefinition\s+of\b"
)
_IN = r"(?:includ\w+|enrol\w*|participat\w*|recruited|entered|enter|considered|admitted|join)"
_EXCLUDES = re.compile(
    r"\b(?:not|never|nor|no\s+longer|cannot)\s+(?:\w+\s+){0,2}?(?:eligible(?!\s+for)|allowed|permitted|acceptable|permissible|"
    + _IN
    + r"\b)|(?<!them )(?<!patient )(?<!subject )(?<!participant )"
    r"\b(?:excluded|ineligible(?!\s+for)|exclusionary|prohibited|forbidden|disallowed)\b"
)
_ALLOWED = re.compile(
    r"\b(?:is|are|be|were|also|remain\w*)\s+(?:\w+\s+)?(?:allowed|permitted|acceptable|permissible|tolerated|waived|optional|exempt\w*)\b"
    r"|\b(?:may|can|could)\s+(?:also\s+|still\s+|be\s+)*" + _IN + r"\b"
    r"|\balso\s+(?:be\s+)?(?:eligible|included)\b|\bnot\s+(?:be\s+)?(?:\w+\s+)?(?:required|necessary|mandatory|needed|compulsory|exclu\w+|considered|count\w*)\b|\bneed\s+not\b"
    r"|\bdo(?:es)?\s+not\s+(?:need|require|exclude|preclude|constitute|apply|count)\b|\b(?:regardless|irrespective)\s+of\b"
    r"|\beligible\b[^.;]{0,40}\b(?:if|provided|as\s+long|unless|when|only)\b|\bexceptions?\s+(?:is|are|will|may|can)\b|^\W*exceptions?\b"
)
_ALSO = re.compile(r"\b(?:eligible(?!\s+for)|included)\b")
_OBLIGES = re.compile(
    r"(?<!who\s)(?<!that\s)\b(?:must|should|shall|(?:is|are|be)\s+required\s+to)\b(?!\s*(?:not|never|be\s+excluded|n't))"
)


PATTERNS = {"allows": _ALLOWED, "excludes": _EXCLUDES, "also": _ALSO, "obliges": _OBLIGES}
STEMS = Stems({
    "allows": (
        "allowed", "permitted", "acceptable", "permissible", "tolerated", "waived", "optional", "exempt", "includ",
        "enrol", "participat", "recruited", "enter", "considered", "admitted", "join", "eligible", "requir",
        "necessary", "mandatory", "need", "compulsory", "exclu", "count", "preclude", "constitute", "apply",
        "regardless", "irrespective", "exception",
    ),
    "excludes": (
        "eligible", "allowed", "permitted", "acceptable", "permissible", "includ", "enrol", "participat", "recruited",
        "enter", "considered", "admitted", "join", "exclu", "prohibited", "forbidden",
    ),
    "also": ("eligible", "included"),
    "obliges": ("must", "should", "shall", "required"),
})  # fmt: skip
_TOLD = (
    ("allows", Speech.RELAXES), ("excludes", Speech.EXCLUDES), ("also", Speech.RELAXES), ("obliges", Speech.OBLIGES)
)  # fmt: skip


def speech_of(folded: str, first: bool) -> Speech:
    """From the normalised words of a sentence; `first` of its criterion, `X are eligible` states what is asked."""
    if _COMMENTS.match(folded) or (not first and _DEFINES.search(folded)):
        return Speech.COMMENTS
    hinted = STEMS.of(folded)
    for key, speech in _TOLD:
        if key in hinted and not (first and key == "also") and PATTERNS[key].search(folded):
            return speech
    return Speech.STATES
