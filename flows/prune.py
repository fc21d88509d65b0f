"""Run the flow that deletes old releases of a store, on a schedule if one wants."""

from typing import Annotated

from prefect import flow
from pydantic import Field

from flows.runners import log_to_run
from tasks.build import open_store
from tasks.releases.releases import prune_store


@flow(name="prune", flow_run_name="prune {store}", persist_result=False)
def prune(store: str = "data", keep: Annotated[int, Field(ge=1)] = 5) -> int:
    """Delete releases of a store but the newest, and what only they needed; how many tables.

    Args:
        store: The folder with the releases.
        keep: How many releases stay; the one that people read always does.

    Raises:
        NotAllowed: The store may not be used (`tasks.reading.confinement`).
    """
    opened = open_store(store)
    with opened.locked(lambda: log_to_run("waiting for a build to finish")):
        return prune_store(opened, keep)
