"""Units of work on a task runner: some to each task, results in the order of the units."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeVar

from prefect import Task
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner

from flows.progress import Bar

Result = TypeVar("Result")

#: Tasks that a worker gets in a step, if there is work enough: the last one to finish keeps
#: the others waiting for an eighth of the time, and a task on a process costs Prefect 0.2 s.
_TASKS_PER_WORKER = 4
#: Units of one task, at most: how coarse progress may become.
_MOST_UNITS = 16


class Pool:
    """A task runner and how many workers it has.

    With `shuffle`, tasks are submitted in a random order, to show that none matters.
    """

    def __init__(
        self, runner: TaskRunner[Any], workers: int, shuffle: Random | None = None
    ) -> None:
        self._runner = runner
        self._tasks = workers * _TASKS_PER_WORKER
        self._shuffle = shuffle

    def submit(
        self, task: Task[..., Result], call: Mapping[str, object], name: str = ""
    ) -> PrefectFuture[Result]:
        """Run a task once, named by its stage, if it has one, in the UI."""
        named = task.with_options(task_run_name=f"{call.get('stage', task.name)}{name}")
        future: PrefectFuture[Result] = self._runner.submit(named, dict(call))
        return future

    def map(
        self,
        task: Task[..., list[Result]],
        call: Mapping[str, object],
        units: Sequence[object],
        bar: Bar,
        documents: Callable[[Result], int],
    ) -> list[Result]:
        """Run a task on groups of neighbouring units.

        Args:
            task: Takes `units` and returns a result for each, or for some of them together.
            call: Its other parameters.
            units: Chunks of files or ranges of documents.
            bar: Moved on by what each task has done.
            documents: How many documents a result stands for.
        """
        groups = self._groups(units)
        number = len(groups)
        order = list(range(number))
        if self._shuffle is not None:
            self._shuffle.shuffle(order)
        futures = {
            index: self.submit(
                task, {**call, "units": groups[index]}, f" {index + 1}/{len(groups)}"
            )
            for index in order
        }
        for future in as_completed(list(futures.values())):
            bar(sum(documents(result) for result in future.result()))
        return [result for index in range(number) for result in futures[index].result()]

    def _groups(self, units: Sequence[object]) -> list[list[object]]:
        size = max(1, min(_MOST_UNITS, -(-len(units) // self._tasks)))
        return [list(units[start : start + size]) for start in range(0, len(units), size)]
