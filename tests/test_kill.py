"""`kill -9` at every write of a build: the next build completes with the same bytes.

A child process runs the stages and kills itself just before, or just after, the n-th file is
put in its place; so every state of the store that a crash can leave is tried.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SEEDS
from tests.pipeline import make_tables


def _hashes(folder: Path) -> dict[str, list[str]]:
    tables = make_tables(SEEDS, folder)
    return {name: [file.sha256 for file in table.files] for name, table in tables.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], int]:
    """The hashes of an undisturbed build, and how many files it writes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    hashes = _hashes(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return hashes, len(files)


def _kill_at(number: int, after: bool) -> Callable[[Path, Path], Path]:
    replace = Path.replace
    count = 0

    def replaced(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = replace(self, target)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return replaced


def _build_and_die(folder: Path, number: int, after: bool) -> int:
    """Build in a forked child that is killed; return the signal that ended it, 0 if none."""
    child = os.fork()
    if child == 0:
        setattr(Path, "replace", _kill_at(number, after))  # noqa: B010 - mypy forbids the other way
        make_tables(SEEDS, folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_build_killed_at_any_write_is_completed_with_the_same_bytes(
    tmp_path: Path, undisturbed: tuple[dict[str, list[str]], int], after: bool
) -> None:
    hashes, files = undisturbed
    kills = 0
    for number in range(1, files + 1, 3):
        folder = tmp_path / str(number)
        kills += _build_and_die(folder, number, after) == signal.SIGKILL
        assert _hashes(folder) == hashes
    assert kills >= files // 4


def test_a_store_that_is_killed_again_and_again_gets_there(
    tmp_path: Path, undisturbed: tuple[dict[str, list[str]], int]
) -> None:
    hashes, files = undisturbed
    signals = [_build_and_die(tmp_path, 4, after=True) for _ in range(files)]
    assert signals[0] == signal.SIGKILL
    assert signals[-1] == 0
    assert _hashes(tmp_path) == hashes
