"""Several places are one source: in any order, each file once, under names that stay."""

from itertools import permutations
from pathlib import Path

import pytest

from tasks.reading.places import AmbiguousPlaces, places_of
from tasks.reading.source import absolute_source, list_source
from tests.making.reading import fates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two folders with files of one name, and a third of the same name as one of them."""
    for name in (
        "news/a.txt",
        "news/b.txt",
        "news/.hidden",
        "papers/a.txt",
        "papers/.hidden",
        "old/news/c.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}.", "utf-8")
    return tmp_path


def _uris(*places: Path | str) -> list[str]:
    return [file.uri for file in list_source("\n".join(map(str, places))).files]


def test_files_of_different_folders_are_named_by_their_folders(folder: Path) -> None:
    assert _uris(folder / "news", folder / "papers") == ["news/a.txt", "news/b.txt", "papers/a.txt"]
    assert _uris(folder / "news/a.txt", folder / "papers/*.txt") == ["news/a.txt", "papers/a.txt"]


def test_what_is_rejected_in_each_is_told_of_each(folder: Path) -> None:
    found = fates(f"{folder / 'news'}\n{folder / 'papers'}")
    assert {uri for uri, fate in found.items() if fate == "!unsupported_format"} == {
        "news/.hidden", "papers/.hidden",
    }  # fmt: skip


def test_files_of_one_folder_are_named_as_by_a_glob(folder: Path) -> None:
    news = folder / "news"
    assert _uris(news / "a.txt", news / "b.txt") == _uris(news / "*.txt") == ["a.txt", "b.txt"]
    assert _uris(news / "a.txt", news / "*.txt", news) == ["a.txt", "b.txt"]


def test_adding_a_file_of_the_same_folder_renames_nothing(folder: Path) -> None:
    assert _uris(folder / "news/a.txt") == ["a.txt"]
    assert _uris(folder / "news/a.txt", folder / "news/b.txt") == ["a.txt", "b.txt"]


def test_the_order_of_places_and_blank_lines_change_nothing(folder: Path) -> None:
    places = [str(folder / "news"), str(folder / "papers/a.txt"), ""]
    listings = [list_source("\n".join(order)) for order in permutations(places)]
    assert all(listing == listings[0] for listing in listings)
    assert len({absolute_source("\n".join(order)) for order in permutations(places)}) == 1


def test_roots_of_one_name_are_refused_with_a_remedy(folder: Path) -> None:
    with pytest.raises(
        AmbiguousPlaces, match="begin with news/ both: rename one, or name a folder"
    ):
        _uris(folder / "news", folder / "old/news")
    assert "news/a.txt" in _uris(folder)


def test_a_file_that_is_named_twice_is_refused(folder: Path) -> None:
    with pytest.raises(AmbiguousPlaces, match=r"[ab]\.txt is in .* and in .*: name one of them"):
        _uris(folder, folder / "news")


def test_a_path_with_a_line_break_is_one_place(tmp_path: Path) -> None:
    odd = tmp_path / "a\nb"
    odd.mkdir()
    (odd / "c.txt").write_text("Text.", "utf-8")
    assert places_of(str(odd)) == [str(odd)]
    assert _uris(odd) == ["c.txt"]
