"""Say what a release is, and what a build came to, as facts: for a terminal and for programs."""

import polars as pl
from pydantic import BaseModel

from expectations.results import Verdict
from tasks.releases.content import content_digest
from tasks.releases.releases import Release, is_withdrawn, latest_id, release_folder
from tasks.steps.store import Store


class Rejects(BaseModel):
    """How many records a reason kept out."""

    stage: str
    reason: str
    records: int


class Checks(BaseModel):
    """What came of the expectations; names of those that were not met."""

    met: int
    total: int
    failed: list[str]
    warnings: list[str]


class ReleaseFacts(BaseModel):
    """What a release holds, and where."""

    release: str
    created_at: str
    source: str
    latest: bool
    rolled_back: bool
    rows: dict[str, int]
    checks: Checks
    content: str
    report: str
    tables: str


class BuildFacts(ReleaseFacts):
    """What a build came to."""

    status: str
    seconds: float
    rejects: list[Rejects]


def release_facts(store: Store, release: Release) -> ReleaseFacts:
    """Return what a release holds; reads no table."""
    return ReleaseFacts(
        release=release.release_id,
        created_at=release.created_at,
        source=release.source,
        latest=release.release_id == latest_id(store),
        rolled_back=is_withdrawn(store, release.release_id),
        rows={name: table.rows for name, table in release.tables.items()},
        checks=checks_of(release.verdict),
        content=content_digest(release.content) or "no digest",
        report=str(release_folder(store, release.release_id) / "report.html"),
        tables=f"{store.root / 'latest'}/<table>/*.parquet",
    )


def build_facts(store: Store, release: Release, status: str, seconds: float) -> BuildFacts:
    """Return what a build came to; counts the rejects of the release."""
    facts = release_facts(store, release)
    return BuildFacts(
        **facts.model_dump(),
        status=status,
        seconds=round(seconds, 1),
        rejects=_rejects(store, release) if release.tables["rejects"].rows else [],
    )


def checks_of(verdict: Verdict) -> Checks:
    """Return how many expectations were met, and which were not."""
    return Checks(
        met=sum(result.passed for result in verdict.results),
        total=len(verdict.results),
        failed=[failure.headline for failure in verdict.failures],
        warnings=[warning.headline for warning in verdict.warnings],
    )


def _rejects(store: Store, release: Release) -> list[Rejects]:
    """Return the reasons, the commonest first."""
    counted = (
        store.scan(release.tables["rejects"])
        .group_by("stage", "reason")
        .agg(pl.len().alias("records"))
        .sort("records", "stage", "reason", descending=[True, False, False])
        .collect(engine="streaming")
    )
    return [Rejects.model_validate(row) for row in counted.to_dicts()]
