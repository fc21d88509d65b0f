"""Run the flow from a source to a checked, published release."""

from collections.abc import Sequence
from typing import Annotated, Literal, cast

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import BaseModel, Field

from flows.artifacts import show_nothing_new, show_release
from flows.choices import LANGUAGES, chosen_settings
from flows.lost_server import told
from flows.outcomes import announce_release, conclude, failed_state, run_name
from flows.progress import StepProgress
from flows.runners import flow_runner, log_to_run
from flows.summaries import show_metrics
from flows.views.terminal_text import SafeConsole
from tasks import build as building
from tasks.reading.confinement import is_address
from tasks.releases.accepted import acceptable_names
from tasks.releases.metrics import read_metrics
from tasks.releases.releases import Release, read_release, release_folder
from tasks.settings import Settings
from tasks.steps.build import StepSummary
from tasks.stores import built_store
from tasks.writing.counts import counted

#: The form offers these, so that nobody needs to know how they are written.
_LANGUAGES = {"items": {"type": "string", "enum": sorted(LANGUAGES)}}
_ACCEPTABLE = {"items": {"type": "string", "enum": acceptable_names()}}
Languages = Annotated[list[str], Field(json_schema_extra=_LANGUAGES)]
Accepted = Annotated[list[str], Field(json_schema_extra=_ACCEPTABLE)]


class BuildResult(BaseModel):
    """What a build came to; see `tasks.build.Outcome`."""

    status: Literal["published", "restored", "unchanged", "mended", "withdrawn"]
    release_id: str


@flow(name="build", flow_run_name=run_name, persist_result=False)
def build(  # noqa: PLR0913, PLR0917 - the form of a run
    source: str,
    store: str = "data",
    workers: Annotated[int, Field(ge=0)] = 0,
    settings_file: str = "",
    languages: Languages = [],  # noqa: B006 - not changed
    entities: bool = True,
    accept: Accepted = [],  # noqa: B006 - not changed
    settings: Settings | None = None,
    dask_address: str = "",
) -> BuildResult:
    """Turn a source into a release: read, clean, tag, find names, check, publish.

    Args:
        source: Folders, files or globs of documents, or addresses (`s3://…`): one a line.
        store: The folder that releases are written to (made if it is not there), or `s3://…`.
        workers: Processes that work at once, at most; 0: as many as the machine has processors.
        settings_file: A TOML file with settings (docs/settings.md); empty: the defaults.
        languages: Languages whose names are looked for, by tag; none chosen: all that can be read.
        entities: Whether people, organisations and places are looked for; without, a build is
            several times as fast.
        accept: What may have changed much since the last release, this once.
        settings: Every other setting. What differs from its default overrides the file.
        dask_address: Address of a Dask scheduler whose machines are to work; empty: this one works.

    Raises:
        DaskMissing: An address is given and the extra `dask` is not installed.

    And as `flows.choices.chosen_settings` and `tasks.build.build`.
    """
    try:
        with told() as tell:
            chosen = chosen_settings(settings_file, settings, languages, entities=entities)
            outcome = _build(source, store, workers, dask_address, chosen, accept)
            result = BuildResult(status=outcome.status, release_id=outcome.release_id)
            tell(result)
    except Exception as error:
        return cast(BuildResult, failed_state(error))
    _show(outcome, store)
    return result


def _build(  # noqa: PLR0913, PLR0917 - what to build, and how
    source: str,
    store: str,
    workers: int,
    dask_address: str,
    settings: Settings,
    accept: Sequence[str],
) -> building.Outcome:
    progress = StepProgress(SafeConsole(stderr=True))
    with flow_runner(progress, workers or None, dask_address or None, store=store) as runner:
        return building.build(source, store, settings, runner, log_to_run, accept=accept)


def _log(steps: list[StepSummary]) -> None:
    for step in steps:
        get_run_logger().info(
            "%s: %d documents, %d computed, %d reused, %.1f s",
            step.step,
            step.documents,
            step.computed,
            step.reused,
            step.elapsed_seconds,
        )


def _show(outcome: building.Outcome, named: str) -> None:
    """Show what a build came to: artifacts, an event, a line of the log and the run's name."""
    store = built_store(named)
    folder = release_folder(store, outcome.release_id)
    if outcome.publication is None:
        show_nothing_new(outcome.status, outcome.release_id, folder)
    else:
        _log(outcome.publication.release.steps)
        show_release(outcome.publication, folder)
        announce_release(named if is_address(named) else store.root, outcome.release_id)
        show_metrics(read_metrics(store))
    conclude(_sentence(outcome, read_release(store, outcome.release_id)))


def _sentence(outcome: building.Outcome, release: Release) -> str:
    documents, rejects = (release.tables[name].rows for name in ("documents", "rejects"))
    rejected = f", {counted(rejects, 'reject')}" if rejects else ""
    made = counted(documents, "document")
    return f"{outcome.release_id[:8]} {outcome.status}, {made}{rejected}"
