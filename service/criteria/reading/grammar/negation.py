"""How far a negation reaches: `no A, B or C`, `non-diabetic`, `without A and with B`."""

import re

from service.criteria.reading.grammar.cases import subjects
from service.criteria.reading.tokens.clause import Clause, has_item, is_bound, is_small, speaks
from service.criteria.reading.tokens.lex import Token, sign_of
from service.criteria.tree import leaves
from service.schemas.criterion import Polarity
from service.schemas.expression import (
    Age,
    Allergy,
    Attestation,
    Biomarker,
    ConditionIs,
    Expression,
    Measurement,
    Pregnancy,
    ScaleScore,
    SexIs,
    TobaccoIs,
    TreatmentIs,
)

LACKING = re.compile(
    r"(?:(?:do|does|did|must|should|may)\s+not\s+have|(?:has|have|had|with)\s+no|not\s+having|without|absence\s+of|lack\s+of|lacking"
    r"|free\s+(?:of|from)|devoid\s+of|no)(?:\s+(?:any|known|(?:clinical\s+)?evidence\s+of|(?:signs?|symptoms)\s+of))*"
)
_SAID = re.compile(r"\w")
_PLAINLY = re.compile(r"(?:no|not|without|never)\b")
_CLAIMED = (ConditionIs, TreatmentIs, Allergy, Pregnancy, TobaccoIs, Biomarker, Measurement, ScaleScore)
_PERSONAL = (Age, SexIs, Attestation)
FORBIDDEN = re.compile(r"(?:must|should|shall|may)\s*not\b")


def denied_by(negation: Token, clause: Clause) -> Clause:
    """What the negation reaches over: alternatives, none of which is so."""
    lacked = bool(LACKING.fullmatch(clause.text[negation.start : negation.end].lower()))
    return clause._replace(polarity=Polarity.EXCLUSION, alternatives=True, lacked=lacked)


def denies(tokens: list[Token], i: int) -> bool:
    """`non-diabetic` denies; `non-topical steroids` are steroids still, `no or mild disease` is no denial of it."""
    if i + 1 < len(tokens) and "connective" in tokens[i + 1].tags and tokens[i + 1].reading is None:
        return False
    if tokens[i].tags.get("word") != "non":
        return True
    if i + 1 == len(tokens) or tokens[i + 1].reading is None:
        return False
    behind = tokens[i + 2].tags if i + 2 < len(tokens) else {"sign": ","}
    return bool({"sign", "person", "connective", "sex"} & behind.keys()) and not isinstance(
        tokens[i + 1].reading, TreatmentIs
    )


def behind_item(tokens: list[Token], start: int) -> int:
    """`non-diabetic patients with AKI`: the hyphen denies only the word it stands before."""
    return next((i + 1 for i in range(start, len(tokens)) if tokens[i].reading is not None), len(tokens))


def restates(tokens: list[Token], i: int, clause: Clause) -> bool:
    """`Must not have received X` among what excludes: the list has already said no."""
    words = clause.text[tokens[i].start : tokens[i].end].lower()
    is_first = not speaks([t for t in tokens[:i] if "person" not in t.tags and not isinstance(t.reading, SexIs)])
    return (
        clause.polarity is Polarity.EXCLUSION and not clause.alternatives and is_first and bool(FORBIDDEN.match(words))
    )


def opens_with_denial(negation: Token, clause: Clause) -> bool:
    """`No history of seizures` as an item of what excludes: some lists say no again, others mean it."""
    if clause.polarity is not Polarity.EXCLUSION or clause.alternatives or _SAID.search(clause.text[: negation.start]):
        return False
    return bool(_PLAINLY.match(clause.text[negation.start : negation.end].lower()))


def claims_something(denied: Expression) -> bool:
    """Whether it is of a disease, a therapy or a value; nobody excludes those who give their consent."""
    kinds = {type(leaf) for leaf in leaves(denied)}
    return not kinds.isdisjoint(_CLAIMED) and kinds.isdisjoint(_PERSONAL)


def scope_end(tokens: list[Token], start: int) -> int:
    """Where the negation's reach ends; in `≤ 3 without metastases or ≤ 5 with them`, before the second limit."""
    limited = any(map(_is_limit, tokens[: start - 1]))
    for i in range(start, len(tokens)):
        if tokens[i].tags.get("word") in ("but", "however") or "negation" in tokens[i].tags:
            return _before_joint(tokens, start, i)
        reading = tokens[i].reading
        if isinstance(reading, Age) and i > start:
            return i
        if reading is None or i == start or isinstance(reading, ConditionIs | TreatmentIs):
            continue
        joint = _joint_before(tokens, i)
        if tokens[joint].tags.get("connective") == "and" and (joint == i - 1 or _is_limit(tokens[i])):
            return joint
        if _is_limit(tokens[i]) and has_item(tokens[start:i]) and (limited or is_listed_loosely(tokens, start, i)):
            return _before_joint(tokens, start, i)
    return len(tokens)


def is_listed_loosely(tokens: list[Token], start: int, i: int) -> bool:
    """`no heart disease, LVEF ≥ 40 %`, `no stroke, BP > 160`: a mere comma joins a limit to what is denied.

    Whether the limit is denied too, the words do not tell.
    """
    if not _is_limit(tokens[i]) or not has_item(tokens[start:i]):
        return False
    before = tokens[_joint_before(tokens, i) : i]
    joined = any("connective" in t.tags for t in before) or not any(sign_of(t) == "," for t in before)
    return not joined and not any(t.tags.get("connective") in ("or", "and_or") for t in tokens[start:])


def _joint_before(tokens: list[Token], i: int) -> int:
    """The token right before `i`, small words aside."""
    return next((k for k in range(i - 1, 0, -1) if not is_small(tokens[k]) and "comparator" not in tokens[k].tags), 0)


def _is_limit(token: Token) -> bool:
    """An item of bounds with numbers."""
    return is_bound(token) and token.reading is not None and bool(subjects(token.reading))


def _before_joint(tokens: list[Token], start: int, end: int) -> int:
    """Where the connectives and commas before `end` begin."""
    while end > start and ("connective" in tokens[end - 1].tags or sign_of(tokens[end - 1]) == ","):
        end -= 1
    return end
