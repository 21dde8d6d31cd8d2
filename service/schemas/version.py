"""Versions of a trial, and what changed between two of them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.schemas.criterion import Criterion
from service.schemas.trial import NctId, OverallStatus

VersionNumber = Annotated[int, Meta(ge=1, le=1_000_000_000, description="number of a version, from 1", examples=[1])]


class TrialVersion(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One state of a record. `stored_at`: since when it was the one answered here; absent where that was not noted.

    `source_sha256` is of the document that it was read from.
    """

    version: VersionNumber
    current: bool
    stored_at: datetime | None = None
    last_update_posted: str | None = None
    overall_status: OverallStatus | None = None
    source_sha256: str | None = None


class TrialVersions(Struct, frozen=True, kw_only=True, rename="camel"):
    """Every version of a trial, the current one first."""

    nct_id: NctId
    versions: tuple[TrialVersion, ...]


class CriterionChange(Struct, frozen=True, kw_only=True, rename="camel"):
    """A criterion that was reworded; `changed` names the members that differ."""

    before: Criterion
    after: Criterion
    changed: tuple[str, ...]


class CriteriaDifference(Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of the criteria; `unchanged` counts those that say the same, wherever they stand now."""

    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    changed: tuple[CriterionChange, ...]
    unchanged: Annotated[int, Meta(ge=0)]


class TrialDifference(Struct, frozen=True, kw_only=True, rename={"before": "from", "after": "to", "nct_id": "nctId"}):
    """Two versions of a trial held against each other.

    `members` names the members of the record that differ, other than `provenance`. The criteria of both were read by
    the compiler of this service, so that only the record makes a difference.
    """

    nct_id: NctId
    before: VersionNumber
    after: VersionNumber
    members: tuple[str, ...]
    criteria: CriteriaDifference


class DifferenceQuery(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True,
    rename={"before": "from", "after": "to"},
):  # fmt: skip
    """Which two versions: by default the current one, and the one before it."""

    before: (
        Annotated[int, Meta(ge=1, le=1_000_000_000, description="version to compare; default the one before `to`")]
        | None
    ) = None
    after: (
        Annotated[int, Meta(ge=1, le=1_000_000_000, description="version to compare it with; default the current one")]
        | None
    ) = None
