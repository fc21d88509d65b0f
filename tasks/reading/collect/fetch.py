"""Ask for one address, politely and within bounds; whatever goes wrong is an outcome, no error."""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib import metadata
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from tasks.reading.collect.connection import PinnedTransport, Resolve, resolved
from tasks.reading.collect.outcomes import Trouble
from tasks.reading.collect.politeness import AGENT, ROBOTS_BYTES, Host, Hosts, retry_after
from tasks.reading.collect.source_list import SourceList
from tasks.reading.confinement import NotAllowed

_REDIRECTS = {301, 302, 303, 307, 308}
#: RFC 9309: as many are followed at least, also to other hosts; after them there are no rules.
_ROBOTS_REDIRECTS = 5
_WAITING = {429, 503}
_GONE = {404, 410}
#: What a page may be: other types are told, and not read.
PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain"})
_CODINGS = "gzip, deflate"


@dataclass(frozen=True)
class Known:
    """What an address gave last time, so that it need not give it again."""

    address: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True)
class Answer:
    """What an address gave.

    Attributes:
        address: Where it was found, after redirects.
        status: 2xx, or 304: it is as it was.
        headers: Names and values, as they came.
        body: As it was sent, content codings included; chunks put together.
        asked_at: When the request began.
    """

    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    asked_at: datetime

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return next((v for key, v in self.headers if key.lower() == name.lower()), None)


class Fetcher:
    """Asks hosts. Safe for several threads: each host is asked one thing at a time."""

    def __init__(self, limits: SourceList, hosts: Hosts, resolve: Resolve = resolved) -> None:
        self._limits = limits
        self._hosts = hosts
        transport = PinnedTransport(allow_private=limits.allow_private, resolve=resolve)
        version = metadata.version("babelmill")
        headers = {
            "User-Agent": f"{AGENT}/{version} (+{limits.contact})",
            "Accept-Encoding": _CODINGS,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
        }
        self._client = httpx.Client(
            transport=transport,
            headers=headers,
            timeout=limits.timeout_seconds,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # none are kept
        )
        self._sent: list[str] = []

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return len(self._sent)

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    def get(
        self, address: str, types: frozenset[str] | None, max_bytes: int, known: Known | None = None
    ) -> Answer | Trouble:
        """Ask for an address, and follow its redirects.

        Args:
            address: `http://…` or `https://…`.
            types: Media types that are read; None: any.
            max_bytes: As sent, at most.
            known: What it gave last time; None: nothing.
        """
        here = address
        for _ in range(self._limits.max_redirects + 1):
            last = known if known is not None and known.address == here else None
            answer = self._polite(here, types, max_bytes, last)
            if isinstance(answer, Trouble) or answer.status not in _REDIRECTS:
                return answer
            target = _target(answer)
            if target is None:
                said = answer.header("Location") or "nowhere"
                return Trouble("too_many_redirects", f"to {said[:200]}")
            here = target
        return Trouble("too_many_redirects", f"more than {self._limits.max_redirects}")

    def _polite(
        self, address: str, types: frozenset[str] | None, max_bytes: int, known: Known | None
    ) -> Answer | Trouble:
        """Ask for an address when its host may be asked, once more if it says when."""
        try:
            origin, host = self._hosts.of(address)
        except ValueError as error:
            return Trouble("unreachable", f"{address[:200]} is no address: {error}")
        with host.lock:
            if host.rules is None and host.refusal is None:
                self._read_rules(host, origin)
            if host.refusal is not None:
                return Trouble(*host.refusal, is_passing=True)
            if not host.allows(address):
                return Trouble("robots", "robots.txt asks us not to")
            answer = self._once(host, address, types, max_bytes, known)
            if _is_asked_to_wait(answer) and self._waits(host, answer):
                answer = self._once(host, address, types, max_bytes, known)
                if _is_asked_to_wait(answer):
                    self._waits(host, answer)
        return answer if isinstance(answer, Trouble) else _judged(answer)

    def _read_rules(self, host: Host, origin: str) -> None:
        """Read robots.txt as RFC 9309 asks: none: all is allowed; an error: nothing is."""
        answer = self._once(host, f"{origin}/robots.txt", None, ROBOTS_BYTES, None, is_cut=True)
        for _ in range(_ROBOTS_REDIRECTS):
            if isinstance(answer, Trouble) or answer.status not in _REDIRECTS:
                break
            target = _target(answer)
            if target is None:
                break
            answer = self._once(host, target, None, ROBOTS_BYTES, None, is_cut=True)
        host.rules = Protego.parse("")
        if isinstance(answer, Trouble):
            host.closed = answer.outcome, f"robots.txt: {answer.detail}"
        elif answer.status >= 500 or answer.status in _WAITING:
            host.closed = "robots", f"robots.txt: status {answer.status}"
            self._waits(host, answer)
        elif answer.status < 300:
            host.rules = Protego.parse(answer.body.decode("utf-8", "replace"))
            host.put_off(host.delay_seconds)

    def _waits(self, host: Host, answer: Answer | Trouble) -> bool:
        """Put a host off for as long as it says; False: longer than a run waits."""
        said = answer.header("Retry-After") if isinstance(answer, Answer) else None
        wait = retry_after(said, lambda: datetime.now(UTC))
        if wait is None:
            return False
        if wait.total_seconds() > self._limits.max_delay_seconds:
            host.not_before = datetime.now(UTC) + wait
            return False
        host.put_off(wait.total_seconds())
        return True

    def _once(  # noqa: PLR0913 - what to ask whom for
        self,
        host: Host,
        address: str,
        types: frozenset[str] | None,
        max_bytes: int,
        known: Known | None,
        *,
        is_cut: bool = False,
    ) -> Answer | Trouble:
        host.wait_for_turn()
        self._sent.append(address)
        answer = self._asked(address, types, max_bytes, known, is_cut)
        failing = {"unreachable", "too_slow", "wrong_certificate", "not_public"}
        host.ended(failed=isinstance(answer, Trouble) and answer.outcome in failing)
        return answer

    def _asked(
        self,
        address: str,
        types: frozenset[str] | None,
        max_bytes: int,
        known: Known | None,
        is_cut: bool,
    ) -> Answer | Trouble:
        asked_at = datetime.now(UTC)
        deadline = _Deadline(self._limits.max_seconds)
        try:
            with deadline, self._client.stream(
                "GET", address, headers=_conditions(known), extensions={"trace": deadline.trace}
            ) as response:  # fmt: skip
                media_type = response.headers.get("content-type", "").partition(";")[0].strip()
                has_body = response.status_code < 300  # what refusals say is not looked at
                if has_body and types is not None and media_type.lower() not in types:
                    return Trouble("not_text", media_type[:100])
                body = _read(response, max_bytes, deadline, is_cut) if has_body else b""
        except NotAllowed as refused:
            return Trouble("not_public", str(refused))
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, UnicodeError, OSError) as error:
            return _trouble_of(error, deadline, self._limits)
        if isinstance(body, Trouble):
            return body
        headers = tuple(response.headers.multi_items())
        return Answer(address, response.status_code, headers, body, asked_at)


