"""Run the flow from a source to a checked, published release."""

from collections.abc import Sequence
from typing import Annotated, Literal

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import BaseModel, Field

from flows.artifacts import show_failures, show_nothing_new, show_release
from flows.lost_server import told
from flows.progress import StepProgress
from flows.runners import cancelled_on_stop, flow_runner, log_to_run
from flows.views.terminal_text import SafeConsole
from tasks import build as building
from tasks.settings import Settings
from tasks.steps.build import StepSummary


class BuildResult(BaseModel):
    """What a build came to; see `tasks.build.Outcome`."""

    status: Literal["published", "restored", "unchanged", "mended", "withdrawn"]
    release_id: str


@flow(name="build", flow_run_name="build {source}", persist_result=False)
def build(  # noqa: PLR0913, PLR0917 - the form of a run
    source: str = "seeds/documents",
    store: str = "data",
    workers: Annotated[int, Field(ge=1)] | None = None,
    dask_address: str | None = None,
    settings: Settings = Settings(),  # noqa: B008 - immutable
    accept: Sequence[str] = (),
) -> BuildResult:
    """Turn a source into a release: ingest, clean, tag, extract, resolve, check, publish.

    Args:
        source: A folder, a file or a glob of documents, here or at an address (`s3://…`).
        store: The folder that releases are written to.
        workers: Worker processes at most; empty: as many as the machine has processors.
        dask_address: Address of a Dask scheduler to use instead of processes.
        settings: Everything that can change a row, and what is checked before publishing.
        accept: Checks against the last release that may fail this once, such as `document_loss`.

    Raises:
        DaskMissing: An address is given and the extra `dask` is not installed.

    And as `tasks.build.build`.
    """
    try:
        with told() as tell, cancelled_on_stop():
            outcome = _build(source, store, workers, dask_address, settings, accept)
            result = BuildResult(status=outcome.status, release_id=outcome.release_id)
            tell(result)
    except building.ChecksFailed as failed:
        show_failures(failed.verdict)
        raise
    if outcome.publication is None:
        show_nothing_new(outcome.status, outcome.release_id)
    else:
        _log(outcome.publication.release.steps)
        show_release(outcome.publication)
    return result


def _build(  # noqa: PLR0913, PLR0917 - what to build, and how
    source: str,
    store: str,
    workers: int | None,
    dask_address: str | None,
    settings: Settings,
    accept: Sequence[str],
) -> building.Outcome:
    progress = StepProgress(SafeConsole(stderr=True))
    with flow_runner(progress, workers, dask_address) as runner:
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
