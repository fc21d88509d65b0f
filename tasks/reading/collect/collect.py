"""Collect what is new: ask what is listed for links, then the pages that are due, and keep them.

    <folder>/pages/<list>-<day>.warc.gz    the pages: the source of a build
    <folder>/collected.sqlite              what was found, fetched and kept

What was found and not fetched, since a run or a host has had enough, is fetched by the next run.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from tasks.reading.collect.archive import Archive
from tasks.reading.collect.asking import Asking
from tasks.reading.collect.bodies import decoded, visible_digest
from tasks.reading.collect.connection import Resolve, resolved
from tasks.reading.collect.errors import BeingCollected
from tasks.reading.collect.fetch import PAGE_TYPES, Answer, Fetcher, Known
from tasks.reading.collect.links import page_key
from tasks.reading.collect.listed import Found, links_of
from tasks.reading.collect.memory import Memory, Page, stamp, trouble_of
from tasks.reading.collect.outcomes import OUTCOMES, Trouble
from tasks.reading.collect.politeness import Hosts
from tasks.reading.collect.source_list import Kind, SourceList
from tasks.reading.confinement import NotAllowed, is_address, refuse_outside

Tell = Callable[[str], None]
#: Where a build finds the pages, below the folder that is collected into.
PAGES = "pages"
_MEMORY = "collected.sqlite"
#: Lists name at most so many more: sitemaps of an index, feeds of a home page.
_MOST_LISTS = 500


@dataclass(frozen=True)
class Job:
    """An address to ask for: as what, and what is known of it."""

    kind: Kind
    page: Page


@dataclass(frozen=True)
class Told:
    """What came of an address: see `tasks.reading.collect.outcomes`."""

    address: str
    via: str
    outcome: str
    detail: str


@dataclass
class Collected:
    """What came of a run.

    Attributes:
        counts: Addresses by outcome.
        troubles: What was not fetched, and why.
        requests: How many were sent, robots.txt included.
        left: Pages that are due and were not asked for.
        files: WARC files that were appended to.
    """

    counts: dict[str, int] = field(default_factory=dict)
    troubles: list[Told] = field(default_factory=list)
    requests: int = 0
    left: int = 0
    files: list[str] = field(default_factory=list)

    def in_order(self) -> dict[str, int]:
        """Return the counts in the order in which outcomes are told."""
        return {name: self.counts[name] for name in OUTCOMES if name in self.counts}


def collect(
    sources: SourceList, into: Path | str, tell: Tell = lambda _: None, resolve: Resolve = resolved
) -> Collected:
    """Fetch what is new at what a list names, and append it to the WARC file of the day.

    Args:
        sources: The list.
        into: A folder of this machine, which is made if it is not there.
        tell: Told what whoever watches should know.
        resolve: Finds the addresses of a host.

    Raises:
        NotAllowed: The folder may not be written (`tasks.reading.confinement`), or is an address.
        BeingCollected: Another process collects into it.
        DamagedMemory: What it holds is not known.
        OSError: It cannot be written.
    """
    if is_address(str(into)):
        raise NotAllowed(f"pages are kept in a folder of this machine: {into} is an address")
    folder = Path(into).absolute()
    refuse_outside(folder, "folder")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".collecting")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise BeingCollected(f"{folder}: another process collects into it; wait for it") from error
    try:
        with closing(Memory(folder / _MEMORY)) as memory:
            return _Run(sources, folder, memory, tell, resolve).collected()
    except sqlite3.Error as error:
        raise trouble_of(folder / _MEMORY, error) from error
    finally:
        lock.release()


class _Run:
    """One run: only its own thread writes; others fetch."""

    def __init__(
        self, sources: SourceList, folder: Path, memory: Memory, tell: Tell, resolve: Resolve
    ) -> None:
        self._sources = sources
        self._memory = memory
        self._tell = tell
        self._now = datetime.now(UTC)
        self._end = time.monotonic() + 60 * sources.max_minutes
        self._hosts = Hosts(sources, memory.left_alone())
        self._fetcher = Fetcher(sources, self._hosts, resolve)
        self._archive = Archive(folder / PAGES, sources.name, self._now, memory)
        self._collected = Collected()
        self._more: list[tuple[Kind, str]] = []

    def collected(self) -> Collected:
        """Ask for everything, and return what came of it."""
        try:
            self._ask_listed()
            self._ask_pages()
        finally:
            self._fetcher.close()
            self._archive.close()
            not_before = {**self._memory.left_alone(), **self._hosts.left_alone()}
            with self._memory.at_once():
                self._memory.note_left_alone(not_before)
        self._collected.requests = self._fetcher.requests
        return self._collected

    def _ask_listed(self) -> None:
        """Ask feeds, sitemaps and home pages for links, and what these name for theirs."""
        self._more = [(kind, link) for kind, link in self._sources.addresses() if kind != "page"]
        asked: set[str] = set()
        limit = len(self._more) + _MOST_LISTS
        while self._more:
            jobs = {
                job.page.key: job for kind, link in self._more for job in [self._job(kind, link)]
            }
            fresh = [job for key, job in jobs.items() if key not in asked][: limit - len(asked)]
            asked |= {job.page.key for job in fresh}
            self._more = []
            self._ask_all(fresh, self._take_links)

    def _ask_pages(self) -> None:
        """Ask for the pages that are listed, and for those that are due."""
        listed = [self._job(kind, a) for kind, a in self._sources.addresses() if kind == "page"]
        due = [Job("page", page) for page in self._memory.due(self._sources, self._now)]
        jobs = list({job.page.key: job for job in (*listed, *due)}.values())
        asked = self._ask_all(jobs[: self._sources.max_pages], self._take_page)
        self._collected.left = len(jobs) - asked
        if self._collected.left:
            self._tell(f"{self._collected.left:,} pages are left for the next run")

    def _job(self, kind: Kind, address: str) -> Job:
        key = page_key(address) if kind == "page" else f"{kind} {address}"
        return Job(kind, self._memory.page(key) or self._page(key, address, via=""))

    def _page(self, key: str, address: str, via: str) -> Page:
        return Page(key, address, via, self._sources.name, found_at=stamp(self._now))

    def _ask_all(self, jobs: Sequence[Job], take: Callable[[Job, Answer | Trouble], None]) -> int:
        by_host: dict[str, list[Job]] = {}
        for job in jobs:
            by_host.setdefault(_host_of(job.page.address), []).append(job)
        return Asking(self._ask, self._sources.hosts_at_once, self._end).all(by_host, take)

    def _ask(self, job: Job) -> Answer | Trouble:
        page, is_page = job.page, job.kind == "page"
        known = Known(page.final_address or page.address, page.etag, page.last_modified)
        answer = self._fetcher.get(
            page.address,
            PAGE_TYPES if is_page else None,
            self._sources.max_page_bytes if is_page else self._sources.max_list_bytes,
            # What names other lists is read in any case: these may have changed, if it has not.
            known if page.fetched_at is not None and job.kind in {"feed", "page"} else None,
        )
        if isinstance(answer, Answer) and answer.status == 304 and page.fetched_at is None:
            return Trouble("refused", "status 304 for a page that was never fetched")
        return answer

    def _take_links(self, job: Job, answer: Answer | Trouble) -> None:
        """Note the pages that a listed address names, and what else is to be asked for links."""
        if isinstance(answer, Trouble):
            return self._note_trouble(job.page, answer)
        if answer.status == 304:
            return self._note(replace(job.page, outcome="unchanged", detail=None))
        body = decoded(answer)
        found = body if isinstance(body, Trouble) else links_of(job.kind, answer.address, body)
        if isinstance(found, Trouble):
            return self._note_trouble(job.page, found)
        self._more += found.more
        return self._note_links(_fetched(job.page, answer, "links"), found)

    def _note_links(self, page: Page, found: Found) -> None:
        pages = [self._page(page_key(link), link, via=page.address) for link in found.pages]
        with self._memory.at_once():
            fresh = self._memory.note_found(pages)
            self._note(replace(page, detail=f"{fresh} new of {len(pages)}"))

    def _take_page(self, job: Job, answer: Answer | Trouble) -> None:
        """Keep what a page gave, if it is not what is kept of it already."""
        # What led here may have been kept since the job was made.
        page = self._memory.page(job.page.key) or job.page
        if isinstance(answer, Trouble):
            return self._note_trouble(page, answer)
        if answer.status == 304:
            return self._note(replace(page, outcome="unchanged", detail=None, passing=0))
        body = decoded(answer)
        if isinstance(body, Trouble):
            return self._note_trouble(page, body)
        return self._keep(page, answer, visible_digest(body))

    def _keep(self, page: Page, answer: Answer, digest: str) -> None:
        target = page_key(answer.address)
        other = self._memory.page(target) if target != page.key else None
        outcome = "new" if page.digest is None else "changed"
        if other is not None and other.digest == digest:
            outcome = "redirected"
        outcome = "unchanged" if page.digest == digest else outcome
        page = replace(_fetched(page, answer, outcome), digest=digest)
        with self._memory.at_once():
            if outcome in {"new", "changed"}:
                self._archive.append(answer)
                self._collected.files = [str(self._archive.path)]
            if target != page.key:  # so that it is not fetched as a page of its own
                via = page.via or page.address
                self._memory.note(replace(page, key=target, address=answer.address, via=via))
            self._note(page)

    def _note_trouble(self, page: Page, trouble: Trouble) -> None:
        passing = int(trouble.is_passing)
        tries = page.tries + (trouble.outcome != "told_to_wait")
        told = replace(
            page, outcome=trouble.outcome, detail=trouble.detail, passing=passing, tries=tries
        )
        self._note(told)
        self._collected.troubles.append(
            Told(page.address, page.via, trouble.outcome, trouble.detail)
        )

    def _note(self, page: Page) -> None:
        """Remember what came of a page, and count it."""
        with self._memory.at_once():
            self._memory.note(replace(page, asked_at=stamp(self._now)))
        outcome = page.outcome or ""
        self._collected.counts[outcome] = self._collected.counts.get(outcome, 0) + 1


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _fetched(page: Page, answer: Answer, outcome: str) -> Page:
    """Return a page as it is after it was fetched."""
    return replace(
        page,
        outcome=outcome,
        detail=None,
        passing=0,
        tries=0,
        final_address=answer.address,
        etag=answer.header("ETag"),
        last_modified=answer.header("Last-Modified"),
        first_fetched_at=page.first_fetched_at or stamp(answer.asked_at),
        fetched_at=stamp(answer.asked_at),
    )
