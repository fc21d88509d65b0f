"""The flow: from a source to a published, checked release."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Literal

from filelock import FileLock
from prefect import flow
from prefect.logging import get_run_logger
from pydantic import BaseModel, Field
from rich.console import Console

from expectations.results import Verdict
from flows.artifacts import show_failures, show_release
from flows.pool import Pool
from flows.progress import StepProgress
from flows.runners import task_runner, worker_count
from flows.stages import STAGES
from flows.steps import Steps
from tasks.check_step import check_rule
from tasks.models.backends import models_in_use
from tasks.publish import Built, prepare_publication
from tasks.readers.source import list_source
from tasks.releases import (
    IncompleteRelease,
    find_release,
    is_withdrawn,
    latest_id,
    point_latest,
    publish_release,
    read_release,
    release_id_of,
    release_tables,
)
from tasks.settings import Settings
from tasks.store import Store, TableVersion


class ChecksFailed(RuntimeError):
    """Expectations were not met: nothing was published."""

    def __init__(self, verdict: Verdict) -> None:
        names = ", ".join(f"{f.table}: {f.expectation}" for f in verdict.failures)
        super().__init__(f"nothing published, {len(verdict.failures)} checks failed: {names}")
        self.verdict = verdict


class Outcome(BaseModel):
    """What a build came to.

    `published`: a new release is the one that people read. `restored`: an earlier release is.
    `unchanged`: the release that people read is what the source gives. `withdrawn`: the source
    gives a release that a rollback took away; it stays away until somebody names it.
    """

    status: Literal["published", "restored", "unchanged", "withdrawn"]
    release_id: str


@flow(name="build", flow_run_name="build {source}")
def build(
    source: Annotated[
        str, Field(description="A folder, a file or a glob of documents.")
    ] = "seeds/documents",
    store: Annotated[str, Field(description="The folder that releases are written to.")] = "data",
    workers: Annotated[
        int | None, Field(ge=1, description="Worker processes; empty: what the input is worth.")
    ] = None,
    dask_address: Annotated[
        str | None, Field(description="Address of a Dask scheduler to use instead of processes.")
    ] = None,
    settings: Annotated[
        Settings, Field(description="Everything that can change a row.")
    ] = Settings(),  # noqa: B008 - immutable
) -> Outcome:
    """Turn a source into a release: ingest, clean, tag, extract, resolve, check, publish.

    Raises:
        SourceNotFound: There is nothing at `source`.
        ChecksFailed: The tables do not meet the expectations; readers keep the last release.
    """
    opened = Store(store)
    files = list_source(source).files
    count = worker_count(workers, sum(file.size_bytes for file in files))
    progress = StepProgress(Console(stderr=True))
    with only_build(opened), progress, task_runner(count, dask_address) as runner:
        steps = Steps(opened, settings, Pool(runner, count), progress)
        make_tables(source, steps)
        return _conclude(source, steps)


def make_tables(source: str, steps: Steps) -> None:
    """Run every stage, each after those whose tables it reads."""
    steps.ingest(source)
    for stage in STAGES.values():
        steps.run(stage)


@contextmanager
def only_build(store: Store) -> Iterator[None]:
    """Wait until no other build writes to the store, and clear what a killed one left."""
    store.root.mkdir(parents=True, exist_ok=True)
    with FileLock(store.root / ".lock"):
        store.sweep()
        yield


def _conclude(source: str, steps: Steps) -> Outcome:
    """Check and publish what the steps made, unless it is published already."""
    store, name = steps.store, release_id_of(steps.release_tables, check_rule(steps.settings))
    if name == latest_id(store):
        return Outcome(status="unchanged", release_id=name)
    if is_withdrawn(store, name):
        return Outcome(status="withdrawn", release_id=name)
    if find_release(store, name) is not None:
        point_latest(store, name)
        return Outcome(status="restored", release_id=name)
    previous = latest_id(store)
    verdict = steps.check(_tables_of(store, previous))
    if not verdict.passed:
        show_failures(verdict)
        raise ChecksFailed(verdict)
    _publish(source, steps, name, previous, verdict)
    return Outcome(status="published", release_id=name)


def _tables_of(store: Store, release_id: str | None) -> dict[str, TableVersion] | None:
    """Return a release's tables to compare with; None if there are none any more."""
    if release_id is None:
        return None
    release = read_release(store, release_id)
    try:
        release_tables(store, release)
    except IncompleteRelease as lost:
        get_run_logger().warning("no comparison with the last release: %s", lost)
        return None
    return release.tables


def _publish(
    source: str, steps: Steps, release_id: str, previous: str | None, verdict: Verdict
) -> None:
    built = Built(
        release_id=release_id,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source,
        tables=steps.release_tables,
        settings=steps.settings,
        models=models_in_use(steps.settings),
        steps=steps.summaries,
        verdict=verdict,
        previous=previous,
    )
    publication = prepare_publication(steps.store, built)
    publish_release(steps.store, publication.release, publication.report)
    show_release(publication)
