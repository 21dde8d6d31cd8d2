"""Parts of the registry by month: every date lies in one of them, and the newest come first."""

from hypothesis import given
from hypothesis import strategies as st

from service.store.queries import Filters
from service.store.spans import spans
from tests.examples import examples

YEARS = st.integers(1998, 2031).map(str)
MONTHS = st.builds("{}-{:02}".format, YEARS, st.integers(0, 14))
DAYS = st.builds("{}-{:02}".format, MONTHS, st.integers(0, 32))
KEYS = st.just("") | YEARS | MONTHS | DAYS


def facets(key: str) -> set[str]:
    """As the database works them out."""
    return {key[:4], min((key + "-00")[:7], key[:4] + "-12")}


def holds(span: Filters, key: str) -> bool:
    [(name, parameters)] = span.items()
    if name == "before":
        return key < str(parameters["before"])
    months = parameters["months"]
    assert isinstance(months, list)
    return bool(facets(key) & set(months))


@examples(200)
@given(keys=st.lists(KEYS, min_size=1), bounds=st.lists(KEYS), oldest=KEYS, share=st.floats(0, 2))
def test_every_date_lies_in_one_span_and_newer_ones_in_no_later_span(
    keys: list[str], bounds: list[str], oldest: str, share: float
) -> None:
    parts = list(spans(max(keys), oldest, sorted(bounds), share))
    where = [[number for number, span in enumerate(parts) if holds(span, key)] for key in sorted(keys, reverse=True)]
    assert all(len(found) == 1 for key, found in zip(sorted(keys, reverse=True), where, strict=True) if key >= oldest)
    first = [found[0] for found in where if found]
    assert first == sorted(first)


def test_spans_grow_from_about_the_share_that_is_asked_for() -> None:
    bounds = [f"{year}-{month:02}-15" for year in range(2016, 2024) for month in range(1, 13)]
    parts = [span["months"]["months"] for span in spans("2023-12-31", "", bounds, 0.03) if "months" in span]
    assert parts == [
        ["2023-10", "2023-11", "2023-12"],
        ["2023-04", "2023-05", "2023-06", "2023-07", "2023-08", "2023-09"],
        [*(f"2022-{month:02}" for month in range(4, 13)), "2023-00", "2023-01", "2023-02", "2023-03"],
        [*(f"2020-{month:02}" for month in range(4, 13)), "2021", "2022-00", "2022-01", "2022-02", "2022-03"],
        [*(f"2016-{month:02}" for month in range(4, 13)), "2017", "2018", "2019",
         "2020-00", "2020-01", "2020-02", "2020-03"],
    ]  # fmt: skip
