"""Table cells and lists that a page's text runs together, parted by what else the page shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.reference.concepts import ConceptKind, concept, mentions
from service.sources.timeframe import PHRASE, SEAMS, TIME


class Row(NamedTuple):
    """Three cells of an arms table."""

    label: str
    intervention: str | None
    description: str | None


class Term(NamedTuple):
    """An item of a list, and what it means; nothing where the vocabulary does not know it."""

    text: str
    concepts: tuple[str, ...]


DISEASES = frozenset({ConceptKind.DISEASE, ConceptKind.FINDING})
ANY_KIND = frozenset(ConceptKind)
LONGEST_ITEM = 500  # characters, as schemas.text.Words
CELL_SEAM = re.compile(r"(?<=[a-z0-9)\].;:%])(?=[A-Z][a-z])")
LABEL_SEAM = re.compile(r"(?<=[a-z0-9)\]])(?=[A-Z][a-z])")
LIST_SEAM = re.compile(r"(?<=[a-z]{3}[a-z)])(?=[A-Z][a-z]{2})|(?<=[A-Z]\))(?=[A-Z][a-z])")
METHOD_SEAM = re.compile(r"(?<=[a-z0-9)%.])(?=[A-Z][a-z])")


def measure_and_time(cell: str) -> tuple[str, str | None]:
    """`Disease remission rateAbout 90 days`: parted where, without a blank, something begins that reads like a time.

    No such place: no time. Better a time left in the measure than a measure cut in two.
    """
    for seam, opening in SEAMS:
        for found in seam.finditer(cell):
            time = cell[found.start() :]
            if opening.match(time) and TIME.search(time):
                return cell[: found.start()].strip(), time.strip()
    for found in reversed(list(CELL_SEAM.finditer(cell))):
        if PHRASE.search(cell, found.start()):
            return cell[: found.start()].strip(), cell[found.start() :].strip()
    return cell.strip(), None


def time_and_method(cell: str) -> tuple[str, str | None]:
    """`About 1 yearNumber of participants`: what follows a seam and does not read like a time is the method."""
    _, opening = SEAMS[0]
    for seam in METHOD_SEAM.finditer(cell):
        if not opening.match(cell[seam.start() :]):
            return cell[: seam.start()].strip(), cell[seam.start() :].strip()
    return cell.strip(), None


def arm_row(row: str, names: Iterable[str]) -> Row:
    """`Arm AFludarabine30 mg daily`: a known intervention name between label and description parts them.

    The label may be or hold the name; the name that is a cell of its own touches its neighbours without a blank.
    """
    found = next(_names_in(row, names, touching=True), None) or next(_names_in(row, names, touching=False), None)
    if found:
        return Row(row[: found.start()].strip(), found.group(), row[found.end() :].strip() or None)
    seam = LABEL_SEAM.search(row)
    if seam is None:
        return Row(row, None, None)
    return Row(row[: seam.start()].strip(), None, row[seam.start() :].strip())


def _names_in(row: str, names: Iterable[str], *, touching: bool) -> Iterator[re.Match[str]]:
    """The names within the row, not at its start, the longest first."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        for found in re.finditer(re.escape(name), row):
            around = row[found.start() - 1 : found.start()] + row[found.end() : found.end() + 1]
            if found.start() and not (touching and any(map(str.isspace, around))):
                yield found


def parted(items: str, names: Sequence[str] = (), kinds: frozenset[ConceptKind] = DISEASES) -> tuple[str, ...]:
    """A list run together with blanks, such as `AML (Acute Myeloid Leukemia) CAR-T`, if the page or the field tell how.

    A name that the page shows elsewhere is an item where it starts or ends the list; the rest comes apart where the
    vocabulary's names fill it without a word left over. A list too long for one item is cut at the names it holds.
    """
    for name in sorted(filter(None, names), key=len, reverse=True):
        if items == name:
            return (items,)
        if items.startswith(f"{name} "):
            return (name, *parted(items[len(name) :].strip(), names, kinds))
        if items.endswith(f" {name}"):
            return (*parted(items[: -len(name)].strip(), names, kinds), name)
    terms = vocabulary_terms(items)
    if all(term.concepts and kinds & {concept(each).kind for each in term.concepts} for term in terms):
        return tuple(term.text for term in terms)
    return (items,) if len(items) <= LONGEST_ITEM else tuple(term.text[:LONGEST_ITEM] for term in terms)


def vocabulary_terms(items: str) -> tuple[Term, ...]:
    """The vocabulary's names in the order they stand, and what stands between them; a comma holds two together."""
    terms: list[Term] = []
    end = 0
    for found in mentions(items):
        terms += [Term(items[end : found.start].strip(), ()), Term(items[found.start : found.end], found.concepts)]
        end = found.end
    terms.append(Term(items[end:].strip(), ()))
    return tuple(_held_by_commas(term for term in terms if term.text))


def _held_by_commas(terms: Iterable[Term]) -> Sequence[Term]:
    """`Pathological Conditions,` and `Signs and Symptoms` are one MeSH term, which the vocabulary does not have."""
    held: list[Term] = []
    for term in terms:
        if held and held[-1].text.endswith(","):
            held[-1] = Term(f"{held[-1].text} {term.text}", ())
        elif held and term.text.startswith(","):
            held[-1] = Term(f"{held[-1].text}{term.text}", ())
        else:
            held.append(term)
    return held


def at_seams(items: str) -> tuple[str, ...]:
    """A list run together without blanks: `Refractory LeukemiaRelapsed Leukemia`; not `McCune`, not `DiGeorge`."""
    bounds = [0, *(seam.start() for seam in LIST_SEAM.finditer(items)), len(items)]
    return tuple(items[start:end].strip() for start, end in pairwise(bounds))
