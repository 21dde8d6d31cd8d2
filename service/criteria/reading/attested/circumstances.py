"""Circumstances that no medical record keeps: where somebody lives and is seen, what they can, own and want to do.

Texts ask one thing and its contrary under each of these keys, so that only the site can say which is so.
"""

_WHO = (
    r"^\W*(?:(?:all|any|the|adult|study|patients?|subjects?|participants?|individuals?|persons?|people|volunteers?|children|women|men|parents?|caregivers?|guardians?"
    r"|who|that|must|should|shall|is|are|be|has|have|been|both|mentally|physically|and|or|their|of|with|also|currently|the)\W+)*"
)
_PLACE = (
    r"(?:hospitals?|clinics?|departments?|cent(?:er|re)s?|units?|wards?|practices?|institut\w+|office|facilit\w+|icu|nicu"
    r"|picu|theat(?:er|re)|emergency\s+room|infirmary|service)"
)

CIRCUMSTANCES: tuple[tuple[str, str], ...] = (
    (
        "protocol_criteria",
        r"\b(?:inclusion|exclusion|eligibility|criteria)\b[^.;:]{0,40}\b(?:apply|applies|applicable)\b|\bprotocol[\s-]+(?:defined|specified)\b"
        r"|\b(?:defined|specified|described|listed|detailed)\s+(?:in|by)\s+(?:the\s+)?(?:study\s+)?protocol\b"
        r"|\b(?:meets?|meeting|fulfil\w*|met|satisf\w+)\s+(?:any\s+|all\s+|one\s+|of\s+|the\s+)*(?:\w+\s+){0,2}(?:inclusion|eligibility|exclusion)\s+criteria\b",
    ),
    (
        "residence",
        r"\b(?:resid(?:e|es|ed|ing|ents?|ence)|living|(?<!half-)(?<!half\s)lives?|dwelling|domicil\w+)\s+(?:in|at|within|near|of|outside|alone|independent\w*|with|close|less)\b"
        r"|\bcommunity[\s-]dwelling\b|\bhomeless\w*|\bhome\s+address\b|\b(?:plan\w*|intend\w*|expect\w*)\s+(?:to|on)\s+(?:mov\w+|relocat\w+|leav\w+)",
    ),
    (
        "care_setting",
        r"\b(?:hospitali[sz]ed|hospitali[sz]ation|discharged|operated|admitted|admission|attending|attended|referred|referral|seen|visiting|recruited|registered|presenting|presented|present|followed|cared\s+for|consult\w*|patients?)\s+(?:\w+\s+){0,2}?"
        r"(?:to|at|in|by|from|into|of)\s+(?:the\s+|an?\s+|our\s+|one\s+)?(?:[\w'&/-]+\s+){0,6}?"
        + _PLACE
        + r"\b|^\W*(?:in|out)-?patients?\W*$|^\W*referr(?:ed|al)\s+(?:from|by)\b",
    ),
    (
        "equipment",
        r"\b(?:own\w*|access\s+to|possess\w*|has|have|having|use\s+of)\s+(?:[\w/-]+\s+){0,4}(?:smart-?\s?phones?|telephones?|phones?|internet|computers?|e-?mail|tablets?|wi-?fi|transport\w*|iphone)\b"
        r"|\binternet\s+access\b",
    ),
    (
        "healthy",
        r"\bhealthy\b[^.;,]{0,30}\b(?:volunteers?|subjects?|participants?|adults?|individuals?|men|women|males?|females?|persons?|people|children|controls?)\b|\b(?:good|general|overall|normal)\s+(?:\w+\s+){0,2}health\b"
        r"|\b(?:physically|otherwise|generally|medically)\s+(?:healthy|fit)\b|\bfit\s+for\s+(?:surgery|an(?:a)?esthesia)\b",
    ),
    (
        "sexual_relationship",
        r"\b(?:heterosexual|monogamous|sexual)\s+(?:\w+\s+){0,2}(?:relationship|partners?)\b|\bsexually\s+active\b|\bintercourse\s+attempts\b",
    ),
    (
        "conflict_of_interest",
        r"\b(?:employees?|staff|relatives?|family\s+members?|members?)\b[^.;]{0,50}\b(?:sponsor|investigators?|site|study\s+(?:team|staff)|cro|research\s+team)\b",
    ),
    (
        "ethnicity",
        r"\b(?:ethnicity|ethnic\s+(?:origin|group)|race|racial|heritage|caucasians?|african[\s-]americans?|hispanics?|latinos?|ancestry|nationality"
        r"|(?:japanese|chinese|asian|korean|indian|black|white|european)\s+(?:\w+\s+)?(?:ethnicity|race|descent|origin|ancestry|patients?|subjects?|participants?|men|women|adults?|nationals?|population))\b",
    ),
    (
        "donation",
        r"\b(?:donat\w+|donation)\b[^.;]{0,30}\b(?:blood|plasma|platelets?)\b|\bblood\s+(?:donation|donors?)\b",
    ),
    (
        "ability",
        _WHO
        + r"(?:(?:un)?able(?:\s+(?:and|or|and/or)\s+(?:un)?willing)?\s+to|cannot|can\s+not|(?:in)?ability\s+(?:to|of)"
        r"|can\s+(?:read|write|walk|speak|communicate|swallow|use|perform|tolerate)|(?:in)?capa(?:ble|city)\s+(?:to|of|for))\b",
    ),
    (
        "willingness",
        _WHO
        + r"(?:(?:un)?willing\w*|agree\w*\s+(?:to|not)|accept\w*\s+(?:to|the)|refus\w+|declin\w+\s+to|commit\w*\s+to"
        r"|motivated|desir\w+\s+(?:to|for)|interested\s+in|object\w*\s+to|patient'?s?\s+refusal)\b",
    ),
)
"""What each key is known by in normalised text; the first that fits counts, so the broadest stand last."""

CIRCUMSTANCE_STEMS = {
    "protocol_criteria": ("criteria", "protocol", "appli", "apply"),
    "residence": ("resid", "liv", "dwell", "domicil", "home", "mov", "relocat", "leav"),
    "care_setting": (
        "hospital", "clinic", "department", "cent", "unit", "ward", "practice", "institut", "office", "facilit",
        "icu", "theat", "emergency", "infirmary", "service", "patient", "referr",
    ),
    "equipment": ("phone", "internet", "computer", "mail", "tablet", "wi", "transport"),
    "healthy": ("health", "fit"),
    "sexual_relationship": ("sexual", "monogamous", "intercourse"),
    "conflict_of_interest": ("sponsor", "investigator", "site", "study", "cro", "team"),
    "ethnicity": (
        "ethnic", "rac", "heritage", "caucasian", "american", "hispanic", "latino", "ancestry", "nationality",
        "japan", "chinese", "asian", "korean", "indian", "black", "white", "european",
    ),
    "donation": ("donat", "donor"),
    "ability": ("able", "ability", "capa", "can"),
    "willingness": (
        "willing", "agree", "accept", "refus", "declin", "commit", "motivated", "interested", "object", "desir",
    ),
}  # fmt: skip
"""Of each key, the beginnings of words one of which its texts must have."""
