"""On how many examples a law is tried.

`make test` draws the same examples every time: a tree passes or fails, and it does so again. `make laws` looks for new
ones, DEPTH times as many.
"""

import os

from hypothesis import HealthCheck, settings

DEPTH = int(os.environ.get("DEPTH", "0"))
PROFILE = "laws"
# a test's fixtures are made once for all its examples, and the machine may be busy with other tests
settings.register_profile(
    PROFILE,
    deadline=None,
    derandomize=not DEPTH,
    max_examples=100 * max(DEPTH, 1),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def examples(some: int) -> settings:
    """Settings of a law that is tried on `some` examples, where a hundred would be too few or too slow."""
    return settings(max_examples=some * max(DEPTH, 1))
