"""Ask many hosts side by side, and hand the answers to one thread, which alone writes."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Full, Queue
from threading import Event
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

#: Answers that wait to be taken, at most: each is held in memory.
_MOST_WAITING = 16
_POLL_SECONDS = 0.05


class Asking(Generic[Job, Answer]):
    """Jobs of several hosts: each host's one after the other, hosts side by side."""

    def __init__(self, ask: Callable[[Job], Answer], at_once: int, end: float) -> None:
        """Take how to ask, how many hosts at once, and until when (of `time.monotonic`)."""
        self._ask = ask
        self._at_once = at_once
        self._end = end
        self._stop = Event()
        self._queue: Queue[tuple[Job, Answer] | BaseException | None] = Queue(_MOST_WAITING)

    def all(self, by_host: Mapping[str, Sequence[Job]], take: Callable[[Job, Answer], None]) -> int:
        """Ask for everything until the time is up; return how many were asked.

        Args:
            by_host: Jobs by host.
            take: Called in this thread with each job and its answer, as they come. What it
                raises ends all.
        """
        taken, askers = 0, len(by_host)
        with ThreadPoolExecutor(self._at_once) as pool:
            try:
                for jobs in by_host.values():
                    pool.submit(self._ask_host, jobs)
                while askers:
                    item = self._queue.get()
                    if isinstance(item, BaseException):
                        raise item
                    if item is None:
                        askers -= 1
                        continue
                    take(*item)
                    taken += 1
            finally:
                self._stop.set()
        return taken

    def _ask_host(self, jobs: Iterable[Job]) -> None:
        try:
            for job in jobs:
                if self._stop.is_set() or time.monotonic() > self._end:
                    break
                self._hand_over((job, self._ask(job)))
            self._hand_over(None)
        except BaseException as error:
            self._hand_over(error)

    def _hand_over(self, item: tuple[Job, Answer] | BaseException | None) -> None:
        """Wait until there is room, unless nobody takes anything any more."""
        while not self._stop.is_set():
            with suppress(Full):
                self._queue.put(item, timeout=_POLL_SECONDS)
                return
