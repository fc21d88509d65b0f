"""Rows are reused exactly when neither their input nor their rule changed."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.steps.store import Store
from tests.making.toy import CountingStep, doc_id, pages, put

TITLES: dict[str, str | None] = {f"document {n}": f"title {n}" for n in range(40)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def _hashes(record_outputs: object) -> list[str]:
    return [file.sha256 for file in record_outputs["page_metadata"].files]  # type: ignore[index]


def test_an_unchanged_input_computes_nothing(store: Store) -> None:
    first, again = CountingStep(), CountingStep()
    table = put(store, "a", pages(TITLES))
    first.run(store, table)
    again.run(store, table)
    assert (len(first.seen), again.seen) == (40, [])


def test_only_the_document_whose_row_changed_is_computed(store: Store) -> None:
    CountingStep().run(store, put(store, "a", pages(TITLES)))
    changed = {**TITLES, "document 7": "another title"}
    stage = CountingStep()
    record = stage.run(store, put(store, "b", pages(changed)))
    assert stage.seen == [doc_id("document 7")]
    titles = store.scan(record.outputs["page_metadata"]).collect()["title"].to_list()
    assert sorted(titles) == sorted(str(title).upper() for title in changed.values())


def test_a_document_that_went_leaves_no_row_behind(store: Store) -> None:
    CountingStep().run(store, put(store, "a", pages(TITLES)))
    fewer = {name: title for name, title in TITLES.items() if name != "document 3"}
    stage = CountingStep()
    record = stage.run(store, put(store, "b", pages(fewer)))
    assert stage.seen == []
    assert record.outputs["page_metadata"].rows == 39


@pytest.mark.parametrize("count", [1, 2, 8])
def test_an_incremental_run_writes_the_bytes_of_a_run_from_scratch(
    tmp_path: Path, count: int
) -> None:
    changed = {**TITLES, "document 7": None, "new": "new"}
    grown, fresh = Store(tmp_path / "grown"), Store(tmp_path / "fresh")
    CountingStep().run(grown, put(grown, "a", pages(TITLES), 4), 4)
    incremental = CountingStep().run(grown, put(grown, "b", pages(changed), count), count)
    scratch = CountingStep().run(fresh, put(fresh, "b", pages(changed), count), count)
    assert _hashes(incremental.outputs) == _hashes(scratch.outputs)
    assert incremental.version == scratch.version


def test_a_part_that_a_killed_run_had_finished_is_not_computed_again(store: Store) -> None:
    table = put(store, "a", pages(TITLES), 2)
    first = CountingStep()
    record = first.run(store, table, 2)
    store.step_folder("toy").joinpath(f"{record.version}.json").unlink()
    store.step_folder("toy").joinpath("newest.json").unlink()
    store.part_path("page_metadata", record.version, 1).unlink()
    again = CountingStep()
    repeated = again.run(store, table, 2)
    assert 0 < len(again.seen) < 40
    assert _hashes(repeated.outputs) == _hashes(record.outputs)


def test_changed_documents_of_several_parts_are_computed_together(store: Store) -> None:
    CountingStep().run(store, put(store, "a", pages(TITLES), 4), 4)
    changed = {name: f"{title}!" for name, title in TITLES.items() if name[-1] in "037"}
    stage = CountingStep()
    record = stage.run(store, put(store, "b", pages({**TITLES, **changed}), 4), 4)
    assert sorted(stage.seen) == sorted(doc_id(name) for name in changed)
    assert stage.calls == 1
    fresh = CountingStep().run(store, put(store, "b", pages({**TITLES, **changed}), 4), 4)
    assert fresh == record


def test_no_more_documents_are_computed_at_once_than_a_part_may_hold(store: Store) -> None:
    stage = CountingStep(part_documents=10)
    stage.run(store, put(store, "a", pages(TITLES), 4), 4)
    assert stage.calls == 4


def test_a_lost_table_file_is_computed_again(store: Store) -> None:
    table = put(store, "a", pages(TITLES))
    record = CountingStep().run(store, table)
    store.part_path("page_metadata", record.version, 0).unlink()
    again = CountingStep()
    assert _hashes(again.run(store, table).outputs) == _hashes(record.outputs)
    assert len(again.seen) == 40


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.text(max_size=4), st.none() | st.text(max_size=8), max_size=12),
    st.dictionaries(st.text(max_size=4), st.none() | st.text(max_size=8), max_size=12),
)
def test_any_change_of_the_input_gives_what_a_run_from_scratch_gives(
    tmp_path_factory: pytest.TempPathFactory,
    before: dict[str, str | None],
    after: dict[str, str | None],
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    grown, fresh = Store(folder / "grown"), Store(folder / "fresh")
    CountingStep().run(grown, put(grown, "a", pages(before)))
    incremental = CountingStep().run(grown, put(grown, "b", pages(after)))
    scratch = CountingStep().run(fresh, put(fresh, "b", pages(after)))
    assert _hashes(incremental.outputs) == _hashes(scratch.outputs)


def test_row_digests_differ_when_a_value_moves_to_another_column() -> None:
    from tasks.steps.fingerprint import row_digests

    left = pl.DataFrame(
        {"doc_id": ["a"], "x": ["1"], "y": [None]}, schema_overrides={"y": pl.String}
    )
    right = pl.DataFrame(
        {"doc_id": ["a"], "x": [None], "y": ["1"]}, schema_overrides={"x": pl.String}
    )
    assert not row_digests([left], []).equals(row_digests([right], []))


def test_a_part_that_was_damaged_is_computed_again(store: Store) -> None:
    table = put(store, "a", pages(TITLES))
    record = CountingStep().run(store, table)
    path = store.part_path("page_metadata", record.version, 0)
    path.write_bytes(path.read_bytes()[:-1])
    again = CountingStep()
    assert _hashes(again.run(store, table).outputs) == _hashes(record.outputs)
    assert len(again.seen) == 40


@pytest.mark.parametrize("suffix", ["parquet", "json"])
def test_only_documents_of_a_damaged_part_are_computed_again(store: Store, suffix: str) -> None:
    record = CountingStep().run(store, put(store, "a", pages(TITLES), 4), 4)
    damaged = record.outputs["page_metadata"].files[2]
    kept = store.step_folder("toy") / record.version / f"part-00002.{suffix}"
    kept.write_bytes(kept.read_bytes()[:-9] + b"x" + kept.read_bytes()[-8:])
    stage = CountingStep()
    grown = stage.run(store, put(store, "b", pages({**TITLES, "new": "new"}), 4), 4)
    assert damaged.rows <= len(stage.seen) <= damaged.rows + 1
    assert grown.outputs["page_metadata"].rows == 41


def test_a_byte_of_a_table_that_changed_is_noticed_before_its_rows_are_reused(store: Store) -> None:
    record = CountingStep().run(store, put(store, "a", pages(TITLES)))
    path = store.part_path("page_metadata", record.version, 0)
    content = path.read_bytes()
    path.write_bytes(content[:50] + bytes([content[50] ^ 4]) + content[51:])
    stage = CountingStep()
    stage.run(store, put(store, "b", pages({**TITLES, "new": "new"})))
    assert len(stage.seen) == 41


def test_lost_digests_cost_the_reuse_of_rows_and_nothing_else(store: Store) -> None:
    record = CountingStep().run(store, put(store, "a", pages(TITLES)))
    shutil.rmtree(store.step_folder("toy") / record.version)
    stage = CountingStep()
    grown = stage.run(store, put(store, "b", pages({**TITLES, "new": "new"})))
    assert (len(stage.seen), grown.outputs["page_metadata"].rows) == (41, 41)


@pytest.mark.parametrize("content", ["", "{", '{"stage": "toy", "of": "another time"}'])
def test_a_record_that_cannot_be_read_counts_as_missing(store: Store, content: str) -> None:
    table = put(store, "a", pages(TITLES))
    record = CountingStep().run(store, table)
    for name in (f"{record.version}.json", "newest.json"):
        (store.step_folder("toy") / name).write_text(content, "utf-8")
    assert CountingStep().run(store, table) == record


def test_going_back_to_an_earlier_input_lets_the_next_build_reuse_it(store: Store) -> None:
    first, second = put(store, "a", pages(TITLES)), put(store, "b", pages({"x": "y"}))
    for table in (first, second, first):
        CountingStep().run(store, table)
    stage = CountingStep()
    stage.run(store, put(store, "c", pages({**TITLES, "new": "new"})))
    assert stage.seen == [doc_id("new")]


def test_row_digests_are_the_same_however_many_rows_are_digested_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tasks.steps import fingerprint

    frame = pl.DataFrame({"doc_id": [*"aaaabbc"], "text": [None, "a\nb", *"abcde"]})
    whole = fingerprint.row_digests([frame], [])
    monkeypatch.setattr(fingerprint, "_ROWS_AT_ONCE", 3)
    assert fingerprint.row_digests([frame], []).equals(whole)
    assert not fingerprint.row_digests([frame.reverse().sort("doc_id")], []).equals(whole)
