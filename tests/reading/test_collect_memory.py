"""What a collection remembers: after a crash, with another file, on a full or damaged disk."""

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.reading.collect.errors import DamagedMemory
from tasks.reading.collect.memory import trouble_of
from tests.making.collecting import A, collect_from, texts_by_address
from tests.making.misbehaving_server import Reply, Sites, served


@pytest.fixture
def sites() -> Iterator[Sites]:
    with served() as found:
        yield found


def test_what_a_crash_left_behind_the_last_page_is_cut_off_and_fetched_again(
    sites: Sites, tmp_path: Path
) -> None:
    feed = sites.feed(A, "/feed", [sites.page(A, "/1", "Text 1.")])
    [file] = map(Path, collect_from(sites, tmp_path, feeds=[feed]).files)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    sites.feed(A, "/feed", [sites.page(A, "/2", "Text 2.")])
    collect_from(sites, tmp_path, feeds=[feed])
    assert sorted(len(texts) for texts in texts_by_address(tmp_path).values()) == [1, 1]
    assert file.read_bytes().startswith(whole)


def test_a_file_that_is_not_what_is_remembered_is_left_as_it_is(
    sites: Sites, tmp_path: Path
) -> None:
    page = sites.page(A, "/1", "Text.")
    [file] = map(Path, collect_from(sites, tmp_path, pages=[page]).files)
    content = file.read_bytes()
    (tmp_path / "collected.sqlite").unlink()
    [other] = map(Path, collect_from(sites, tmp_path, pages=[page]).files)
    assert other.name.endswith("-2.warc.gz")
    assert file.read_bytes() == content


def test_a_memory_that_is_damaged_is_named_with_a_remedy(sites: Sites, tmp_path: Path) -> None:
    (tmp_path / "collected.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(DamagedMemory, match=r"collected\.sqlite: .*; move it away"):
        collect_from(sites, tmp_path, pages=[sites.url(A, "/1")])


@pytest.mark.parametrize(
    ("code", "number"),
    [(sqlite3.SQLITE_FULL, errno.ENOSPC), (sqlite3.SQLITE_READONLY, errno.EACCES)],
)
def test_a_disk_that_is_full_or_refuses_is_said_as_such(code: int, number: int) -> None:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    found = trouble_of(Path("collected.sqlite"), error)
    assert isinstance(found, OSError)
    assert (found.errno, found.filename) == (number, "collected.sqlite")


def test_a_memory_that_turns_out_to_be_damaged_in_a_run_is_named(
    sites: Sites, tmp_path: Path
) -> None:
    def damage(_: object) -> Reply:
        with sqlite3.connect(tmp_path / "collected.sqlite") as other:
            other.execute("drop table files")
        return Reply(b"<p>Text.", headers={"Content-Type": "text/html"})

    sites.pages[A, "/1"] = damage
    with pytest.raises(DamagedMemory, match="move it away"):
        collect_from(sites, tmp_path, pages=[sites.url(A, "/1")])
