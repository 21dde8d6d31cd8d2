"""Who and where, as pages print it: sponsors, people, sites, and the numbers they give a trial."""

import re
from collections.abc import Iterable

from service.schemas.trial import Agency, AgencyClass, Contact, Location
from service.sources.wording import member

AGENCY_CLASSES = {
    "usfed": AgencyClass.FED,
    "otherusfederalagency": AgencyClass.FED,
    "othergovernment": AgencyClass.OTHER_GOV,
    "individual": AgencyClass.INDIV,
    "ambiguous": AgencyClass.AMBIG,
}
# As the registry writes them.
COMMA_COUNTRIES = (
    "Korea, Republic of", "Korea, Democratic People's Republic of", "Iran, Islamic Republic of",
    "Moldova, Republic of", "Macedonia, The Former Yugoslav Republic of", "Congo, The Democratic Republic of the",
    "Tanzania, United Republic of", "Palestinian Territory, occupied", "Palestinian Territories, Occupied",
    "Micronesia, Federated States of",
)  # fmt: skip
ID_NOTE = re.compile(
    r"\s+\([^()]*\b(?:Identifier|Number|Grant|Contract|EudraCT|CTIS|Registry|Funding)\b[^()]*\)$", re.IGNORECASE
)
PHONE = re.compile(r"[+(]?\d[\d\s().+/-]{4,}(?:(?:ext|x)\.? ?\d+)?", re.IGNORECASE)


def agency(name: str, class_words: str | None = None) -> Agency:
    """A sponsor or collaborator; a class that the registry does not have stays absent."""
    return Agency(name=name, class_=member(AgencyClass, class_words or "", AGENCY_CLASSES))


def country_of(address: str) -> str:
    """The last part of an address, which for some countries holds a comma."""
    with_comma = next((country for country in COMMA_COUNTRIES if f", {address}".endswith(f", {country}")), None)
    return with_comma or address.rpartition(", ")[2]


def location(facility: str | None, address: str) -> Location:
    """`Hefei, Anhui, China`: city, state where there are three, country."""
    country = country_of(address)
    city, _, state = address.removesuffix(country).removesuffix(", ").partition(", ")
    return Location(facility=facility, city=city or None, state=state or None, country=country or None)


def contact(name: str | None, role: str | None, reach: Iterable[str]) -> Contact:
    """A person or desk; what holds an `@` is the address, what is made of digits the telephone, else affiliation."""
    said: dict[str, str] = {}
    for words in reach:
        kind = "email" if "@" in words else "phone" if PHONE.fullmatch(words) else "affiliation"
        said.setdefault(kind, words)
    return Contact(name=name, role=role, **said)


def without_note(number: str) -> str:
    """`2016-000123-45 (EudraCT Number)`: the number."""
    return ID_NOTE.sub("", number)
