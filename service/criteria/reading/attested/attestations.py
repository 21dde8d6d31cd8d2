"""Sentences that only the site can attest: consent, compliance, contraception, the investigator's judgement."""

import re
from functools import lru_cache

from service.criteria.reading.attested.circumstances import CIRCUMSTANCE_STEMS, CIRCUMSTANCES
from service.criteria.reading.words.normal import normal
from service.criteria.reading.words.stems import Stems
from service.schemas.expression import Attestation, Expression, Not, Unparsed
from service.schemas.text import Span

ABOUT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (about, re.compile(pattern))
    for about, pattern in (
        (
            "investigator_judgement",
            r"\b(?:investigators?|researchers?|physicians?|doctors?|clinicians?|surgeons?|pi|oncologists?|anesthesiologists?)\b(?:'s|')?[^.;]{0,40}\b(?:judg\w+|opinion|discretion|considers?"
            r"|considered|believes?|believed|thinks?|deems?|deemed|determin\w+|evaluat\w+|assess\w*|view|feels?|decision)"
            r"|\b(?:opinion|judg\w+|discretion|view|evaluation|assessment|decision|determin\w+|deemed|considered)\s+(?:of|by)\s+(?:the\s+|their\s+)?(?:\w+\s+){0,2}(?:investigators?|researchers?|physicians?|doctors?|clinicians?|surgeons?|pi)\b"
            r"|\b(?:not\s+suitable|unsuitable|inappropriate)\s+(?:for|to)\s+(?:\w+\s+){0,3}(?:study|trial|participat\w+|inclusion|enrol\w+)"
            r"|\bany\s+(?:other\s+)?(?:condition|reason|situation|circumstance|factor)s?\b[^.;]{0,120}\b(?:interfere|confound|jeopardi[sz]e|compromise|preclude|unsuitable|increase)"
            r"|\b(?:would|could|might|may)\s+(?:\w+\s+){0,2}(?:interfere|confound|jeopardi[sz]e|compromise)\b[^.;]{0,60}\b(?:study|trial|results?|protocol|participat\w+|safety|interpret\w+|evaluat\w+|assess\w+)",
        ),
        (
            "participation_elsewhere",
            r"\b(?:participat\w+|enrol\w+|involve\w*|included|taking\s+part)\b[^.;]{0,40}\b(?:another|other|any\s+other|concurrent|different|interventional|investigational|a\s+clinical|clinical)\b[^.;]{0,40}\b(?:stud(?:y|ies)|trials?|research|protocols?)\b"
            r"|\b(?:another|other|concurrent)\s+(?:\w+\s+){0,2}(?:stud(?:y|ies)|trials?)\b"
            r"|\b(?:already|previous(?:ly)?|prior|earlier|has|have)\s+(?:been\s+)?(?:participat\w+|enrol\w+|randomi[sz]ed|included)\s+(?:in|into)\s+(?:the|this|an?|any)\s+(?:\w+\s+){0,2}(?:study|trial)\b",
        ),
        (
            "pregnancy_intent",
            r"\b(?:plan\w*|intend\w*|intention|wish\w*|want\w*|desir\w*|try|trying|attempt\w*|seek\w*|hop(?:e|ing)|contemplat\w*|expect\w*|would\s+like)\b"
            r"[^.;,]{0,30}\b(?:becom\w+\s+pregnan\w+|(?:get|be|a|for|of)\s+pregnan\w+|pregnancy|conceiv\w*|conception|father\s+(?:a\s+)?child\w*|breast-?\s?feed\w*)\b",
        ),
        (
            "consent",
            r"\b(?:informed\s+)?consent\b|\bassent\b|\bsign\w*\s+(?:the\s+|an?\s+)?icf\b|\bvolunt(?:ary|arily)\b|\bagree\w*\s+to\s+(?:take\s+part|participate)|\b(?:un)?willing(?:ness)?\s+(?:and\s+able\s+)?to\s+participate"
            r"|\bparental\s+(?:permission|authori[sz]ation)|\bauthori[sz]ation\s+(?:form|to\s+release)|\brefus\w+\s+(?:to\s+|of\s+)?(?:participa\w+|sign|consent|enrol\w*)|\blegal(?:ly\s+authori[sz]ed)?\s+representative\b|\bdis(?:agree\w*|sent)\b",
        ),
        (
            "legal_status",
            r"\b(?:health|medical|national)\s+insurance\b|\binsurance\s+(?:coverage|cover|scheme)\b|\bcustody\b|\b(?:judicial|juridical|legal|court|social)\s+(?:\w+\s+)?protection\b|\bprotected\s+(?:adults?|persons?)\b|\bfoster\s+care\b|\bwards?\s+of\s+the\s+state\b|\bdetain\w*|\bsocial\s+security\b|\bguardianship\b|\blegal\s+protection\b|\bprisoners?\b|\bincarcerat\w+|\bdeprived\s+of\s+liberty\b",
        ),
        (
            "contraception",
            r"\bcontracepti\w+|\bbirth\s+control\b|\babstinen\w+|\bbarrier\s+method|\bnot\s+to\s+become\s+pregnant|\bavoid\s+(?:pregnancy|becoming\s+pregnant)|\bdonat\w+\s+(?:sperm|eggs?|ova)\b|\b(?:sperm|egg)\s+donation",
        ),
        (
            "compliance",
            r"\b(?:comply|complian\w+|adher\w+|cooperat\w+|co-operat\w+|follow)\b[^.;]{0,60}\b(?:study|protocol|procedures?|requirements?|treatment|visits?|follow|instructions?|plan|schedule)"
            r"|\bability\s+to\s+comply|\bable\s+to\s+comply|\bcomplian\w+\b|\bnon-?complian\w+|\b(?:able|willing|ability|unable|inability|unwilling\w*|capable|expected(?!\s+use)|likely)\b[^.;]{0,40}\b(?:complete|attend|undergo|return|tolerate|perform|swallow|use)\b"
            r"|\bfollow-?up\s+(?:visits?|examinations?)",
        ),
        (
            "understanding",
            r"\b(?:understand\w*|speak\w*|read\w*|communicat\w+|fluent|literate|literacy|language|comprehend\w*)\b[^.;]{0,60}\b(?:english|language|spanish|french|german|chinese|dutch|danish|questionnaires?|study|trial|information|instructions?|protocol)\b"
            r"|\b(?:english|french|german|dutch|spanish|danish|chinese)[\s-]+(?:speaking|speakers?|language|fluency)\b|\bfluen(?:t|cy)\s+in\b|\bmother\s+tongue\b|\b(?:native|non-?\s?english)\s+speak\w+|\billitera\w+|\blanguage\s+barrier|\bable\s+to\s+(?:read|understand|communicate|speak|write)|\b(?:inability|unable)\s+to\s+(?:\w+\s+){0,2}(?:understand|communicate|read|speak)",
        ),
        (
            "organ_function",
            r"\b(?:adequate|suitable|sufficient|satisf\w+|acceptable|good|appropriate)\b[^.;<>≤≥=\d]{0,90}\bfunctions?\b[^<>≤≥=\d]*$|\bfunctions?\b[^.;<>≤≥=\d]{0,60}\b(?:satisf\w+|adequate|suitable|sufficient)\b[^<>≤≥=\d]*$",
        ),
        (
            "specimen",
            r"\b(?:specimens?|samples?|tissue)\b[^.;]{0,50}\b(?:provided|available|collected|adequate|obtained|provide)\b|\b(?:provide|available)\s+(?:\w+\s+){0,4}(?:specimens?|samples?|tissue)\b",
        ),
        (
            "measurable_disease",
            r"\b(?:measurable|evaluable|assessable)\b[^.;<>≤≥=\d]{0,40}\b(?:disease|lesions?|tumou?rs?)\b",
        ),
        *CIRCUMSTANCES,
    )
)
STEMS = Stems({
    "investigator_judgement": (
        "investigator", "researcher", "physician", "doctor", "clinician", "surgeon", "pi", "oncologist", "suitable",
        "anesthesiologist", "inappropriate", "interfere", "confound", "jeopardi", "compromise", "preclude", "increase",
    ),
    "consent": (
        "consent", "assent", "icf", "volunt", "agree", "willing", "parental", "authori", "refus", "legal", "disagree",
        "dissent",
    ),
    "legal_status": (
        "insurance", "social", "guardianship", "protect", "prisoner", "incarcerat", "liberty", "custody", "foster",
        "ward", "detain",
    ),
    "contraception": ("contracepti", "birth", "abstinen", "barrier", "pregnan", "donat"),
    "compliance": (
        "compl", "adher", "operat", "follow", "able", "willing", "ability", "capable", "expected",
        "likely",
    ),
    "understanding": (
        "understand", "speak", "read", "communicat", "fluen", "litera", "language", "comprehend", "able", "inability",
        "mother",
    ),
    "participation_elsewhere": ("stud", "trial", "research", "protocol"),
    "organ_function": ("function",),
    "specimen": ("specimen", "sample", "tissue"),
    "measurable_disease": ("measurable", "evaluable", "assessable"),
    "pregnancy_intent": ("pregnan", "conce", "father", "feed"),
    **CIRCUMSTANCE_STEMS,
})  # fmt: skip
_DENIED = re.compile(
    r"\b(?:unable|inability|inabilit\w+|unwilling\w*|refus\w+|declin\w+|not|no|lack\w*|cannot|can't|incapa\w+|impossib\w+|fail\w*|poor"
    r"|difficult\w*|without|barriers?|prevent\w*|preclud\w*|withdr\w+|non-?\s?(?:complian|adher|cooperat)\w+|limit\w*|insufficient|absence|impair\w*|never|imped\w+|hamper\w*|hinder\w*|unlikel\w+|interfer\w*|compromis\w*|low|negative)\b"
)
_REFUSED = re.compile(
    r"\b(?:unable|inabilit\w+|unwilling\w*|refus\w+|declin\w+|lack\w*|cannot|can't|incapa\w+|impossib\w+|fail\w*|withdr\w+|withh\w+|absence|preclud\w*|prevent\w*|impair\w*|disagree\w*|dissent\w*|negative"
    r"|(?:no|not|never|non|without)[\s-]+(?:(?!must\b|should\b|shall\b|will\b|and\b|but\b|or\b|who\b)\w+\s+){0,3}?(?:able|willing|capable|consent|assent|sign|agree|provid|giv|volunt|want|wish|authori|obtain"
    r"|understand|legal|competen|accept|icf))"
)
"""Who gives no consent; whoever `is not pregnant and must consent` gives it."""
_UNGUARDED = re.compile(
    r"\b(?:(?:un|not\s+)(?:able|willing\w*)|inabilit\w+|refus\w+|declin\w+|lack\w*|cannot|without|insufficient|inadequate|absence|fail\w*\s+to"
    r"|(?:not|never)\s+(?:\w+ly\s+)?(?:us|practi[sc]|agree|accept|tak|employ|apply|follow|consent|commit|hav|wish|want|intend|prepared|receiv|protected|on\b)\w*"
    r"|no\s+(?:\w+\s+){0,2}(?:contracepti\w+|birth\s+control))\b"
)
"""Who uses no contraception; `a barrier method`, `not to become pregnant` and `a failure rate of 1 %` deny nothing."""
_DONATES = re.compile(r"\bdonat\w+")
_GUARDS = re.compile(r"\bcontracepti|\bbirth\s+control|\babstinen|\bbarrier|\bcondom")
_REFRAINS = re.compile(r"\b(?:no|not|never|nor|without|refrain\w*|abstain\w*|avoid\w*|forgo\w*|abandon\w*)\b")
_EVENT = re.compile(
    r"\b(?:from|since|before|after|prior\s+to|preceding|until|within\s+\d+\s+\w+\s+of|time\s+of|date\s+of|day\s+of)\s+(?:the\s+)?(?:time\s+of\s+|date\s+of\s+)?"
    r"(?:(?:sign\w*|provid\w+|obtain\w+|giv\w+)\s+)?(?:of\s+)?(?:the\s+|written\s+)*(?:informed\s+)?consent(?:\s+form)?\b"
)
"""`within 4 weeks before signing the consent form` asks for no consent."""
_SPARED = re.compile(r"\b(?:excluding|except(?:ing)?|other\s+than|exception\s+of|apart\s+from)\b[^.;]*")
"""`any medication excluding contraceptives` asks for no contraception."""
_DOUBLE = re.compile(
    r"\b(?:no|not|without|absence\s+of|free\s+of|never)\b(?!\s+(?:be\s+|being\s+)?(?:able|willing|capable|likely|suitable|to\b))[^.;]*"
    r"\b(?:unable|inabilit\w+|unwilling\w*|refus\w+|preclud\w*|prevent\w*|barriers?|impair\w*|limit\w*|interfer\w*|compromis\w*|difficult\w*|incapa\w+|withdr\w+|imped\w+|hamper\w*|hinder\w*)\b"
)
_AND = re.compile(
    r"\s*(?:,\s*)?\b(?:and|&)\s+(?:is\s+|are\s+|be\s+|have\s+|has\s+)?(?=(?:\w+\s+){0,3}(?:sign|consent|compl|adher|follow|willing|able|agree|expected|provide|contracep|volunt|understand|cooperat))"
)


