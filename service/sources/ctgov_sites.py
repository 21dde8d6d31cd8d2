"""The contacts and locations of the classic ClinicalTrials.gov page."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from service.schemas.trial import Contact, Location
from service.sources import parties, wording
from service.sources.page import Line, filled
from service.sources.traced import plain

START = re.compile(r"Please refer to this study by|Contacts and Locations$")
END = re.compile(r"Responsible Party ?:|More Information$|Additional Information:|Publications|Other Publications")
SPONSORS = "Sponsors and Collaborators"
INVESTIGATORS = "Investigators"
FURNITURE = re.compile(
    r"Please refer to this study by.*|Contacts and Locations|Contacts?|Locations?|Layout table.*|Show \d+.*|Hide .*"
    r"|Sponsors and Collaborators|Investigators|Go to|To learn more.*|Information from the National.*|Collaborators?:?",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"(Contact(?: Backup)?|Principal Investigator|Sub-?Investigator|Study Director|Study Chair"
    r"|Study Principal Investigator) ?: ?(.*)"
)
EMAIL = re.compile(r"(?<!\S)[^\s@]+@\S+\.\w+")  # from a word's beginning: cost follows the length
PHONE = re.compile(r"(?<![\w])[+(]?\d[\d\s().+/-]{5,}\d(?: ?(?:ext|x)\.? ?\d+)?", re.IGNORECASE)


class Entry(NamedTuple):
    """A row of the section: its cells, and the person it names, if it does."""

    cells: tuple[str, ...]
    person: Contact | None
    is_official: bool

    @property
    def words(self) -> str:
        """The first cell."""
        return self.cells[0]


def contacts(lines: Sequence[Line]) -> tuple[Contact, ...]:
    """Whom to ask about the whole study, then its investigators."""
    entries = _entries(lines)
    places = next((at for at, entry in enumerate(entries) if entry.person is None), len(entries))
    general = [entry.person for entry in entries[:places] if entry.person and not entry.is_official]
    officials = [entry.person for entry in entries if entry.person and entry.is_official]
    return (*general, *officials)


def locations(lines: Sequence[Line]) -> tuple[Location, ...]:
    """A site is two rows, facility with status and address, then its people; a region stands above its first site."""
    found: list[Location] = []
    country = ""
    rest = _entries(lines)
    while rest:
        first, *rest = rest
        if first.person and found and not first.is_official:
            found[-1] = replace(found[-1], contacts=(*found[-1].contacts, first.person))
        elif first.person is None and len(rest) > 1 and (named := _region(first, rest[0], rest[1])):
            country = named
        elif first.person is None and rest and rest[0].person is None:
            address, *rest = rest
            found.append(_location(first, address.words, country))
    return tuple(found)


def sponsors(lines: Sequence[Line]) -> tuple[str, ...]:
    """The list below the locations: the sponsor first."""
    start = next((at for at, line in enumerate(lines) if line.words == SPONSORS), len(lines))
    listed = filled(lines[start + 1 :])
    end = next((at for at, line in enumerate(listed) if FURNITURE.fullmatch(line.words) or END.match(line.words)), 0)
    return tuple(line.words for line in listed[:end])


def _region(head: Entry, facility: Entry, address: Entry) -> str | None:
    """The country of `China, Hebei`, if the row is a heading: the address two rows on ends with that country."""
    if facility.person or address.person or any(head.cells[1:]):
        return None
    with_comma = (each for each in parties.COMMA_COUNTRIES if head.words.startswith(each))
    country = next(with_comma, head.words.partition(", ")[0])
    return country if f", {country}," in f"{address.words}," else None


def _location(facility: Entry, address: str, country: str) -> Location:
    """`Shijiazhuang, Hebei, China, 050000`: what follows the country is the postal code."""
    places, _, code = f", {address},".rpartition(f", {country},")
    city, _, state = places.removeprefix(", ").partition(", ")
    status = next(filter(None, map(wording.status_of, facility.cells[1:])), None)
    return Location(
        facility=facility.words,
        city=city or None,
        state=state or None,
        zip=code.strip(", ") or None,
        country=country or None,
        status=status,
    )


def _entries(lines: Sequence[Line]) -> list[Entry]:
    start = next((at for at, line in enumerate(lines) if START.match(line.words)), len(lines))
    body = filled(lines[start:])
    end = next((at for at, line in enumerate(body) if END.match(line.words)), len(body))
    entries: list[Entry] = []
    part = ""
    for line in body[:end]:
        part = line.words if line.words in (SPONSORS, INVESTIGATORS) else part
        cells = tuple(" ".join(plain(cell).split()) for cell in line.text.split("|"))
        if any(cells) and not FURNITURE.fullmatch(line.words) and part != SPONSORS:
            entries.append(_entry(cells, part == INVESTIGATORS))
    return entries


def _entry(cells: tuple[str, ...], officials: bool) -> Entry:
    found = PERSON.fullmatch(cells[0])
    if found is None:
        return Entry(cells, None, False)
    role = re.sub(r"\W", "_", found[1].replace("Contact Backup", "Contact")).upper()
    said = [cell for cell in (found[2], *cells[1:]) if cell]
    if officials or not found[2]:
        name, affiliation, *_ = [*said, None, None]
        return Entry(cells, Contact(name=name, role=role, affiliation=affiliation), True)
    words = " ".join(said)
    email, phone = EMAIL.search(words), PHONE.search(words)
    for reach in (email, phone):
        words = words.replace(reach.group(), "") if reach else words
    contact = Contact(
        name=" ".join(words.split()) or None,
        role=role,
        phone=phone.group() if phone else None,
        email=email.group() if email else None,
    )
    return Entry(cells, contact, False)
