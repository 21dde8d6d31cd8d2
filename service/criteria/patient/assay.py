"""Names of tests for antigens, antibodies and genes: which names mean the same test."""

import re

from service.criteria.patient.wording import content_words

_SPELLED = tuple(
    (re.compile(rf"\b(?:{names})(?![\w-])", re.IGNORECASE), plain)
    for names, plain in (
        (r"hbsag|hbs[- ]ag", "hbv surface antigen"),
        (r"hbs[- ]?ab|anti[- ]?hbs", "hbv surface antibody"),
        (r"hbc[- ]?ab|anti[- ]?hbc", "hbv core antibody"),
        (r"hbeag|hbe[- ]ag", "hbv e antigen"),
        (r"hbe[- ]?ab|anti[- ]?hbe", "hbv e antibody"),
        (r"anti[- ]?hcv|hcv[- ]?ab", "hcv antibody"),
        (r"anti[- ]?hiv|hiv[- ]?ab", "hiv antibody"),
        (r"hepatitis b(?: virus)?", "hbv"),
        (r"hepatitis c(?: virus)?", "hcv"),
        (r"human immunodeficiency virus(?:es)?", "hiv"),
        (r"cytomegalovirus", "cmv"),
        (r"epstein[- ]barr virus", "ebv"),
        (r"antibodies", "antibody"),
    )
)
_ANY_SPELLED = re.compile("|".join(spelled.pattern for spelled, _ in _SPELLED), re.IGNORECASE)
_BESIDE = frozenset(
    """
    positive negative pos neg detected mutated mutation mutant wild type status expression level test result flow
    cytometry ihc immunohistochemistry serology analysis gene serum plasma blood peripheral human virus infection
    """.split()  # noqa: SIM905 – a list of words reads better as words
)
"""Words beside a name that leave it the same test."""
_SPECIAL = frozenset(
    "antibody antigen core dna rna surface igg igm load titer viral total free".split()  # noqa: SIM905
)
"""Words that make another test of the same thing."""


def assay(name: str) -> frozenset[str]:
    """The words that tell one test from another, in one spelling: `anti-HBc` is `hepatitis B core antibody`."""
    if _ANY_SPELLED.search(name):
        for spelled, plain in _SPELLED:
            name = spelled.sub(plain, name)
    return content_words(name) - _BESIDE


def bare(name: str) -> str:
    """The name without the words beside it: `CLEC12A expression` is of CLEC12A."""
    return " ".join(word for word in name.split() if word.lower().strip("(),:") not in _BESIDE)


def same_assay(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two tests of the same concept are the same test."""
    return not (one ^ other) & _SPECIAL


def is_special(words: frozenset[str]) -> bool:
    """Whether the words name an antigen, antibody or nucleic acid rather than the thing itself."""
    return not _SPECIAL.isdisjoint(words)