_CLAUSE = 3
"""Words that a part has at least which attests something of its own: `willing and able to attend` is one."""


_PATTERNS = dict(ABOUT)
_RANKS = {key: rank for rank, key in enumerate(_PATTERNS)}


@lru_cache(maxsize=256)
def about(folded: str) -> str | None:
    """What normalised text attests, or None if it does not speak of something to attest."""
    if "consent" in folded:
        folded = _EVENT.sub("", folded)
    if "contracep" in folded:
        folded = _SPARED.sub("", folded)
    likely = sorted(STEMS.of(folded), key=_RANKS.__getitem__)
    return next((key for key in likely if _PATTERNS[key].search(folded)), None)


def attested(key: str, words: str, span: Span) -> Expression:
    """The attestation, denied where the words deny it: `unable to comply`, `refuses consent`."""
    folded = normal(words)
    if _DOUBLE.search(folded):
        return Unparsed(text=words, span=span)
    leaf = Attestation(about=key, text=words, span=span)
    speaks_for_itself = key == "investigator_judgement" or key in CIRCUMSTANCE_STEMS
    if key == "contraception":
        return Not(of=leaf) if _is_unguarded(folded) else leaf
    denied = _REFUSED if key == "consent" else _DENIED
    return Not(of=leaf) if not speaks_for_itself and denied.search(folded) else leaf


def _is_unguarded(folded: str) -> bool:
    """Whether no contraception is used: `plans to donate sperm`, and never mind `must not donate sperm`."""
    if _DONATES.search(folded) and not _GUARDS.search(folded):
        return not _REFRAINS.search(folded)
    return bool(_UNGUARDED.search(folded))


def attestations(text: str) -> tuple[Expression, ...]:
    """The attestations a whole text consists of, one a conjunct; empty unless every part is one."""
    folded = normal(text)
    if about(folded) == "investigator_judgement":
        return (attested("investigator_judgement", text, Span(0, len(text))),)
    starts = [0, *(match.end() for match in _AND.finditer(folded))]
    ends = [*(match.start() for match in _AND.finditer(folded)), len(folded)]
    if min(len(folded[a:b].split()) for a, b in zip(starts, ends, strict=True)) < _CLAUSE:
        starts, ends = [0], [len(folded)]
    found = []
    for start, end in zip(starts, ends, strict=True):
        key = about(folded[start:end])
        if key is None:
            whole = about(folded)
            return (attested(whole, text, Span(0, len(text))),) if whole else ()
        found.append(attested(key, text[start:end], Span(start, end)))
    return tuple(found)
