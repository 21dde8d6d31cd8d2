"""Names that the vocabulary lacks but whose form tells what they are: `hemodynamic instability`, `knee surgery`."""

from functools import lru_cache

from service.criteria.reading.tokens.lex import Token, Value, sign_of
from service.criteria.reading.words.lexicon import WORDS

_DISEASE = tuple(
    """
    itis osis oses oma omas emia aemia uria pathy pathies algia plegia trophy penia rrhea rrhoea rrhage sclerosis
    stenosis ectasis megaly phobia plasia ptosis opia uresis paresis lepsy philia cytosis iasis
    """.split()  # noqa: SIM905 – a list of words reads better as words
)
_THERAPY = tuple(
    """
    ectomy ectomies plasty ostomy otomy scopy oscopy desis mab nib nibs statin statins pril sartan olol cillin cycline
    azole oxacin mycin vir parin gliptin gliflozin glutide tide setron prazole dipine zepam zolam triptan caine dronate
    lukast profen coxib platin taxel rubicin
    """.split()  # noqa: SIM905 – as above
)
"""How names of diseases and of therapies end."""

_NO_DISEASE = frozenset(
    {
        "purposes",
        "doses",
        "poses",
        "closes",
        "loses",
        "exposes",
        "diagnosis",
        "diagnoses",
        "prognosis",
        "basis",
        "analysis",
    }
)
_UNTELLING = frozenset({"other", "confirmed", "history", "suspected", "at risk of", "family history of", "significant"})
_KNOWN = frozenset({"concept", "scale", "qualifier", "num"})
_HEADS = frozenset({"disease_head", "therapy_head"})
_PLAIN = _HEADS | {"word", "sample", "event", "method", "analyte"}
_TELLING = frozenset(
    {"that", "which", "affecting", "causing", "interfering", "requiring", "preventing", "involving", "impairing"}
)
_VERBS = frozenset(
    """
    would could cause causes contraindicate contraindicating preclude precluding prevent preventing affect affects alter
    alters allow allows take takes resume require perform receive treat make makes necessitate necessitating limit
    limiting discontinue stop
    """.split()  # noqa: SIM905 – a list of words reads better as words
)
"""Words that do something to what is named behind them."""

_LONGEST = 4
_EMPTY = frozenset(WORDS["vague_modifier"])
_VAGUE = frozenset(WORDS["vague"])


def read_names(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each such name as one, tagged `named`."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        kind = _kind(token)
        if kind is None:
            found.append(token)
            continue
        first = len(found)
        while (
            first > 0
            and len(found) - first < _LONGEST
            and _modifies(found[first - 1], token if first == len(found) else found[first])
        ):
            first -= 1
        if kind == "condition" and first == len(found) and found and _is_therapy_named(found[-1], token):
            first -= 1
        if "concept" in token.tags and first == len(found):
            found.append(token)
            continue
        if token.tags.get("word") in _VAGUE and all(t.tags.get("word") in _EMPTY for t in found[first:]):
            if first < len(found) or not ((found and _tells(found[-1])) or _told_behind(tokens, i)):
                found.append(token)
                continue
            first -= bool(found and _tells(found[-1]))
        start = found[first].start if first < len(found) else token.start
        del found[first:]
        tags: dict[str, Value] = {"named": kind, "name": text[start : token.end]}
        found.append(Token(start, token.end, tags))
    return found


def _is_therapy_named(before: Token, head: Token) -> bool:
    """`infusion reaction`, `graft rejection`: what became of a therapy is no therapy and a disease beside it."""
    return before.tags.get("named") == "therapy" and before.reading is None and head.start - before.end == 1


def _told_behind(tokens: list[Token], i: int) -> bool:
    """`any disease that affects cognition`: told by what follows it."""
    return i + 1 < len(tokens) and tokens[i + 1].tags.get("word") in _TELLING


def _tells(token: Token) -> bool:
    """`systemic disease`, `severe reaction`: what makes a name of a head that names nothing by itself."""
    return token.reading is None and token.tags.get("qualifier", "other") not in _UNTELLING


def _kind(token: Token) -> str | None:
    """`condition` or `therapy`, by the last word's form; `radical surgery` is more than the concept of its head."""
    tags = token.tags
    if "concept" in tags and "therapy_head" in tags and token.reading is None:
        return "therapy"
    if token.reading is not None or not _KNOWN.isdisjoint(tags):
        return None
    if ("event" in tags or "analyte" in tags) and _HEADS.isdisjoint(tags):
        return None
    word = tags.get("word")
    form = _form(word) if isinstance(word, str) else None
    if word in _NO_DISEASE or form == "condition":
        return form
    return "condition" if "disease_head" in tags else "therapy" if "therapy_head" in tags else form


@lru_cache(maxsize=1 << 13)
def _form(word: str) -> str | None:
    """What a word names, by its ending."""
    if word in _NO_DISEASE:
        return None
    return "condition" if word.endswith(_DISEASE) else "therapy" if word.endswith(_THERAPY) else None


def _modifies(token: Token, following: Token) -> bool:
    """A plain word right before a name is part of it."""
    if token.reading is not None or sign_of(token) is not None or following.start - token.end > 2:
        return False
    return "word" in token.tags and token.tags.keys() <= _PLAIN and token.tags["word"] not in _VERBS
