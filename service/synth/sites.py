"""Where trials are run: most at one site, few at hundreds."""

from random import Random
from typing import Any

from service.synth import tables
from service.synth.grammar import Table, one_of, sentence

SAME_COUNTRY = 0.6


def locations(status: str, table: Table, random: Random) -> list[dict[str, Any]]:
    """Sites within a few kilometres of a city, mostly of one country."""
    low, high = map(int, tables.draws()["sites"](random).split())
    home = tables.draws()["country"](random)
    found = []
    for _ in range(random.randint(low, high)):
        country = home if random.random() < SAME_COUNTRY else tables.draws()["country"](random)
        found.append(_site(country, status, table, random))
    return found


def _site(country: str, status: str, table: Table, random: Random) -> dict[str, Any]:
    place = one_of(tables.places()[country], random)
    point = {"lat": round(place.lat + random.gauss(0, 0.2), 4), "lon": round(place.lon + random.gauss(0, 0.2), 4)}
    facility = f"{place.city} {sentence(one_of(table['hospital'], random), table, random)} {random.randint(1, 30)}"
    site = {"facility": facility, "city": place.city, "country": country, "geoPoint": point}
    return {**site, "status": status} if status == "RECRUITING" else site