class _Deadline:
    """Shuts a connection down when a request takes too long, whatever it waits for."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._end = time.monotonic() + seconds
        self._socket: socket.socket | None = None

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note the socket of a connection: an extension of httpx."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")

    def _shut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                return

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _read(
    response: httpx.Response, max_bytes: int, deadline: _Deadline, is_cut: bool
) -> bytes | Trouble:
    """Return the body as it was sent, or only its beginning."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > max_bytes:
            if is_cut:
                return bytes(body[:max_bytes])
            return Trouble("too_large", f"more than {max_bytes:,} bytes")
        if deadline.is_over:
            break
    if deadline.is_over:  # what was shut down looks like the end of a body of no known length
        raise httpx.ReadTimeout("the body has no end")
    return bytes(body)


def _trouble_of(error: Exception, deadline: _Deadline, limits: SourceList) -> Trouble:
    if deadline.is_over:
        return Trouble("too_slow", f"more than {limits.max_seconds:g} s", is_passing=True)
    if isinstance(error, httpx.TimeoutException):
        detail = f"no answer for {limits.timeout_seconds:g} s"
        return Trouble("too_slow", detail, is_passing=True)
    if "certificate" in str(error).lower():
        return Trouble("wrong_certificate", str(error)[:200], is_passing=True)
    return Trouble("unreachable", f"{type(error).__name__}: {error}"[:200], is_passing=True)


def _judged(answer: Answer) -> Answer | Trouble:
    """Return an answer that has something, or leads somewhere; of others, what they say."""
    status = answer.status
    if 200 <= status < 300 or status == 304 or status in _REDIRECTS:
        return answer
    if status in _GONE:
        return Trouble("gone", f"status {status}")
    if status in _WAITING:
        return Trouble("told_to_wait", f"status {status}", is_passing=True)
    if status >= 500:
        return Trouble("server_error", f"status {status}", is_passing=True)
    return Trouble("refused", f"status {status}")


def _target(answer: Answer) -> str | None:
    """Return where a redirect leads; None: to no web address."""
    try:
        target = urljoin(answer.address, answer.header("Location") or "")
        parts = urlsplit(target)
    except ValueError:
        return None
    is_elsewhere = target != answer.address
    return target if parts.scheme in {"http", "https"} and parts.hostname and is_elsewhere else None


def _is_asked_to_wait(answer: Answer | Trouble) -> bool:
    return isinstance(answer, Answer) and answer.status in _WAITING


def _conditions(known: Known | None) -> dict[str, str]:
    if known is None:
        return {}
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value}
