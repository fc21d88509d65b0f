"""What is built is compared with what people read: a source that collapsed is not published."""

import json
from collections.abc import Collection
from pathlib import Path

import pytest

from tasks.build import ChecksFailed, Outcome, build
from tasks.releases.accepted import OtherSource, UnknownAcceptance
from tasks.releases.releases import latest_id, read_release
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner
from tests.making.small_releases import PLAIN


def _write(source: Path, documents: int, first: int = 0) -> None:
    source.mkdir(exist_ok=True)
    lines = [json.dumps({"text": story(first + number)}) for number in range(documents)]
    (source / "feed.jsonl").write_text("\n".join(lines), "utf-8")


def _build(
    folder: Path,
    source: str = "source",
    accept: Collection[str] = (),
    said: list[str] | None = None,
) -> Outcome:
    return build(
        str(folder / source), folder / "store", Settings.model_validate(PLAIN), PlainRunner(),
        tell=(said if said is not None else []).append, accept=accept,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a source of 60 documents and a store with a release of it."""
    _write(tmp_path / "source", 60)
    _build(tmp_path)
    return tmp_path


def test_a_feed_that_collapsed_is_not_published_until_it_is_accepted(folder: Path) -> None:
    store = Store(folder / "store")
    first = latest_id(store)
    _write(folder / "source", 5)
    with pytest.raises(ChecksFailed, match=r"^not published: document_loss") as failed:
        _build(folder)
    assert "0.917, limit 0.5, documents 5, previous_documents 60" in str(failed.value)
    assert latest_id(store) == first
    with pytest.raises(ChecksFailed, match="document_loss"):
        _build(folder, accept=["language_loss"])
    assert _build(folder, accept=["document_loss"]).status == "published"
    release = read_release(store)
    assert release.accepted == ["document_loss"]
    assert [r.accepted_as for r in release.verdict.results if r.accepted] == ["document_loss"]
    assert _build(folder).status == "unchanged"


def test_a_feed_that_went_back_to_what_it_once_was_is_judged_like_any_other(tmp_path: Path) -> None:
    for documents in (5, 60):
        _write(tmp_path / "source", documents)
        _build(tmp_path)
    _write(tmp_path / "source", 5)
    with pytest.raises(ChecksFailed, match="document_loss"):
        _build(tmp_path)
    assert _build(tmp_path, accept=["document_loss"]).status == "restored"


def test_another_source_is_refused_until_it_is_named(folder: Path) -> None:
    _write(folder / "other", 61, first=100)
    with pytest.raises(OtherSource, match=r"which has 0% of its records.*--accept source"):
        _build(folder, "other")
    assert _build(folder, "other", ["source"]).status == "published"
    assert read_release(Store(folder / "store")).accepted == ["source"]


def test_a_source_that_moved_is_the_same_and_may_grow(folder: Path) -> None:
    (folder / "source").rename(folder / "moved")
    assert _build(folder, "moved").status == "unchanged"
    _write(folder / "moved", 62)
    assert _build(folder, "moved").status == "published"


def test_a_place_more_makes_no_other_source(folder: Path) -> None:
    _write(folder / "more", 20, first=200)
    both = f"{folder / 'source'}\n{folder / 'more'}"
    settings = Settings.model_validate(PLAIN)
    assert build(both, folder / "store", settings, PlainRunner()).status == "published"
    assert read_release(Store(folder / "store")).tables["documents"].rows == 80


def test_the_first_build_says_that_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    _write(tmp_path / "source", 3)
    said: list[str] = []
    _build(tmp_path, said=said)
    assert said == ["the first release of this store: there is no last one to compare it with"]


def test_an_unknown_name_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownAcceptance, match="nonsense: no such check; allowed are source, "):
        _build(tmp_path, accept=["nonsense"])
