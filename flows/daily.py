"""Run the flow of a dataset that is left alone: collect what is new, build a release, report."""

from pathlib import Path
from typing import Annotated, cast

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field

from flows.artifacts import show_day
from flows.build import Accepted, BuildResult, build
from flows.collect import collected, pages_folder, sentence_of_collection
from flows.errors import NothingCollected
from flows.outcomes import conclude, failed_state, run_name
from tasks.releases.releases import release_folder
from tasks.stores import built_store


@flow(name="daily", flow_run_name=run_name, persist_result=False)
def daily(  # noqa: PLR0913, PLR0917 - the form of a run
    sources: str,
    into: str = "collected",
    store: str = "data",
    contact: str = "",
    workers: Annotated[int, Field(ge=0)] = 0,
    settings_file: str = "",
    accept: Accepted = [],  # noqa: B006 - not changed
) -> BuildResult:
    """Collect what is new, then build a release of all that was collected, with its report.

    Args:
        sources: A TOML or OPML file that lists feeds, sitemaps, sites and pages.
        into: The folder that pages are kept in.
        store: The folder that releases are written to (made if it is not there), or `s3://…`.
        contact: An e-mail or web address that sites are told; empty: the list's.
        workers: Processes that work at once, at most; 0: as many as the machine has processors.
        settings_file: A TOML file with settings (docs/settings.md); empty: the defaults.
        accept: What may have changed much since the last release, this once.

    Raises:
        NothingCollected: There is no page yet, this run's or an earlier one's.

    And as `flows.collect.collect` and `flows.build.build`.
    """
    try:
        collection = collected(sources, into, contact)
        said = sentence_of_collection(collection)
        get_run_logger().info(said)
        result = build(_source(sources, into), store, workers, settings_file, accept=accept)
    except Exception as error:
        return cast(BuildResult, failed_state(error))
    outcome = f"{said}; {result.release_id[:8]} {result.status}"
    show_day(outcome, release_folder(built_store(store), result.release_id))
    conclude(outcome)
    return result


def _source(sources: str, into: str) -> str:
    """Return the folder of all pages.

    Raises:
        NothingCollected: There is none yet.
    """
    folder = pages_folder(into)
    if not Path(folder).is_dir():
        raise NothingCollected(
            f"no page was collected from {sources}, so nothing is built: the artifact says why"
        )
    return folder
