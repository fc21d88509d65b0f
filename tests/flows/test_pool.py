"""Check the pool of workers: where they take modules from, and what is left when some were killed.

Each pool is tried in a process of its own, as a command has one.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

#: Works on a pool of two, does something, and works on another.
_SCRIPT = """
import os, signal, time
from multiprocessing import forkserver
from flows import pool

pool.POOL_FROM_BYTES = 0


def where(_):
    import tasks.build
    return os.getpid(), tasks.build.__file__


def worked():
    workers = pool.WorkerPool(2)
    found = dict(workers.map(where, [1, 2, 3], 0))
    workers.close()
    return found


if __name__ == "__main__":
    before = dict(os.environ)
    pool.prepare_workers()
    found = worked()
    {between}
    found |= worked()
    assert os.getpid() not in found
    assert os.environ == before
    print(*set(found.values()))
"""


def _where_worked(folder: Path, between: str) -> str:
    """Run the script in a folder that has a package of our name; the files of the workers' module."""
    (folder / "here" / "tasks").mkdir(parents=True)
    (folder / "here" / "tasks" / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    script = folder / "script.py"
    script.write_text(_SCRIPT.format(between=between), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder / "here",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def test_workers_take_no_module_from_the_folder_that_a_build_is_started_in(tmp_path: Path) -> None:
    assert _where_worked(tmp_path, "pass") == str(ROOT / "tasks" / "build.py")


def test_others_work_when_the_process_that_workers_are_forked_from_was_killed(
    tmp_path: Path,
) -> None:
    kill = "os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL); time.sleep(1)"
    assert _where_worked(tmp_path, kill) == str(ROOT / "tasks" / "build.py")
