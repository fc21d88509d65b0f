"""After `kill -9` at any write of a build, the next build completes with the same bytes.

A process of its own builds and publishes, and kills itself just before, or just after, the n-th
file or link is put in its place; so every kind of state that a crash can leave is tried.
"""

import multiprocessing
import os
import shutil
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tasks.releases.survey import survey_store
from tasks.steps.store import Store
from tests.conftest import SEEDS

#: One of this many writes is chosen (odd: before and after in turn); a build of the source below makes about 110.
_STRIDE = 37

Hashes = dict[str, list[str]]


def _die_at(number: int) -> None:
    """Let this process kill itself around its n-th replacing of a file, before if n is odd."""
    replace, count = Path.replace, 0

    def replaced(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == number and number % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        result = replace(self, target)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(Path, "replace", replaced)  # noqa: B010 - mypy forbids the plain way


def _run(source: Path, folder: Path, number: int, answer: Connection) -> None:
    from tests.making.kill_preload import build

    if number:
        _die_at(number)
    answer.send(build(source, folder))


def _build(source: Path, folder: Path, number: int = 0) -> Hashes | None:
    """Build in a process of its own; None if it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.making.kill_preload"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(source, folder, number, sender))
    process.start()
    sender.close()
    try:
        hashes: Hashes | None = receiver.recv()
    except EOFError:
        hashes = None
    process.join()
    assert process.exitcode == (0 if hashes else -signal.SIGKILL)
    return hashes


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of the seeds: one with repeats, one long."""
    folder = tmp_path_factory.mktemp("source")
    for number in ("000", "003"):
        for path in SEEDS.glob(f"{number}_*"):
            shutil.copy(path, folder)
    return folder


def _writes(folder: Path) -> int:
    """Return how many files and links a build put in their places: all but the lock."""
    return sum(path.is_file() or path.is_symlink() for path in folder.rglob("*")) - 1


def _kill_at_writes(source: Path, folder: Path, stride: int) -> None:
    hashes = _build(source, folder / "undisturbed")
    writes = _writes(folder / "undisturbed")
    assert writes > 90
    # Backwards, so that the last ones, those of the publication, are always tried.
    for number in range(writes, 0, -stride):
        store = folder / str(number)
        assert _build(source, store, number) is None, number
        assert not [path for path in store.glob("latest/*") if path.name.startswith(".")]
        assert _build(source, store) == hashes, number
        assert survey_store(Store(store)).findings == [], number
        shutil.rmtree(store)


@pytest.mark.long
def test_a_build_killed_at_any_write_is_completed_with_the_same_bytes(
    source: Path, tmp_path: Path
) -> None:
    _kill_at_writes(source, tmp_path, _STRIDE)


@pytest.mark.slow
def test_a_build_killed_at_each_write_is_completed_with_the_same_bytes(
    source: Path, tmp_path: Path
) -> None:
    _kill_at_writes(source, tmp_path, 1)


def test_a_build_that_is_killed_again_and_again_gets_there(source: Path, tmp_path: Path) -> None:
    results = [_build(source, tmp_path / "store", number=30) for _ in range(5)]
    assert results[0] is None
    assert results[-1] == _build(source, tmp_path / "undisturbed")
