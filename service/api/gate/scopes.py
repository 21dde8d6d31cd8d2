"""What an access token's scopes allow here.

Our own are `eligo/reader`, `eligo/matcher`, `eligo/writer` and `eligo/admin`. Those of SMART Backend Services mean:
ResearchStudy is a trial, ResearchSubject a patient's candidacy for one; rights are `rs` (or `read`) and `cu` (or
`write`), as SMART 2 (and 1) spell them. A scope narrowed by a search (`?…`) promises what is not kept here, and counts
for nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.schemas.access import Role

OWN = {f"eligo/{role.value}": role for role in Role}
SMART = re.compile(r"system/(\*|[A-Za-z]{1,64})\.([a-z*]{1,8})")
READS, WRITES = "rs", "cu"
SPELLED: Mapping[str, str] = {"read": READS, "write": "cud", "*": "cruds"}
MEANING: tuple[tuple[frozenset[str], str, Role], ...] = (
    (frozenset({"*", "ResearchStudy"}), READS, Role.READER),
    (frozenset({"*", "ResearchSubject"}), READS, Role.MATCHER),
    (frozenset({"*", "ResearchStudy"}), WRITES, Role.WRITER),
)
CLAIMS = ("scope", "scp", "roles")
"""Where authorization servers put them: a text of words, or a list."""


def roles_of(claims: Mapping[str, Any]) -> frozenset[Role]:
    """Every role that the token's scopes give."""
    return frozenset().union(*(role.held for scope in _scopes(claims) for role in _roles(scope)))


def _scopes(claims: Mapping[str, Any]) -> Iterator[str]:
    for claim in CLAIMS:
        value = claims.get(claim, ())
        words: Iterable[object] = value.split() if isinstance(value, str) else value if isinstance(value, list) else ()
        yield from (word for word in words if isinstance(word, str))


def _roles(scope: str) -> Iterator[Role]:
    if scope in OWN:
        yield OWN[scope]
    elif found := SMART.fullmatch(scope):
        rights = SPELLED.get(found[2], found[2])
        yield from (role for resources, needed, role in MEANING if found[1] in resources and set(needed) <= set(rights))
