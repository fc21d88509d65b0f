"""Run the flow that proves a release: it builds it again elsewhere and compares every file."""

import shutil
import tempfile
from functools import partial
from random import Random

from prefect import flow
from pydantic import BaseModel

from expectations.tables import TABLES
from flows.lost_server import told
from flows.progress import StepProgress
from flows.runners import flow_runner, log_to_run
from flows.stopping import on_stop
from flows.views.terminal_text import SafeConsole
from tasks.build import refuse_unusable_settings
from tasks.pipeline import PIPELINE
from tasks.reading.source import absolute_source, list_source
from tasks.releases.content import Content, digest_tables
from tasks.releases.releases import Release, read_release
from tasks.settings import Settings
from tasks.steps.build import make_tables
from tasks.steps.store import Store, TableVersion
from tasks.stores import damaged_files, readable_store

#: Seeds the order in which parts are computed, so that a difference can be had again.
_SHUFFLE_SEED = 20240101


class Difference(BaseModel):
    """A file that the release and the rebuild do not have in common."""

    table: str
    file: str
    released: str | None
    rebuilt: str | None


class Comparison(BaseModel):
    """What came of a verification."""

    release_id: str
    files: int
    differences: list[Difference]
    damaged: list[str]
    #: Tables and columns whose values differ; None: the release has no digests of them.
    other_values: list[str] | None


@flow(name="verify", flow_run_name="verify {store}", persist_result=False)
def verify(
    store: str = "data",
    release_id: str | None = None,
    source: str | None = None,
    workers: int = 1,
) -> Comparison:
    """Build a release again from its source and settings, with nothing to reuse.

    Parts are computed in a random order. The store itself is only read; files of the release
    that are there are compared with what was recorded of them.

    Args:
        store: The folder with the releases, or `s3://…`.
        release_id: The release; None: the one that people read.
        source: Where the source stands now; None: where it stood then.
        workers: Worker processes.

    Raises:
        UnknownStore: There is no store.
        UnknownRelease: There is no such release.
        SourceNotFound: The source is not there any more.
        NotAllowed: Store or source may not be read (`tasks.reading.confinement`).

    And as `tasks.build.refuse_unusable_settings`.
    """
    with told() as tell:
        comparison = _compare(store, release_id, source, workers)
        tell(comparison)
    return comparison


def _compare(store: str, release_id: str | None, source: str | None, workers: int) -> Comparison:
    opened = readable_store(store, tell=log_to_run)
    release = read_release(opened, release_id)
    settings = Settings.model_validate(release.settings)
    refuse_unusable_settings(settings)
    progress = StepProgress(SafeConsole(stderr=True))
    shuffle = Random(_SHUFFLE_SEED)  # noqa: S311 - an order, no secret
    listing = list_source(absolute_source(source or release.source))
    with (
        tempfile.TemporaryDirectory() as folder,
        on_stop(partial(shutil.rmtree, folder, ignore_errors=True)),
        flow_runner(progress, workers, shuffle=shuffle) as runner,
    ):
        made = make_tables(Store(folder), listing, settings, PIPELINE, runner)
        rebuilt = {name: made.tables[name] for name in TABLES}
        content = digest_tables(Store(folder), rebuilt)
        values = other_values(release.content, content) if release.content else None
        return compare(release, rebuilt, damaged_files(store, opened, release), values)


def other_values(released: Content, rebuilt: Content) -> list[str]:
    """Return the tables and columns that do not hold the same values, as `table.column`."""
    columns = {
        (table, column)
        for content in (released, rebuilt)
        for table in content
        for column in content[table]
    }
    return [
        f"{table}.{column}"
        for table, column in sorted(columns)
        if released.get(table, {}).get(column) != rebuilt.get(table, {}).get(column)
    ]


def compare(
    release: Release,
    rebuilt: dict[str, TableVersion],
    damaged: list[str],
    values: list[str] | None,
) -> Comparison:
    """Compare the hashes of a release's files with those of a rebuild."""
    released = _hashes(release.tables)
    again = _hashes(rebuilt)
    differences = [
        Difference(table=table, file=file, released=released.get(key), rebuilt=again.get(key))
        for key in sorted(released.keys() | again.keys())
        if released.get(key) != again.get(key)
        for table, file in [key]
    ]
    return Comparison(
        release_id=release.release_id,
        files=len(released),
        differences=differences,
        damaged=damaged,
        other_values=values,
    )


def _hashes(tables: dict[str, TableVersion]) -> dict[tuple[str, str], str]:
    return {(name, file.name): file.sha256 for name, t in tables.items() for file in t.files}
