"""Describe a release from what a build made, and write the report and card that go with it.

Reads: the public tables, and those of the release before. Writes: a release record, a report,
and what `tasks.releases.cards.files` lists.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

from tasks.releases.cards.card import Card
from tasks.releases.cards.files import describing_files
from tasks.releases.diff import ReleaseDiff, diff_releases, tables_of_other_rules
from tasks.releases.metrics import measure_metrics, read_metrics
from tasks.releases.releases import (
    IncompleteRelease,
    Release,
    UnknownRelease,
    read_release,
    release_folder,
    release_tables,
)
from tasks.releases.report.history import draw_history
from tasks.releases.report.page import Contents, gather_contents, render_files
from tasks.releases.report.summary import render_summary
from tasks.steps.fingerprint import installed_digest
from tasks.steps.store import Store, TableVersion

#: Examples of changed documents that a release's report shows.
DIFF_EXAMPLES = 20


@dataclass(frozen=True)
class Draft:
    """What a report says of tables whatever their verdict: it may be made beside the checks."""

    contents: Contents
    diff: ReleaseDiff | None


@dataclass(frozen=True)
class Publication:
    """A release with the files of its folder that are no tables, and its summary (Markdown)."""

    release: Release
    files: dict[str, str]
    summary: str


def environment() -> dict[str, str]:
    """Return what made a release: Python, platform, Babelmill, and a digest of its packages."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "babelmill": metadata.version("babelmill"),
        "packages": installed_digest(),
    }


def draft_publication(
    store: Store, versions: Mapping[str, TableVersion], previous: str | None
) -> Draft:
    """Compare tables with the release before, count them and choose samples.

    Args:
        store: Where the tables stand.
        versions: The public tables of the release to be.
        previous: The release before; None: there is none.
    """
    tables = {name: store.scan(table) for name, table in versions.items()}
    return Draft(gather_contents(tables), _difference(store, previous, versions))


def prepare_publication(store: Store, release: Release, draft: Draft) -> Publication:
    """Write report, card and summary; what changed and was measured into the release's record."""
    diff = draft.diff
    release = release.model_copy(update={} if diff is None else {"changes": _changes(diff)})
    tables = {name: store.scan(table) for name, table in release.tables.items()}
    measured = measure_metrics(tables, release.created_at)
    release = release.model_copy(update={"metrics": measured})
    history = draw_history(read_metrics(store, release))
    path = release_folder(store, release.release_id) / "report.html"
    report = render_files(release, draft.contents, diff, history)
    return Publication(
        release=release,
        files=describing_files(Card(release, draft.contents.figures), report),
        summary=render_summary(release, draft.contents.figures, diff, str(path.resolve())),
    )


def _difference(
    store: Store, previous: str | None, versions: Mapping[str, TableVersion]
) -> ReleaseDiff | None:
    if previous is None:
        return None
    try:
        release = read_release(store, previous)
        earlier = release_tables(store, release)
    except (IncompleteRelease, UnknownRelease):  # it was deleted: there is nothing to compare with
        return None
    tables = {name: store.scan(table) for name, table in versions.items()}
    other_rules = tables_of_other_rules(release.tables, versions)
    diff = diff_releases(earlier, tables, DIFF_EXAMPLES)
    return diff.model_copy(update={"other_rules": other_rules})


def _changes(diff: ReleaseDiff) -> dict[str, int]:
    return {
        "records_came": diff.records_came,
        "records_went": diff.records_went,
        "records_changed": diff.records_changed,
        "entities_came": diff.entities_came,
        "entities_went": diff.entities_went,
    }
