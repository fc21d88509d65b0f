"""Data is never run: no pickle is read from a store, and nothing of ours could read one."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import runners
from flows.build import build
from flows.train import train_entities
from flows.verify import verify
from tests.conftest import ROOT, SEEDS

_OURS = ("babelmill", "expectations", "tasks", "flows", "training", "benchmarks")
_RUNNING = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "jsonpickle"}

#: Builds, builds again, explains and compares, in a process in which no pickle can be read but
#: Babel's own data, which its package brings.
_PROGRAM = """
import sys
from pathlib import Path

def refuse(event, arguments):
    if event == "pickle.find_class" and sys._getframe(1).f_globals["__name__"] != "babel.localedata":
        raise RuntimeError(f"a pickle is read: {arguments}")

sys.addaudithook(refuse)

from tasks.build import build
from tasks.releases.diff import diff_releases
from tasks.releases.explain import explain_record
from tasks.releases.releases import list_releases, release_tables
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.making.pipeline import PlainRunner

source, store = Path(sys.argv[1]), Path(sys.argv[2])
build(str(source), store, Settings(), PlainRunner())
(source / "more.txt").write_text("The museum of Lisbon was opened by Angela Merkel in March.")
build(str(source), store, Settings(), PlainRunner())
before, after = (release_tables(Store(store), release) for release in list_releases(Store(store)))
print(diff_releases(before, after, 5).records_came, explain_record(after, "more.txt").ledger["fate"])
"""


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "yaml":
            yield ast.unparse(node)
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            yield f"allow_pickle={node.value.value!r}"


def test_nothing_of_ours_can_turn_data_into_code() -> None:
    files = [path for folder in _OURS for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 150
    found = {str(path): sorted(_RUNNING & set(_imports(path))) for path in files}
    assert {path: names for path, names in found.items() if names} == {}
    running = {"eval", "exec", "allow_pickle=True"}
    harmless = {"yaml.safe_load", "yaml.YAMLError"}
    called = {
        str(path): sorted(
            name
            for name in set(_calls(path))
            if name in running or (name.startswith("yaml.") and name not in harmless)
        )
        for path in files
    }
    assert {path: names for path, names in called.items() if names} == {}


@pytest.mark.long
def test_no_pickle_is_read_where_a_store_is_written_and_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for seed in sorted(SEEDS.iterdir())[:2]:
        (source / seed.name).write_bytes(seed.read_bytes())
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(source), str(tmp_path / "store")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert ended.stdout.split() == ["1", "published"]


@pytest.mark.parametrize(
    "run", [build, verify, train_entities, runners.run_step, runners.run_group]
)
def test_prefect_keeps_no_result_which_it_would_pickle(run: object) -> None:
    assert run.persist_result is False  # type: ignore[attr-defined]
