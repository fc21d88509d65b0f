"""Check the step around ingest: chunks are read once, and only what was read is believed."""

from pathlib import Path

import pytest

from tasks.reading.source import list_source
from tasks.settings import Settings
from tasks.steps import ingest
from tasks.steps.ingest import (
    IngestPlan,
    SourceChanged,
    finished_chunk,
    plan_ingest,
    read_chunk,
)
from tasks.steps.store import Store


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"The text of document {number}.", "utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _plan(source: Path, store: Store) -> IngestPlan:
    return plan_ingest(store, list_source(str(source)), Settings())


def _digests(source: Path) -> set[str]:
    return {chunk.digest for chunk in _plan(source, Store(source)).chunks}


def test_a_new_file_disturbs_its_own_chunk_only(source: Path) -> None:
    before = _digests(source)
    (source / "150a.txt").write_text("A new document.", "utf-8")
    assert len(before) > 2
    assert len(_digests(source) - before) <= 2


def test_moving_the_source_changes_no_chunk(source: Path) -> None:
    before = _digests(source)
    assert _digests(source.rename(source.with_name("elsewhere"))) == before


def test_a_chunk_whose_files_are_lost_is_read_again(source: Path, store: Store) -> None:
    plan = _plan(source, store)
    chunk = plan.chunks[0]
    record = read_chunk(plan, chunk)
    assert finished_chunk(store, chunk) == record
    for path in (store.step_folder("ingest") / "chunks" / chunk.digest).iterdir():
        path.unlink()
    assert finished_chunk(store, chunk) is None


def test_a_file_that_changes_while_it_is_read_is_not_kept(source: Path, store: Store) -> None:
    plan = _plan(source, store)
    chunk = plan.chunks[0]
    Path(chunk.files[0].path).write_text("Changed in between.", "utf-8")
    with pytest.raises(SourceChanged, match=chunk.files[0].uri):
        read_chunk(plan, chunk)
    assert finished_chunk(store, chunk) is None


def test_a_file_that_could_not_be_read_for_a_moment_is_not_rejected_for_ever(
    source: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = _plan(source, store)
    chunk = plan.chunks[0]

    def refuse(file: object) -> str:
        raise OSError("stale file handle")

    monkeypatch.setattr(ingest, "file_sha256", refuse)
    with pytest.raises(SourceChanged):
        read_chunk(plan, chunk)
    assert finished_chunk(store, chunk) is None
