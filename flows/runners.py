"""Run steps as Prefect tasks, their parts here, on a pool of processes, or on a Dask cluster."""

import os
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from random import Random
from typing import Any, TypeVar, cast
from uuid import uuid4

from prefect import get_client, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL
from prefect.states import Cancelled

from flows import stopping
from flows.errors import DaskMissing
from flows.pool import Submit, WorkerPool, apply, dealt_out
from flows.progress import StepProgress
from tasks.reading.confinement import is_address, refuse_outside
from tasks.releases.at_address.far_work import FarWork
from tasks.steps.build import Advance
from tasks.stores import built_store

Unit = TypeVar("Unit")
Result = TypeVar("Result")

#: A part is pure and its output is written whole or not at all, so trying again is safe: it
#: helps where a disk or a network file system fails for a moment, or a worker was killed.
_RETRIES = 1
_RETRY_DELAY_SECONDS = 1
#: Until a run that is to be cancelled is looked for again.
_LOOK_AGAIN_SECONDS = 0.05


@task(
    cache_policy=NO_CACHE,
    persist_result=False,  # Prefect would pickle it
    retries=_RETRIES,
    retry_delay_seconds=_RETRY_DELAY_SECONDS,
)
def run_step(work: Callable[[Advance], Any], advance: Advance) -> Any:  # noqa: ANN401
    """Run a step of a build."""
    return work(advance)


@task(
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=_RETRIES,
    retry_delay_seconds=_RETRY_DELAY_SECONDS,
)
def run_group(function: Callable[[Any], Any], units: list[Any]) -> list[Any]:
    """Compute some parts of a step on a Dask worker."""
    return apply(function, units)


class FlowRunner:
    """Shows each step as a task of the flow that it is used in, and as a bar on the terminal.

    With `shuffle`, groups of units are submitted in a random order, to show that none matters.
    """

    def __init__(
        self,
        progress: StepProgress,
        workers: int,
        submit: Submit[Any, Any] | None = None,
        shuffle: Random | None = None,
        far_work: FarWork | None = None,
    ) -> None:
        self._far_work = far_work
        self._progress = progress
        self._workers = workers
        self._submit = submit
        self._shuffle = shuffle
        self._pool = WorkerPool(workers, shuffle)

    def step(self, name: str, documents: int, work: Callable[[Advance], Result]) -> Result:
        """Run a step as a task named by it, tried again once if it fails.

        On Dask the groups of its parts are the tasks: what runs in a task of this process
        cannot be sent to another machine.
        """
        named = run_step.with_options(name=name, task_run_name=name)
        # A task asks the server for a slot for each of its tags before it begins, or fails.
        no_tags = TagsContext(current_tags=set())
        with no_tags, self._progress.step(name, documents or None) as advance:
            if self._submit is not None:
                return work(advance)
            result = cast(Result, named(work, advance))
        self._pool.end_large_workers()
        return result

    def map(
        self, function: Callable[[Unit], Result], units: Sequence[Unit], size_bytes: int
    ) -> Iterator[Result]:
        """Apply a function to units: here if that is little work, else on the workers."""
        found = None if self._submit is None else self._far(self._submit, function, units)
        return self._pool.map(function, units, size_bytes) if found is None else found

    def _far(
        self,
        submit: Submit[Any, Any],
        function: Callable[[Unit], Result],
        units: Sequence[Unit],
    ) -> Iterator[Result] | None:
        """Apply a function to units on Dask; None if only this machine can."""

        def deal(function: Callable[[Any], Any], units: Sequence[Any]) -> Iterator[Any]:
            return dealt_out(submit, function, units, self._workers, self._shuffle)

        if self._far_work is None:
            return deal(function, units)
        return self._far_work.map(function, units, deal)

    def close(self) -> None:
        """End the workers of the pool."""
        self._pool.close()


@contextmanager
def flow_runner(
    progress: StepProgress,
    workers: int | None,
    dask_address: str | None = None,
    shuffle: Random | None = None,
    store: str = "",
) -> Iterator[FlowRunner]:
    """Give a runner to a flow, and end its workers afterwards.

    Args:
        progress: Shows the steps on a terminal.
        workers: Worker processes at most, started when there is work for them; None: as many
            as there are processors.
        dask_address: Address of a Dask scheduler to use instead of processes.
        shuffle: Gives groups of units a random order.
        store: Where is built: at an address Dask's workers need not share a disk with this machine.

    Raises:
        DaskMissing: An address is given and the extra `dask` is not installed.
        NotAllowed: There are roots and it is none of them: it would be sent the data.
    """
    if dask_address is not None:
        refuse_outside(dask_address, "Dask scheduler")
    is_far = dask_address is not None and is_address(store)
    far_work = FarWork(store, built_store(store), log_to_run) if is_far else None
    count = workers or os.cpu_count() or 1
    with _dask(dask_address) as submit, progress, stopping.on_stop(progress.stop):
        runner = FlowRunner(progress, count, submit, shuffle, far_work)
        try:
            yield runner
        finally:
            runner.close()


def _dask(address: str | None) -> AbstractContextManager[Submit[Any, Any] | None]:
    return nullcontext() if address is None else _dask_submit(address)


@contextmanager
def _dask_submit(address: str) -> Iterator[Submit[Any, Any]]:
    if find_spec("prefect_dask") is None:
        raise DaskMissing("a Dask address needs the extra: pip install -e '.[dask]'")
    from prefect_dask.task_runners import DaskTaskRunner

    with DaskTaskRunner(address=address) as runner:

        def submit(function: Callable[[Any], Any], units: list[Any]) -> Any:  # noqa: ANN401
            return runner.submit(run_group, {"function": function, "units": units})

        yield submit


def log_to_run(message: str) -> None:
    """Write a line to the log of the run that this is called in."""
    get_run_logger().warning(message)


@contextmanager
def cancelled_on_stop() -> Iterator[None]:
    """Around a flow: if this process is stopped by a signal, leave no run that seems to go on.

    A signal may come after the server has made the run and before anything here knows of it. So
    what this process starts is found by a tag, also if it comes into being meanwhile.
    """
    tag = f"command-{uuid4().hex[:12]}"

    def cancel() -> None:
        with _quick_client() as client:
            while not _cancel_tagged(client, tag):
                time.sleep(_LOOK_AGAIN_SECONDS)

    with stopping.on_stop(cancel), tags(tag):
        yield


def _quick_client() -> SyncPrefectClient:
    """Return a client of the server; where there is no TLS, one that loads no certificates.

    To load them takes as long as all that is then asked, and who pressed Ctrl-C waits.
    """
    if not str(PREFECT_API_URL.value()).startswith("http://"):
        return get_client(sync_client=True)
    without = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return get_client({"verify": without}, sync_client=True)


def _cancel_tagged(client: SyncPrefectClient, tag: str) -> bool:
    """Cancel the runs that have a tag; whether there is any, ended ones among them."""
    tagged = FlowRunFilter(tags=FlowRunFilterTags(all_=[tag]))
    runs = client.read_flow_runs(flow_run_filter=tagged)
    for run in runs:
        if run.state is None or not run.state.is_final():
            state: State[None] = Cancelled(message="Stopped on the terminal.")
            client.set_flow_run_state(run.id, state, force=True)
    return bool(runs)
