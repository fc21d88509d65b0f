"""Keep what a host may be asked, and when: robots.txt, delays, Retry-After, failures.

One request of a host at a time, whoever asks; the next no sooner than its delay after the last
has ended.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from protego import Protego

from tasks.reading.collect.source_list import SourceList

#: What rules for us may be called in robots.txt.
AGENT = "Babelmill"
#: RFC 9309: what must be read of robots.txt at least.
ROBOTS_BYTES = 500 * 1024


class _Turn:
    """Whose turn it is at a host of one name, whatever the scheme and the port."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next = 0.0


class Host:
    """A host: its rules, and when it may be asked next. To be used while its `lock` is held."""

    def __init__(self, limits: SourceList, not_before: datetime | None, turn: _Turn) -> None:
        self.lock = turn.lock
        #: None: not read yet. Without rules, everything may be read.
        self.rules: Protego | None = None
        #: Why nothing may be asked for, an outcome and a detail: its robots.txt could not be had.
        self.closed: tuple[str, str] | None = None
        #: Until when it asked to be left alone, if that is longer than a run waits.
        self.not_before = not_before
        self._limits = limits
        self._failures = 0
        self._turn = turn

    @property
    def refusal(self) -> tuple[str, str] | None:
        """Why it is not asked in this run: an outcome and a detail; None: it may be."""
        if self.not_before is not None and self.not_before > datetime.now(UTC):
            return "told_to_wait", f"until {self.not_before:%Y-%m-%d %H:%M} UTC"
        if self._failures >= self._limits.max_host_failures:
            return "unreachable", f"{self._failures} failures in a row: left alone in this run"
        return self.closed

    def wait_for_turn(self) -> None:
        """Sleep until the next request may begin."""
        time.sleep(max(0.0, self._turn.next - time.monotonic()))

    def ended(self, *, failed: bool) -> None:
        """Note that a request has ended, well or because the host did not answer."""
        self._failures = self._failures + 1 if failed else 0
        self.put_off(self.delay_seconds)

    def put_off(self, seconds: float) -> None:
        """Let the next request begin no sooner than in so many seconds."""
        self._turn.next = max(self._turn.next, time.monotonic() + seconds)

    @property
    def delay_seconds(self) -> float:
        """Seconds between requests: ours or what robots.txt asks for, whichever is more."""
        asked = 0.0 if self.rules is None else float(self.rules.crawl_delay(AGENT) or 0)
        return max(self._limits.delay_seconds, min(asked, self._limits.max_delay_seconds))

    def allows(self, address: str) -> bool:
        """Whether its rules let us read an address."""
        return self.rules is None or self.rules.can_fetch(address, AGENT)


class Hosts:
    """All hosts that were asked, by `scheme://name:port`, of which each has rules of its own."""

    def __init__(self, limits: SourceList, not_before: Mapping[str, datetime]) -> None:
        self._limits = limits
        self._not_before = not_before
        self._hosts: dict[str, Host] = {}
        self._turns: dict[str, _Turn] = {}
        self._making = threading.Lock()

    def of(self, address: str) -> tuple[str, Host]:
        """Return the host of an address, always the same, with its name."""
        parts = urlsplit(address)
        name = (parts.hostname or "").lower()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        origin = f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"
        with self._making:
            if origin not in self._hosts:
                turn = self._turns.setdefault(name, _Turn())
                self._hosts[origin] = Host(self._limits, self._not_before.get(origin), turn)
            return origin, self._hosts[origin]

    def left_alone(self) -> dict[str, datetime]:
        """Return until when hosts asked to be left alone."""
        return {
            origin: host.not_before
            for origin, host in self._hosts.items()
            if host.not_before is not None
        }


def retry_after(value: str | None, now: Callable[[], datetime]) -> timedelta | None:
    """Return how long a Retry-After header says to wait; None: it says nothing that is read."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return timedelta(seconds=min(int(value), 10**9))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now(), timedelta())
