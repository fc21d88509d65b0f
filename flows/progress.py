"""Show a person who watches a bar per step, with documents per second and time left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from flows import stopping
from flows.talk import Talk


class Bar(Protocol):
    """Moves on by a number of documents."""

    def __call__(self, documents: int) -> None:
        """Add to what is done."""


class DocumentsPerSecond(ProgressColumn):
    """How fast a step goes."""

    def render(self, task: Task) -> Text:
        """Return the speed, or nothing before the first part is done."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} docs/s", style="cyan")


class StepProgress:
    """Shows the steps of a build: bars on a terminal, a line each where a command is piped."""

    def __init__(self, console: Console) -> None:
        self._console = console
        # A run of a deployment says it in its log and in Prefect's UI.
        self._writes_lines = stopping.owns_process() and not (console.is_terminal or Talk.quiet)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<19}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            DocumentsPerSecond(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=Talk.quiet or not console.is_terminal,
        )

    def __enter__(self) -> "StepProgress":
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Give the terminal back, with its cursor."""
        self._progress.stop()

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Bar]:
        """Show a step while it runs; `total` is in documents, or None if not known."""
        bar = self._progress.add_task(name, total=total)

        def advance(documents: int) -> None:
            self._progress.advance(bar, documents)

        started = time.monotonic()
        yield advance
        done = self._progress.tasks[bar].completed
        self._progress.update(bar, total=done, completed=done)
        if self._writes_lines:
            documents = f"{done:,.0f} documents, " if done else ""
            self._console.print(f"{name}: {documents}{time.monotonic() - started:.1f} s")
