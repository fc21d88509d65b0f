"""Members of zip and tar are read like files, limits hold, and no name leads anywhere."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reading.records import joined_uri, printable_uri
from tasks.settings import IngestSettings
from tests.making.containers import response, tar_of, zip_of
from tests.making.reading import fates

MEMBERS = {
    "a.txt": b"one",
    "folder/b.jsonl": b'{"text": "two"}\n{"text": "three"}\n',
    "c.txt.gz": gzip.compress(b"four"),
    "d.pdf": b"%PDF",
    "記事.txt": "五".encode(),
}
EXPECTED = {
    "a.txt": "one",
    "folder/b.jsonl#1": "two",
    "folder/b.jsonl#2": "three",
    "c.txt.gz": "four",
    "d.pdf": "!corrupt",
    "記事.txt": "五",
}


def prefixed(prefix: str, expected: dict[str, str]) -> dict[str, str]:
    return {f"{prefix}#{name}": fate for name, fate in expected.items()}


@pytest.mark.parametrize(
    "name",
    ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.bz2", "a.tar.zst", "a.zip.gz"],
)
def test_members_are_read_like_files(tmp_path: Path, name: str) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress,
        "tgz": gzip.compress,
        "xz": lzma.compress,
        "bz2": bz2.compress,
        "zst": zstandard.compress,
    }
    content = zip_of(MEMBERS) if ".zip" in name else tar_of(MEMBERS)
    (tmp_path / name).write_bytes(packs.get(name.rsplit(".", 1)[1], bytes)(content))
    assert fates(tmp_path) == prefixed(name, EXPECTED)


def test_archives_within_archives_are_read_up_to_the_limit(tmp_path: Path) -> None:
    inner = zip_of({"x.txt": b"deep", "t.parquet": _parquet()})
    content = tar_of({"in/z.zip": inner, "w.warc.gz": gzip.compress(response("http://a", "<p>w"))})
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(content))
    assert fates(tmp_path) == {
        "a.tar.gz#in/z.zip#x.txt": "deep",
        "a.tar.gz#in/z.zip#t.parquet#1": "row",
        "a.tar.gz#w.warc.gz#1": "<p>w",
    }
    assert fates(tmp_path, IngestSettings(max_archive_depth=1)) == {
        "a.tar.gz#in/z.zip": "!too_deep",
        "a.tar.gz#w.warc.gz#1": "<p>w",
    }


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": ["row"]}), buffer)
    return buffer.getvalue()


def test_what_must_be_copied_to_be_read_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of({"t.parquet": _parquet(), "x.txt": b"text"}))
    expected = {"a.tar#t.parquet": "!too_large", "a.tar#x.txt": "text"}
    assert fates(tmp_path, IngestSettings(max_spooled_bytes=100)) == expected


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_too_many_members_end_the_archive(tmp_path: Path, name: str) -> None:
    pack = zip_of if name == "a.zip" else tar_of
    (tmp_path / name).write_bytes(pack({f"{n}.txt": b"text" for n in range(5)}))
    expected = {f"{name}#{n}.txt": "text" for n in range(3)} | {name: "!too_many_members"}
    assert fates(tmp_path, IngestSettings(max_archive_members=3)) == expected


@pytest.mark.parametrize(
    "settings",
    [IngestSettings(min_expansion_bytes=2**21), IngestSettings(max_decompressed_bytes=2**21)],
)
def test_bombs_are_given_up(tmp_path: Path, settings: IngestSettings) -> None:
    member = b'{"text": "' + b"0" * 2**20 + b'"}\n'
    (tmp_path / "a.zip").write_bytes(zip_of({f"{n}.jsonl": member for n in range(9)}))
    found = list(fates(tmp_path, settings).values())
    assert 1 <= sum(not fate.startswith("!") for fate in found) <= 2
    assert {fate for fate in found if fate.startswith("!")} == {"!too_large"}


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "two")
    assert fates(tmp_path) == {"a.zip#a.txt": "one", "a.zip#a.txt\\2": "two"}


def test_a_member_of_a_zip_may_have_no_name(tmp_path: Path) -> None:
    nameless = zip_of({"q": b"one", "b.txt": b"two"}).replace(b"q", b"\0")
    (tmp_path / "a.zip").write_bytes(nameless)
    assert fates(tmp_path) == {"a.zip#": "one", "a.zip#b.txt": "two"}


def test_no_name_in_an_archive_touches_the_file_system(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    names = ["../../out.txt", "/abs.txt", "C:\\x.txt", "a/../../b.txt", "nul\0.txt", "x.zip#1.txt"]
    (source / "a.tar").write_bytes(tar_of(dict.fromkeys(names, b"text")))
    (source / "b.zip").write_bytes(zip_of(dict.fromkeys(names, b"text")))
    before = sorted(os.walk(tmp_path))
    found = fates(source)
    assert sorted(os.walk(tmp_path)) == before
    assert set(found.values()) == {"text"}
    assert "a.tar#../../out.txt" in found
    assert "b.zip#x.zip\\#1.txt" in found


def test_links_and_devices_in_a_tar_are_rejected(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, kind in (
            ("l.txt", tarfile.SYMTYPE),
            ("h.txt", tarfile.LNKTYPE),
            ("d.txt", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/hostname"
            archive.addfile(info)
    assert set(fates(tmp_path).values()) == {"!unsupported_format"}


def test_a_zip_with_a_password_is_encrypted(tmp_path: Path) -> None:
    content = bytearray(zip_of({"a.txt": b"text"}))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert fates(tmp_path) == {"a.zip#a.txt": "!encrypted"}


def test_a_damaged_member_costs_itself(tmp_path: Path) -> None:
    content = bytearray(zip_of({"a.txt": b"text one", "b.txt": b"text two"}))
    place = content.index(b"a.txt") + 5
    content[place : place + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "a.zip").write_bytes(content)
    assert fates(tmp_path) == {"a.zip#a.txt": "!corrupt", "a.zip#b.txt": "text two"}


@pytest.mark.parametrize("cut_blocks", [1, 3, 4])
def test_a_tar_that_breaks_off_says_so(tmp_path: Path, cut_blocks: int) -> None:
    whole = tar_of({"a.txt": b"one", "b.txt": b"two"})
    (tmp_path / "a.tar").write_bytes(whole[: cut_blocks * 512])
    found = fates(tmp_path)
    assert found["a.tar"] in {"!truncated", "!corrupt"}
    assert found.get("a.tar#a.txt", "one") in {"one", "!truncated"}


def test_a_tar_with_a_damaged_header_is_corrupt_from_there(tmp_path: Path) -> None:
    content = bytearray(tar_of({"a.txt": b"one", "b.txt": b"two"}))
    content[1024 + 150] ^= 0xFF
    (tmp_path / "a.tar").write_bytes(content)
    assert fates(tmp_path) == {"a.tar#a.txt": "one", "a.tar": "!corrupt"}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "b.tar.gz"])
def test_archives_without_files_are_empty(tmp_path: Path, name: str) -> None:
    content = {"a.zip": zip_of({}), "a.tar": b"", "b.tar.gz": gzip.compress(tar_of({}))}[name]
    (tmp_path / name).write_bytes(content)
    assert fates(tmp_path) == {name: "!empty"}


names = st.text(
    st.sampled_from("ab#\\.1\n/") | st.characters(codec="utf-8"), min_size=1, max_size=8
)


@settings(deadline=None)
@given(
    st.lists(names.map(lambda name: f"{name}.zip"), min_size=1, max_size=3),
    names,
    st.none() | st.integers(1, 20),
)
def test_places_in_archives_are_as_different_as_the_names(
    archives: list[str], member: str, number: int | None
) -> None:
    """Only what stands after a suffix is inside: the joined form can be taken apart again."""
    parts = [printable_uri(name) for name in [*archives, f"{member}.txt"]]
    uri = joined_uri(parts[0], tuple(parts[1:]), number)
    expected = parts if number is None else [*parts, str(number)]
    assert _taken_apart(uri) == expected


def _taken_apart(uri: str) -> list[str]:
    import re

    return re.split(r"(?<=\.zip)#|(?<=\.txt)#", uri)
