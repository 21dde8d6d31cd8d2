"""Ages in days, from the registry's words and from UCUM units."""

DAYS = {"a": 365.25, "mo": 30.4375, "wk": 7.0, "d": 1.0, "h": 1 / 24, "min": 1 / 1440}
UNITS = {"Year": "a", "Month": "mo", "Week": "wk", "Day": "d", "Hour": "h", "Minute": "min"}


def days(limit: str | None) -> float | None:
    """`18 Years` in days, for telling earlier from later; not for telling a birthday."""
    if limit is None:
        return None
    number, unit = registered(limit)
    return number * DAYS[unit]


def registered(limit: str) -> tuple[float, str]:
    """`18 Years` as 18 and its UCUM unit."""
    number, unit = limit.split()
    return float(number), UNITS[unit.removesuffix("s")]
