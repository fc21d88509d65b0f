"""Build a release: make the tables of a source, check them, and publish them if they are good."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import polars as pl

from expectations.results import Verdict
from expectations.tables import TABLES
from tasks.clean.quality_limits import refuse_unknown_languages
from tasks.entities.alias_table import read_aliases
from tasks.entities.decisions import read_decisions
from tasks.entities.knowledge_base import read_knowledge_base
from tasks.mentions.backends import models_in_use
from tasks.pipeline import PIPELINE, rehearse
from tasks.reading.confinement import is_address, refuse_outside
from tasks.reading.source import absolute_source, list_source, refuse_source
from tasks.releases.accepted import refuse_other_source, refuse_unknown_names
from tasks.releases.at_address.opening import unchanged_at
from tasks.releases.content import digest_tables
from tasks.releases.metrics import write_metrics
from tasks.releases.publish import (
    Publication,
    draft_publication,
    environment,
    prepare_publication,
)
from tasks.releases.releases import (
    IncompleteRelease,
    Release,
    UnknownRelease,
    find_release,
    folder_damage,
    is_withdrawn,
    latest_id,
    point_latest,
    publish_release,
    read_release,
    release_id_of,
    release_tables,
)
from tasks.settings import Settings
from tasks.steps.build import Made, Runner, known_tables, make_tables
from tasks.steps.check import check_rule, check_tables
from tasks.steps.fingerprint import ROOT
from tasks.steps.stage import Step
from tasks.steps.store import Store, TableVersion
from tasks.stores import built_store, changed_store, refuse_unusable_store

Tell = Callable[[str], None]
#: Of so much no step is worth worker processes (`flows.pool`, which counts compressed bytes).
_SMALL_SOURCE_BYTES = 500_000


class ChecksFailed(RuntimeError):
    """Expectations were not met: nothing was published."""

    def __init__(self, verdict: Verdict) -> None:
        said = "; ".join(failure.headline for failure in verdict.failures)
        super().__init__(f"not published: {said}")
        self.verdict = verdict


@dataclass(frozen=True)
class Outcome:
    """What a build came to.

    `published`: a new release is the one that people read. `restored`: an earlier release is.
    `unchanged`: the release that people read is what the source gives. `mended`: it is, but files
    of the store were lost or damaged, and were made again. `withdrawn`: the source
    gives a release that a rollback took away; it stays away until somebody names it.
    """

    status: Literal["published", "restored", "unchanged", "mended", "withdrawn"]
    release_id: str
    publication: Publication | None = None


def build(  # noqa: PLR0913, PLR0917 - what to build, and how
    source: str,
    store: Path | str,
    settings: Settings,
    runner: Runner,
    tell: Tell = lambda _: None,
    steps: Sequence[Step] | None = None,
    accept: Collection[str] = (),
) -> Outcome:
    """Build a release of a source into a store.

    Args:
        source: A folder, a file or a glob of documents, here or at an address (`s3://…`), or
            several, one a line.
        store: The folder that releases are written to, or an address (`s3://…`).
        settings: Everything that can change a row, and what is checked before publishing.
        runner: Where parts are computed.
        tell: Told what whoever watches should know.
        steps: The pipeline; None: ours.
        accept: Checks against the last release that may fail this once (`tasks.releases.accepted`).

    Raises:
        UnknownAcceptance: Something else is to be accepted.
        OtherSource: The last release was made of another source, and that is not accepted.
        SourceNotFound: There is nothing at `source`.
        AmbiguousPlaces: Files of several places would have one name.
        UnusableStore: The store lies inside the source, or is no folder.
        NotAllowed: Source or store may not be used (`tasks.reading.confinement`).
        ChecksFailed: The tables do not meet the expectations; readers keep the last release.
        PublishedMeanwhile: Somebody else published to the address; readers keep that release.

    And as `refuse_unusable_settings`.
    """
    refuse_unknown_names(accept)
    source, opened = _usable(source, store)
    refuse_unusable_settings(settings)
    listing = list_source(source)
    with changed_store(opened, store, tell):
        made = make_tables(opened, listing, settings, steps or PIPELINE, runner)
        return _conclude(opened, source, settings, runner, tell, made, accept)


def unchanged_release(
    source: str,
    store: Path | str,
    settings: Settings,
    waiting: Callable[[], None] = lambda: None,
) -> str | None:
    """Return the release that people read if a build would find that nothing has changed.

    Computes and writes nothing, but for the mirror of a store at an address; raises as `build`
    does.

    Args:
        source: As of `build`.
        store: As of `build`.
        settings: As of `build`.
        waiting: Called once if a build holds the mirror of the address.
    """
    source, opened = _usable(source, store)
    unchanged = partial(_unchanged, source=source, settings=settings)
    if is_address(str(store)):
        return unchanged_at(str(store), waiting, unchanged)
    return unchanged(opened)


def _unchanged(opened: Store, source: str, settings: Settings) -> str | None:
    latest = latest_id(opened)
    release = None if latest is None else find_release(opened, latest)
    if release is None or folder_damage(opened, release) or opened.unfinished():
        return None
    tables = known_tables(opened, list_source(source), settings, PIPELINE)
    same = tables is not None and _release_id(tables, settings) == latest
    return latest if same else None


def load_ahead(source: str, store: Path | str, settings: Settings) -> bool:
    """Load what stages load when they are first called, if this process will call them.

    It will where there is a release, since of most sources little changes, and for a small source.
    For a build that has time while it waits.

    Args:
        source: As of `build`, and not refused by it.
        store: As of `build`.
        settings: As of `build`.

    Returns:
        Whether it did; if not, the documents are for workers.
    """
    if latest_id(built_store(store)) is None:
        listing = list_source(absolute_source(source))
        if sum(file.size_bytes for file in listing.files) > _SMALL_SOURCE_BYTES:
            return False
    rehearse(settings)
    return True


def _usable(source: str, store: Path | str) -> tuple[str, Store]:
    """Return the whole name of a source and the opened store, if both may be used.

    Before a server is started for them, which `list_source` comes after.
    """
    source, opened = absolute_source(source), built_store(store)
    refuse_source(source)
    refuse_unusable_store(opened, source, str(store))
    return source, opened


def refuse_unusable_settings(settings: Settings) -> None:
    """Make sure that there is what the settings name, before anything is read.

    Raises:
        ModelError: They name a model or a language that there is not.
        AliasTableError: They name an alias table that cannot be used.
        KnowledgeBaseError: They name a knowledge base that cannot be used.
        DecisionsError: They name a table of decisions that cannot be used.
        UnknownQualityLanguage: They have limits for a language that there is not.
        NotAllowed: They name a file outside of the roots, and not of the project.
    """
    for name in _named_files(settings):
        if not name.is_relative_to(ROOT.resolve()):
            refuse_outside(name, "file of the settings")
    models_in_use(settings)
    read_aliases(settings.resolve)
    read_knowledge_base(settings.resolve)
    read_decisions(settings.resolve)
    refuse_unknown_languages(settings.quality)


def _named_files(settings: Settings) -> list[Path]:
    """Return the files and folders that settings name, with links resolved."""
    named = (
        settings.entities.models,
        settings.resolve.alias_table,
        settings.resolve.knowledge_base,
        settings.resolve.decisions,
    )
    return [(ROOT / name).resolve() for name in named if name is not None]


def _release_id(tables: dict[str, TableVersion], settings: Settings) -> str:
    shown = {name: tables[name] for name in TABLES}
    return release_id_of(shown, check_rule(settings), settings.card.model_dump())


def _conclude(  # noqa: PLR0913, PLR0917 - what to conclude from
    store: Store,
    source: str,
    settings: Settings,
    runner: Runner,
    tell: Tell,
    made: Made,
    accept: Collection[str],
) -> Outcome:
    """Check and publish what was made, unless it is published already."""
    store.sweep()  # what a worker that was killed left: readers would find it in the release
    name, latest = _release_id(made.tables, settings), latest_id(store)
    if made.damaged:
        tell(f"lost or damaged in the store, and made again: {', '.join(made.damaged)}")
    if is_withdrawn(store, name):
        return Outcome("withdrawn", name)
    known = find_release(store, name)
    if known is not None and known.tables == {table: made.tables[table] for table in TABLES}:
        if name != latest:  # a source that went back may have lost as much as another
            _judged(store, source, settings, runner, tell, made, latest, accept)
        damaged = made.damaged + _mend(store, known, tell)
        if name != latest:
            point_latest(store, name)
            return Outcome("restored", name)
        return Outcome("mended" if damaged else "unchanged", name)
    previous = known.previous if known is not None and name == latest else latest
    verdict = _judged(store, source, settings, runner, tell, made, previous, accept)
    publication = _publish(store, source, settings, made, previous, verdict, accept)
    return Outcome("published", name, publication)


def _judged(  # noqa: PLR0913, PLR0917 - what to judge, by what
    store: Store,
    source: str,
    settings: Settings,
    runner: Runner,
    tell: Tell,
    made: Made,
    previous: str | None,
    accept: Collection[str],
) -> Verdict:
    """Return the verdict on what was made, beside an earlier release.

    Raises:
        OtherSource: That was made of another source.
        ChecksFailed: The verdict is against it.
    """
    last = _release_to_compare(store, previous, tell)
    if last is not None:
        records = (_records(store, tables) for tables in (made.tables, last.tables))
        refuse_other_source(source, next(records), last.source, next(records), accept)
    before = None if last is None else last.tables
    verdict = check_tables(store, made, before, settings, runner).accepting(accept)
    if not verdict.passed:
        raise ChecksFailed(verdict)
    return verdict


def _records(store: Store, tables: Mapping[str, TableVersion]) -> pl.LazyFrame:
    return store.scan(tables["raw_documents"]).select("doc_id")


def _mend(store: Store, release: Release, tell: Tell) -> list[str]:
    """Make links and files of a release again if they are lost or damaged; their names."""
    damaged = folder_damage(store, release)
    if damaged:
        tell(f"lost or damaged in {release.release_id}, and made again: {', '.join(damaged)}")
        draft = draft_publication(store, release.tables, release.previous)
        again = prepare_publication(store, release, draft)
        publish_release(store, again.release, again.files)
    return damaged


def _release_to_compare(store: Store, release_id: str | None, tell: Tell) -> Release | None:
    """Return the last release; None if there is none, or not all of its tables any more."""
    if release_id is None:
        tell("the first release of this store: there is no last one to compare it with")
        return None
    try:
        release = read_release(store, release_id)
        release_tables(store, release)
    except (IncompleteRelease, UnknownRelease) as lost:
        tell(f"no comparison with the last release: {lost}")
        return None
    return release


def _publish(  # noqa: PLR0913, PLR0917 - what a release is made of
    store: Store,
    source: str,
    settings: Settings,
    made: Made,
    previous: str | None,
    verdict: Verdict,
    accept: Collection[str],
) -> Publication:
    tables = {name: made.tables[name] for name in TABLES}
    with ThreadPoolExecutor(1) as beside:  # hashing lets others work
        content = beside.submit(digest_tables, store, tables)
        draft = draft_publication(store, tables, previous)
    release = Release(
        release_id=_release_id(made.tables, settings),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source,
        previous=previous,
        tables=tables,
        settings=settings.model_dump(mode="json"),
        models=models_in_use(settings),
        environment=environment(),
        steps=made.summaries,
        verdict=verdict,
        content=content.result(),
        accepted=sorted(set(accept)),
    )
    publication = prepare_publication(store, release, draft)
    publish_release(store, publication.release, publication.files)
    write_metrics(store)
    return publication
