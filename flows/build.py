"""The flow: from a source to a published, checked release."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import BaseModel, Field
from rich.console import Console

from expectations.results import Verdict
from flows.artifacts import show_failures, show_nothing_new, show_release
from flows.errors import UnusableStore
from flows.pool import Pool
from flows.progress import StepProgress
from flows.runners import task_runner, worker_count
from flows.stages import STAGES
from flows.steps import Steps
from tasks.clean.quality.limits import refuse_unknown_languages
from tasks.entities.alias_table import read_aliases
from tasks.entities.knowledge_base import read_knowledge_base
from tasks.mentions.backends import models_in_use
from tasks.reading.source import absolute_source, list_source
from tasks.releases.publish import Built, prepare_publication
from tasks.releases.releases import (
    IncompleteRelease,
    UnknownRelease,
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
from tasks.steps.check import check_rule
from tasks.steps.store import Store, TableVersion


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
    source: str = "seeds/documents",
    store: str = "data",
    workers: Annotated[int, Field(ge=1)] | None = None,
    dask_address: str | None = None,
    settings: Settings = Settings(),  # noqa: B008 - immutable
) -> Outcome:
    """Turn a source into a release: ingest, clean, tag, extract, resolve, check, publish.

    Args:
        source: A folder, a file or a glob of documents, here or at an address (`s3://…`).
        store: The folder that releases are written to.
        workers: Worker processes; empty: as many as the input is worth.
        dask_address: Address of a Dask scheduler to use instead of processes.
        settings: Everything that can change a row, and what is checked before publishing.

    Raises:
        SourceNotFound: There is nothing at `source`.
        UnusableStore: The store lies inside the source.
        ChecksFailed: The tables do not meet the expectations; readers keep the last release.

    And as `refuse_unusable_settings`.
    """
    source, opened = absolute_source(source), Store(Path(store).absolute())
    refuse_store_in_source(opened, source)
    refuse_unusable_settings(settings)
    files = list_source(source).files
    count = worker_count(workers, sum(file.size_bytes for file in files))
    progress = StepProgress(Console(stderr=True))
    waiting = partial(get_run_logger().warning, "waiting for another build of %s", store)
    with opened.locked(waiting), progress, task_runner(count, dask_address) as runner:
        steps = Steps(opened, settings, Pool(runner, count), progress)
        make_tables(source, steps)
        outcome = _conclude(source, steps)
    if outcome.status != "published":
        show_nothing_new(outcome.status, outcome.release_id)
    return outcome


def refuse_store_in_source(store: Store, source: str) -> None:
    """Refuse to write where the next build would read.

    Raises:
        UnusableStore: The store lies inside the source.
    """
    if store.root.resolve().is_relative_to(Path(source).resolve()):
        raise UnusableStore(
            f"the store {store.root} lies inside the source {source}, where the next build would "
            "read it; choose another folder with --store"
        )


def refuse_unusable_settings(settings: Settings) -> None:
    """Make sure that there is what the settings name, before anything is read.

    Raises:
        ModelError: They name a model or a language that there is not.
        AliasTableError: They name an alias table that cannot be used.
        KnowledgeBaseError: They name a knowledge base that cannot be used.
        UnknownQualityLanguage: They have limits for a language that there is not.
    """
    models_in_use(settings)
    read_aliases(settings.resolve)
    read_knowledge_base(settings.resolve)
    refuse_unknown_languages(settings.quality)


def make_tables(source: str, steps: Steps) -> None:
    """Run every stage, each after those whose tables it reads."""
    steps.ingest(source)
    for stage in STAGES.values():
        steps.run(stage)


def _conclude(source: str, steps: Steps) -> Outcome:
    """Check and publish what the steps made, unless it is published already."""
    store, name = steps.store, release_id_of(steps.release_tables, check_rule(steps.settings))
    known = find_release(store, name)
    if known is not None and name == latest_id(store):
        return Outcome(status="unchanged", release_id=name)
    if is_withdrawn(store, name):
        return Outcome(status="withdrawn", release_id=name)
    if known is not None:
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
    try:
        release = read_release(store, release_id)
        release_tables(store, release)
    except (IncompleteRelease, UnknownRelease) as lost:
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
