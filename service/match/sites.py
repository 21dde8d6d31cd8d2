"""The open site nearest to the patient."""

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from service.schemas.envelope import OPEN, Site
from service.schemas.patient import PatientLocation
from service.schemas.report import NearestSite

EARTH_KM = 6371.0088


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Along a great circle on a sphere of the earth's mean radius; degrees in."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def nearest_site(home: PatientLocation | None, sites: Iterable[Site]) -> NearestSite | None:
    """None without coordinates on both sides. A site that states no status counts as open."""
    if home is None or home.lat is None or home.lon is None:
        return None
    placed = [
        NearestSite(
            distance_km=round(distance_km(home.lat, home.lon, site.geo_point.lat, site.geo_point.lon), 1),
            facility=site.facility,
            city=site.city,
            country=site.country,
            geo_point=site.geo_point,
        )
        for site in sites
        if site.geo_point is not None and (site.status is None or site.status in OPEN)
    ]
    return min(placed, key=lambda site: (site.distance_km, site.facility or ""), default=None)
