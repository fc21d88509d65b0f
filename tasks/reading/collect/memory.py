"""Remember what was found, fetched and kept, in an SQLite file: what was kept is not kept twice.

    pages    an address that was found or listed, with what came of it last
    hosts    until when a host asked to be left alone
    files    WARC files, with the size up to which they are whole

A page and the size of the file that it was kept in are written at once, so that after a crash what
stands behind that size is a page that is not known, and is cut off.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tasks.reading.collect.errors import DamagedMemory
from tasks.reading.collect.source_list import SourceList

_SCHEMA = """
create table if not exists pages (
  key text primary key, address text not null, via text not null, list text not null,
  found_at text not null,
  asked_at text, outcome text, detail text, passing integer not null default 0,
  tries integer not null default 0, final_address text, etag text, last_modified text,
  digest text, first_fetched_at text, fetched_at text
);
create table if not exists hosts (origin text primary key, not_before text not null);
create table if not exists files (name text primary key, size_bytes integer not null);
"""


@dataclass(frozen=True)
class Page:
    """An address and what is known of it; times are UTC, ISO 8601; None: not yet.

    `via` is what named it, empty for what is listed itself; `passing` says that the next run tries
    again.
    """

    key: str
    address: str
    via: str
    list: str
    found_at: str
    asked_at: str | None = None
    outcome: str | None = None
    detail: str | None = None
    passing: int = 0
    tries: int = 0
    final_address: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    first_fetched_at: str | None = None
    fetched_at: str | None = None


_COLUMNS = tuple(Page.__dataclass_fields__)


def stamp(moment: datetime) -> str:
    """Return a time as it is remembered, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


#: What SQLite says by itself where the disk or the rights are at fault.
_REFUSED = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
_PRIMARY = 0xFF


def trouble_of(path: Path, error: sqlite3.Error) -> Exception:
    """Return what SQLite's error means: a disk that is full or refuses, or a damaged file."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in _REFUSED:
        return OSError(_REFUSED[code], os.strerror(_REFUSED[code]), str(path))
    return DamagedMemory(
        f"{path}: {error}; move it away: what was collected stays, and is fetched once more"
    )


class Memory:
    """The SQLite file, open."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it.

        Raises:
            DamagedMemory: There is a file that is none.
            OSError: The disk is full, or the file may not be written.
        """
        try:
            self._connection = sqlite3.connect(path, timeout=60)
            self._connection.row_factory = sqlite3.Row
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise trouble_of(path, error) from error

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Write all that is noted within, or nothing of it; within another, that one decides."""
        if self._connection.in_transaction:
            yield
            return
        with self._connection:
            yield

    def page(self, key: str) -> Page | None:
        """Return what is known of an address."""
        return next(self._pages("where key = ?", key), None)

    def note(self, page: Page) -> None:
        """Remember a page as it is now."""
        marks = ", ".join("?" * len(_COLUMNS))
        values = [getattr(page, name) for name in _COLUMNS]
        self._connection.execute(f"insert or replace into pages values ({marks})", values)  # noqa: S608 - marks only

    def note_found(self, pages: list[Page]) -> int:
        """Remember pages that are not known yet; how many they were."""
        before = self._connection.total_changes
        marks = ", ".join("?" * len(_COLUMNS))
        rows = [[getattr(page, name) for name in _COLUMNS] for page in pages]
        self._connection.executemany(f"insert or ignore into pages values ({marks})", rows)  # noqa: S608 - marks only
        return self._connection.total_changes - before

    def due(self, limits: SourceList, now: datetime) -> list[Page]:
        """Return the pages to ask for, those never asked first, then by the time of asking.

        Those that were found; what is listed is asked for in any case. One that leads to another
        is asked for as that.
        """
        asked_before = stamp(now - timedelta(hours=limits.revisit_hours))
        fetched_since = stamp(now - timedelta(days=limits.revisit_days))
        where = (
            "where list = ? and via != '' and (asked_at is null or (passing = 1 and tries < ?) "
            "or (digest is not null and passing = 0 and final_address = address "
            "and first_fetched_at > ? and asked_at <= ?)) "
            "order by asked_at is not null, asked_at, found_at, key"
        )
        return list(self._pages(where, limits.name, limits.max_tries, fetched_since, asked_before))

    def _pages(self, where: str, *values: object) -> Iterator[Page]:
        for row in self._connection.execute(f"select * from pages {where}", values):  # noqa: S608 - ours
            yield Page(**row)

    def left_alone(self) -> dict[str, datetime]:
        """Return until when hosts asked to be left alone."""
        rows = self._connection.execute("select origin, not_before from hosts")
        return {row["origin"]: datetime.fromisoformat(row["not_before"]) for row in rows}

    def note_left_alone(self, not_before: dict[str, datetime]) -> None:
        """Remember until when, instead of what was known."""
        self._connection.execute("delete from hosts")
        rows = [(origin, stamp(until)) for origin, until in not_before.items()]
        self._connection.executemany("insert into hosts values (?, ?)", rows)

    def size_of(self, file: str) -> int:
        """Return up to where a WARC file is whole; 0: it is not known."""
        row = self._connection.execute(
            "select size_bytes from files where name = ?", (file,)
        ).fetchone()
        return 0 if row is None else int(row["size_bytes"])

    def note_size(self, file: str, size_bytes: int) -> None:
        """Remember up to where a WARC file is whole."""
        self._connection.execute("insert or replace into files values (?, ?)", (file, size_bytes))
