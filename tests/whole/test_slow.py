"""Check what takes minutes: Dask, `kill -9` of the command, the hostile folder, many documents."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from benchmarks.corpus import write_corpus
from expectations.tables import TABLES
from flows.build import build
from tasks.pipeline import PIPELINE
from tasks.settings import Settings
from tests.conftest import ROOT, SEEDS
from tests.making.hostile import make_hostile_folder

pytestmark = pytest.mark.slow

_BUILD_SECONDS = 240
#: What a build writes first in each stage; a check writes nothing before its verdict, so that
#: it begins with the record of the last stage.
_FIRST_WRITES = {
    "ingest": ("steps/ingest/**/*", "tables/raw_documents/*"),
    **{
        step.name: (f"steps/{step.name}/*", *(f"tables/{table}/*" for table in step.writes))
        for step in PIPELINE
    },
    "check": (f"steps/{PIPELINE[-1].name}/*.json",),
    "publish": ("releases/*",),
}


def _tables(store: Path) -> dict[str, pl.DataFrame]:
    """Read what people read now: one release, whatever `latest` becomes meanwhile."""
    release = (store / "latest").resolve()
    return {name: pl.read_parquet(release / name / "*.parquet") for name in TABLES}


def _hashes(store: Path) -> dict[str, str]:
    latest = store / "latest"
    files = [file for table in TABLES for file in sorted((latest / table).glob("*.parquet"))]
    return {str(file.relative_to(latest)): sha256(file.read_bytes()).hexdigest() for file in files}


def _assert_ledger_adds_up(tables: dict[str, pl.DataFrame]) -> None:
    ledger = tables["ledger"]
    fates = dict(ledger.group_by("fate").len().iter_rows())
    published = fates["published"] + fates.get("duplicate", 0)
    assert ledger["source_uri"].is_unique().all()
    assert published == tables["documents"].height
    assert fates.get("rejected", 0) == tables["rejects"].height
    assert published + tables["rejects"].height == ledger.height


@pytest.fixture(scope="module")
def older_store(prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a release of two of the seeds. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("older")
    (folder / "source").mkdir()
    for path in sorted(SEEDS.iterdir())[:2]:
        shutil.copy(path, folder / "source")
    assert build(str(folder / "source"), str(folder / "store"), 1).status == "published"
    return folder / "store"


def test_a_dask_cluster_gives_the_bytes_of_one_thread(seed_store: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        store = tmp_path / "store"
        outcome = build(str(SEEDS), str(store), dask_address=cluster.scheduler_address)
    assert outcome.status == "published"
    assert _hashes(store) == _hashes(seed_store)


@contextmanager
def _reader(store: Path) -> Iterator[list[int]]:
    """Read the latest release again and again; the numbers of documents that were seen."""
    seen: list[int] = []
    errors: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.1):
            try:
                tables = _tables(store)
                _assert_ledger_adds_up(tables)
                seen.append(tables["ledger"].height)
            except Exception as error:
                errors.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
    assert errors == []


def _matches(store: Path, patterns: tuple[str, ...]) -> set[Path]:
    return {path for pattern in patterns for path in store.glob(pattern)}


def _kill_build_in(stage: str, store: Path, server: str) -> int:
    """Start the command, kill it at the first write of a stage, and return its exit code."""
    patterns = _FIRST_WRITES[stage]
    before = _matches(store, patterns)
    command = [sys.executable, "-c", "from flows.command import main; main()"]
    process = subprocess.Popen(
        [*command, "build", str(SEEDS), "--store", str(store), "--workers", "1"],
        env={**os.environ, "PREFECT_API_URL": server},
        cwd=ROOT,
        start_new_session=True,
    )
    deadline = time.monotonic() + _BUILD_SECONDS
    while _matches(store, patterns) <= before and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


@pytest.mark.parametrize("stage", _FIRST_WRITES)
def test_a_build_killed_in_any_stage_is_completed_and_readers_never_notice(
    stage: str, prefect_server: str, seed_store: Path, older_store: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(older_store, store, symlinks=True)
    with _reader(store) as seen:
        assert _kill_build_in(stage, store, prefect_server) == -signal.SIGKILL
        assert build(str(SEEDS), str(store), 1).status in {"published", "restored", "unchanged"}
    assert set(seen) <= {2, 5}
    assert len(seen) > 10
    assert _hashes(store) == _hashes(seed_store)
    assert list(store.rglob(".unfinished-*")) == []


def test_a_hostile_folder_is_published_by_two_workers(prefect_server: str, tmp_path: Path) -> None:
    expected = make_hostile_folder(tmp_path / "source")
    outcome = build(str(tmp_path / "source"), str(tmp_path / "store"), 2)
    tables = _tables(tmp_path / "store")
    assert outcome.status == "published"
    assert tables["ledger"].height == len(expected.documents) + len(expected.rejections)
    _assert_ledger_adds_up(tables)


def test_the_number_of_workers_changes_no_byte_of_many_documents(
    prefect_server: str, tmp_path: Path
) -> None:
    write_corpus(tmp_path, documents=1_500, seed=1)
    settings = Settings.model_validate({"parts": {"part_documents": 150}})
    for workers in (1, 2):
        build(str(tmp_path / "source"), str(tmp_path / str(workers)), workers, settings=settings)
    hashes = _hashes(tmp_path / "1")
    assert len(hashes) > len(TABLES)
    assert hashes == _hashes(tmp_path / "2")


def test_a_changed_corpus_is_built_with_the_bytes_of_one_from_scratch(
    prefect_server: str, tmp_path: Path
) -> None:
    write_corpus(tmp_path, documents=1_500, seed=1)
    build(str(tmp_path / "source"), str(tmp_path / "grown"), 2)
    write_corpus(tmp_path, documents=1_500, seed=1, changed=0.02)
    build(str(tmp_path / "source"), str(tmp_path / "grown"), 2)
    build(str(tmp_path / "source"), str(tmp_path / "fresh"), 2)
    assert _hashes(tmp_path / "grown") == _hashes(tmp_path / "fresh")
