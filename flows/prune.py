"""Run the flow that deletes old releases of a store, on a schedule if one wants."""

from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field

from flows.runners import log_to_run
from tasks.stores import pruned_store


@flow(name="prune", flow_run_name="prune {store}", persist_result=False)
def prune(
    store: str = "data",
    keep: Annotated[int, Field(ge=1)] = 5,
    keep_daily: Annotated[int, Field(ge=0)] = 0,
    dry_run: bool = False,
) -> int:
    """Delete releases of a store but the newest, and what only they needed; how many tables.

    Args:
        store: The folder with the releases, or `s3://…`.
        keep: How many releases stay; the one that people read always does.
        keep_daily: Of how many days, the last that have any, the newest release stays, too.
        dry_run: Delete nothing, but say what would be.

    Raises:
        UnknownStore: There is no store.
        PublishedMeanwhile: Somebody else published to the address; nothing was deleted.
        NotAllowed: The store may not be used (`tasks.reading.confinement`).
    """
    plan = pruned_store(
        store,
        keep,
        keep_daily,
        dry_run=dry_run,
        waiting=lambda: log_to_run("waiting for a build to finish"),
        tell=log_to_run,
    )
    get_run_logger().info(plan.sentence(dry_run=dry_run))
    return plan.versions
