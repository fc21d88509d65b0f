"""Check the flow: unchanged builds, verification, failed checks, rollback, two builds at once."""

import hashlib
import shutil
import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest
from prefect import flow, tags
from prefect.context import TaskRunContext
from typer.testing import CliRunner

from expectations.tables import TABLES
from flows import pool
from flows.build import build
from flows.cli import app
from flows.failures import EXIT_DIFFERS
from flows.progress import StepProgress
from flows.runners import flow_runner
from flows.verify import verify
from flows.views.terminal_text import SafeConsole
from tasks import build as building
from tasks.build import ChecksFailed
from tasks.pipeline import PIPELINE
from tasks.releases.assemble import assemble_documents
from tasks.releases.prune import prune_store
from tasks.releases.releases import (
    IncompleteRelease,
    latest_id,
    list_releases,
    read_release,
    release_tables,
    roll_back,
)
from tasks.settings import Settings
from tasks.steps.stage import Step
from tasks.steps.store import Store
from tasks.stores import UnusableStore
from tests.conftest import SEEDS

#: A tenth of the time of the encoder, where a test builds everything again.
FAST = Settings.model_validate({"entities": {"model": "fast"}})


@pytest.fixture(scope="module")
def built_fast(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a release of the seeds by the fast models. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("fast") / "store"
    assert build(str(SEEDS), str(folder), 1, settings=FAST).status == "published"
    return folder


@pytest.fixture
def fast_store(built_fast: Path, tmp_path: Path) -> Path:
    """A copy of it, free to be changed."""
    folder = tmp_path / "store"
    shutil.copytree(built_fast, folder, symlinks=True)
    return folder


@pytest.fixture
def store(seed_store: Path, tmp_path: Path) -> Path:
    """A copy of the store of the seeds, free to be changed."""
    folder = tmp_path / "store"
    shutil.copytree(seed_store, folder, symlinks=True)
    return folder


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every unit of work, however small, to a worker."""
    monkeypatch.setattr(pool, "POOL_FROM_BYTES", 0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    shutil.copytree(SEEDS, folder)
    return folder


def _parquet_hashes(store: Path) -> dict[str, str]:
    latest = store / "latest"
    files = [file for table in TABLES for file in (latest / table).glob("*.parquet")]
    return {
        file.relative_to(latest).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def test_building_again_is_unchanged_and_computes_nothing(store: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (store / "tables").rglob("*.parquet")}
    outcome = build(str(SEEDS), str(store), 1)
    after = {path: path.stat().st_mtime_ns for path in (store / "tables").rglob("*.parquet")}
    assert (outcome.status, outcome.release_id) == ("unchanged", latest_id(Store(store)))
    assert after == before


def test_moving_the_source_changes_nothing(store: Path, source: Path) -> None:
    assert build(str(source), str(store), 1).status == "unchanged"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_release_is_verified_after_its_tables_are_deleted(fast_store: Path, workers: int) -> None:
    shutil.rmtree(fast_store / "tables")
    comparison = verify(str(fast_store), workers=workers)
    assert (comparison.differences, comparison.other_values) == ([], [])
    assert comparison.files == len(TABLES)


def test_files_created_in_another_order_give_the_same_bytes(
    built_fast: Path, tmp_path: Path
) -> None:
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for path in sorted(SEEDS.iterdir(), reverse=True):
        shutil.copy(path, shuffled)
    build(str(shuffled), str(tmp_path / "store"), 2, settings=FAST)
    assert _parquet_hashes(tmp_path / "store") == _parquet_hashes(built_fast)


def test_verification_finds_a_file_that_was_damaged(fast_store: Path) -> None:
    (path,) = (fast_store / "latest" / "stories").glob("*.parquet")
    content = path.read_bytes()
    path.resolve().write_bytes(content[:99] + bytes([content[99] ^ 1]) + content[100:])
    comparison = verify(str(fast_store))
    assert (comparison.differences, comparison.damaged) == ([], ["stories/part-00000.parquet"])


def test_a_damaged_file_of_the_release_is_told_and_then_mended(store: Path) -> None:
    before = _parquet_hashes(store)
    path = (store / "latest" / "stories" / "part-00000.parquet").resolve()
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    told = CliRunner().invoke(app, ["verify", "--quick", "--store", str(store)])
    assert told.exit_code == EXIT_DIFFERS
    assert f"lost or changed: {path.relative_to(store)}" in told.output
    assert f"build {SEEDS} again" in told.output
    with pytest.raises(IncompleteRelease, match="stories"):
        release_tables(Store(store), read_release(Store(store)))
    assert build(str(SEEDS), str(store), 1).status == "mended"
    assert _parquet_hashes(store) == before
    assert CliRunner().invoke(app, ["verify", "--quick", "--store", str(store)]).exit_code == 0


def test_a_lost_link_and_a_changed_report_are_mended(store: Path) -> None:
    folder = (store / "latest").resolve()
    paths = [path for path in folder.rglob("*") if path.is_file()]
    files = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    assert {"README.md", "SHA256SUMS", "croissant.json", "report/search-000.html"} <= files.keys()
    (folder / "documents").unlink()
    (folder / "report.html").write_bytes(b"?")
    (folder / ".unfinished-entities").symlink_to("nowhere")
    assert build(str(SEEDS), str(store), 1).status == "mended"
    assert {name: (folder / name).read_bytes() for name in files} == files
    left = {path.relative_to(folder).parts[0] for path in folder.rglob("*")}
    assert left == {*TABLES, *(name.partition("/")[0] for name in files)}


def test_verification_finds_a_source_that_has_changed(fast_store: Path, source: Path) -> None:
    (source / "new.txt").write_text("Something new stands here, in one whole sentence.", "utf-8")
    comparison = verify(str(fast_store), source=str(source))
    assert {"documents", "ledger"} <= {difference.table for difference in comparison.differences}
    assert comparison.other_values is not None
    assert {"documents.text", "ledger.fate"} <= set(comparison.other_values)


def test_one_new_document_leaves_the_rows_of_the_others_alone(store: Path, source: Path) -> None:
    (source / "new.txt").write_text(
        "Вчера в Москве открылась новая выставка русской живописи.", "utf-8"
    )
    outcome = build(str(source), str(store), 1)
    steps = {step.step: step for step in read_release(Store(store)).steps}
    assert outcome.status == "published"
    for name in ("clean", "compose", "extract_entities"):
        assert (steps[name].computed, steps[name].reused) == (1, 5)


def test_an_incremental_release_has_the_bytes_of_one_from_scratch(
    fast_store: Path, source: Path, tmp_path: Path
) -> None:
    (source / "new.txt").write_text(
        "Вчера в Москве открылась новая выставка русской живописи.", "utf-8"
    )
    build(str(source), str(fast_store), 1, settings=FAST)
    build(str(source), str(tmp_path / "fresh"), 1, settings=FAST)
    assert _parquet_hashes(fast_store) == _parquet_hashes(tmp_path / "fresh")


def test_a_store_inside_the_source_is_refused(prefect_server: str, source: Path) -> None:
    with pytest.raises(UnusableStore, match="inside the source"):
        build(str(source), str(source / "data"), 1)


def test_a_store_that_lost_its_release_record_publishes_again(store: Path) -> None:
    name = latest_id(Store(store))
    (store / "releases" / f"{name}.json").unlink()
    assert build(str(SEEDS), str(store), 1).status == "published"
    assert read_release(Store(store)).release_id == name


def test_pruning_keeps_the_latest_release_and_what_the_next_build_reuses(
    store: Path, source: Path
) -> None:
    (source / "new.txt").write_text(
        "Вчера в Москве открылась новая выставка русской живописи.", "utf-8"
    )
    build(str(source), str(store), 1)
    assert prune_store(Store(store), keep=1).versions > 0
    assert len(list_releases(Store(store))) == 1
    assert _parquet_hashes(store)
    assert build(str(source), str(store), 1).status == "unchanged"


def test_settings_that_change_a_row_make_another_release(store: Path) -> None:
    settings = Settings.model_validate({"duplicates": {"num_permutations": 64}})
    before = latest_id(Store(store))
    outcome = build(str(SEEDS), str(store), 1, settings=settings)
    assert outcome.release_id != before
    assert _parquet_hashes(store)


def with_broken_documents(broken: Callable[[pl.DataFrame], pl.DataFrame]) -> list[Step]:
    def assemble_badly(*frames: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
        documents, *others = assemble_documents(*frames)
        return broken(documents), *others

    assemble_badly.__module__ = "tasks.writing.digits"  # another rule: nothing is reused
    stage = replace(assemble_documents, function=assemble_badly)  # type: ignore[arg-type]
    return [
        replace(step, stages=(stage,)) if step.name == "assemble_documents" else step
        for step in PIPELINE
    ]


def test_a_broken_table_is_not_published_and_the_failing_rows_are_named(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = with_broken_documents(lambda d: d.with_columns(language=pl.lit("xx")))
    monkeypatch.setattr(building, "PIPELINE", broken)
    before, hashes = latest_id(Store(store)), _parquet_hashes(store)
    with pytest.raises(ChecksFailed, match="documents") as failed:
        build(str(SEEDS), str(store), 1)
    assert (latest_id(Store(store)), _parquet_hashes(store)) == (before, hashes)
    examples = [example for f in failed.value.verdict.failures for example in f.examples]
    assert {"xx"} <= {str(value) for example in examples for value in example.values()}
    assert all(failure.error is None for failure in failed.value.verdict.failures)


def test_a_first_build_that_fails_its_checks_leaves_no_latest(
    prefect_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = with_broken_documents(lambda d: d.with_columns(text_chars=pl.lit(1, pl.Int64)))
    monkeypatch.setattr(building, "PIPELINE", broken)
    with pytest.raises(ChecksFailed):
        build(str(SEEDS), str(tmp_path), 1, settings=FAST)
    assert not (tmp_path / "latest").exists()
    assert list_releases(Store(tmp_path)) == []


def test_a_rollback_is_not_undone_by_the_next_build(store: Path, source: Path) -> None:
    first = latest_id(Store(store))
    (source / "new.txt").write_text(
        "Вчера в Москве открылась новая выставка русской живописи.", "utf-8"
    )
    second = build(str(source), str(store), 1).release_id
    assert roll_back(Store(store)).release_id == first
    assert build(str(source), str(store), 1).status == "withdrawn"
    assert latest_id(Store(store)) == first
    assert roll_back(Store(store), second).release_id == second
    assert build(str(source), str(store), 1).status == "unchanged"


def test_two_builds_at_once_into_one_store_leave_a_sound_store(
    prefect_server: str, source: Path, tmp_path: Path
) -> None:
    (source / "new.txt").write_text(
        "Вчера в Москве открылась новая выставка русской живописи.", "utf-8"
    )
    store = tmp_path / "store"
    statuses: list[str] = []

    def run(folder: Path) -> None:
        statuses.append(build(str(folder), str(store), 1, settings=FAST).status)

    # The address of the server is known in this context only.
    threads = [
        threading.Thread(target=copy_context().run, args=(run, folder))
        for folder in (SEEDS, source)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == ["published", "published"]
    assert len(list_releases(Store(store))) == 2
    assert verify(str(store)).differences == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_reader_opens_latest_with_the_documented_schema(seed_store: Path, name: str) -> None:
    folder = seed_store / "latest" / name
    table, columns = TABLES[name], TABLES[name].column_names
    frame = pl.read_parquet(folder / "*.parquet")
    assert frame.schema == table.polars_schema
    relation = duckdb.connect().read_parquet(f"{folder}/*.parquet")
    assert (relation.columns, len(relation)) == (columns, frame.height)
    read = pd.read_parquet(folder)
    assert (list(read.columns), len(read)) == (columns, frame.height)
    dataset = ds.dataset(folder)
    assert dataset.schema.equals(table.arrow_schema, check_metadata=True)
    assert dataset.count_rows() == frame.height


def test_no_step_asks_the_server_for_slots_of_the_tags_of_its_run(prefect_server: str) -> None:
    @flow
    def tagged() -> set[str]:
        with flow_runner(StepProgress(SafeConsole(quiet=True)), 1) as runner:
            context = runner.step("a step", 1, lambda _: TaskRunContext.get())
            assert context is not None
            return set(context.task_run.tags)

    with tags("of a command"):
        assert tagged() == set()
