"""A scheduler and two workers as processes, each with a folder of its own, one killed in mid-build."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import fsspec
import pytest

from flows.build import build
from tasks.releases.at_address.mirror import mirror_folder
from tasks.settings import Settings
from tests.conftest import ROOT, SEEDS
from tests.making.object_store import served_bucket

pytestmark = pytest.mark.slow

_START_SECONDS = 120
_BUILD_SECONDS = 400
#: Each document a part of its own, nearly, so that both workers have work in each step.
_SETTINGS = {"parts": {"part_documents": 1}}


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with served_bucket(tmp_path, monkeypatch) as address:
        yield address


def _start(folder: Path, command: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process of Dask's whose folders are all its own."""
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command}", "--no-dashboard", *arguments],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(folder),
                "BABELMILL_CACHE": str(folder / "cache"),
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, dict[Path, subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers; its address, and the workers by their folders."""
    told = folder / "scheduler.json"
    started = [
        _start(
            folder / "scheduler",
            "dask_scheduler",
            *("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)),
        )
    ]
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not told.is_file() or not told.read_text("utf-8").strip():
            assert time.monotonic() < deadline
            assert started[0].poll() is None
            time.sleep(0.1)
        address = json.loads(told.read_text("utf-8"))["address"]
        workers = {}
        for name in ("one", "other"):
            own = folder / name
            arguments = ("--no-nanny", "--nthreads", "1", "--local-directory", str(own / "dask"))
            workers[own] = _start(own, "dask_worker", address, *arguments)
            started.append(workers[own])
        yield address, workers
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _kill_in_a_part(workers: dict[Path, subprocess.Popen[bytes]], killed: list[Path]) -> None:
    """Kill the first worker that is seen in the middle of a part of the step that finds names."""
    deadline = time.monotonic() + _BUILD_SECONDS
    while not killed and time.monotonic() < deadline:
        for folder, process in workers.items():
            if not killed and any(folder.glob("babelmill-*/tables/clean_segments/*/*.parquet")):
                os.killpg(process.pid, signal.SIGKILL)
                killed.append(folder)
        time.sleep(0.002)


def _hashes(latest: Path) -> dict[str, str]:
    parts = sorted(latest.glob("*/*.parquet"))
    return {str(p.relative_to(latest)): sha256(p.read_bytes()).hexdigest() for p in parts}


def test_workers_without_a_shared_disk_give_the_bytes_of_a_local_build_though_one_is_killed(
    bucket: str, prefect_server: str, tmp_path: Path
) -> None:
    settings, store = Settings.model_validate(_SETTINGS), f"{bucket}/store"
    system, killed = fsspec.filesystem("s3"), list[Path]()
    for path in sorted(SEEDS.iterdir()):
        system.put_file(str(path), f"{bucket}/source/{path.name}")
    with _cluster(tmp_path) as (scheduler, workers):
        killer = threading.Thread(target=_kill_in_a_part, args=(workers, killed))
        killer.start()
        outcome = build(f"{bucket}/source", store, settings=settings, dask_address=scheduler)
        killer.join()
        assert outcome.status == "published"
        [own] = killed
        assert [folder for folder, worker in workers.items() if worker.poll() is None] == [
            folder for folder in workers if folder != own
        ]
    left = {folder: list(folder.glob("babelmill-*")) for folder in workers}
    assert left[own]  # what it was in the middle of
    assert not any(found for folder, found in left.items() if folder != own)
    local = build(f"{bucket}/source", str(tmp_path / "local"), 1, settings=settings)
    assert local.release_id == outcome.release_id
    hashes = _hashes(tmp_path / "local" / "latest")
    assert len(hashes) > 20
    assert _hashes(mirror_folder(store, "building") / "latest") == hashes
    system.invalidate_cache()
    folder = json.loads(system.cat_file(f"{store}/latest.json"))["folder"]
    sent = {name: system.cat_file(f"{store}/{folder}/{name}") for name in hashes}
    assert {name: sha256(content).hexdigest() for name, content in sent.items()} == hashes
