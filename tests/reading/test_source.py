"""Check what a source holds: folders, files, globs, links, and names of all kinds."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.records import printable_uri
from tasks.reading.source import SourceNotFound, file_sha256, list_source


def made(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    return folder


def uris(source: object) -> list[str]:
    return [file.uri for file in list_source(str(source)).files]


def reasons(source: object) -> dict[str, str]:
    return {item.source_uri: item.reason for item in list_source(str(source)).rejections}


def test_a_folder_is_listed_with_its_folders_in_order(tmp_path: Path) -> None:
    made(tmp_path, "b.txt", "a/z.html", "a/c/d.jsonl.gz", "B.TXT.ZST", "x.csv")
    assert uris(tmp_path) == ["B.TXT.ZST", "a/c/d.jsonl.gz", "a/z.html", "b.txt", "x.csv"]


def test_a_single_file_is_named_without_its_folder(tmp_path: Path) -> None:
    made(tmp_path, "a/b.txt")
    [file] = list_source(str(tmp_path / "a/b.txt")).files
    assert (file.uri, file.size_bytes) == ("b.txt", 7)
    assert pickle.loads(pickle.dumps(file)) == file


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "b/c.txt", "b/d/e.txt"]),
        ("b/*", ["c.txt"]),
        ("b/**", ["c.txt", "d/e.txt"]),
        ("b/[d]/?.txt", ["d/e.txt"]),
        ("**/d/**/*.txt", ["b/d/e.txt"]),
    ],
)
def test_a_glob_names_files_from_its_fixed_folder(
    tmp_path: Path, pattern: str, expected: list[str]
) -> None:
    made(tmp_path, "a.txt", "b/c.txt", "b/d/e.txt", "f.html")
    assert uris(tmp_path / pattern) == expected


def test_a_glob_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made(tmp_path, "a.txt"))
    assert uris("*.txt") == uris("a.txt") == ["a.txt"]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tmp_path: Path) -> None:
    assert uris(made(tmp_path, "a[1].txt") / "a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize("source", ["missing", "missing/*.txt", "*.html", "empty"])
def test_nothing_to_read_is_said_with_a_remedy(tmp_path: Path, source: str) -> None:
    made(tmp_path, "a.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceNotFound, match=r"name (a folder|another)"):
        list_source(str(tmp_path / source))


def test_an_unknown_kind_of_file_is_rejected_not_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "a.png", ".hidden", "style.css", "logo.png?v=3", "c.txt.br")
    assert set(reasons(tmp_path).values()) == {"unsupported_format"}
    assert len(reasons(tmp_path)) == 5


def test_a_glob_reports_a_linked_folder_that_it_did_not_enter(tmp_path: Path) -> None:
    made(tmp_path / "source", "a.txt")
    made(tmp_path / "elsewhere", "b.txt")
    (tmp_path / "source/link").symlink_to(tmp_path / "elsewhere")
    assert reasons(tmp_path / "source/**/*.txt") == {"link": "outside_source"}
    assert reasons(tmp_path / "source/*.txt") == {}


def test_a_link_named_by_the_operator_is_followed_wherever_it_leads(tmp_path: Path) -> None:
    made(tmp_path, "target/a.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "target")
    (tmp_path / "file.txt").symlink_to(tmp_path / "target/a.txt")
    assert uris(tmp_path / "folder") == ["a.txt"]
    assert uris(tmp_path / "file.txt") == ["file.txt"]


def test_a_hash_is_of_the_bytes(tmp_path: Path) -> None:
    [file] = list_source(str(made(tmp_path, "a.txt"))).files
    assert file_sha256(file).startswith("18b7cb099a9e")


@given(st.binary(min_size=1, max_size=12), st.binary(min_size=1, max_size=12))
def test_two_names_have_two_printable_forms(one: bytes, other: bytes) -> None:
    first, second = printable_uri(os.fsdecode(one)), printable_uri(os.fsdecode(other))
    assert (first == second) == (one == other)
    assert first.encode().decode().isprintable() or not first.isascii()


def test_usual_names_stay_as_they_are() -> None:
    assert printable_uri("記事/C# für Anfänger.txt") == "記事/C# für Anfänger.txt"
