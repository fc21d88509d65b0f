"""What a person, a disk or another program does is told in a sentence, with its exit code."""

import errno
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import failures, lost_server
from flows.failures import exit_code_of, sentence_of, show_error
from tasks.build import build
from tasks.reading import source as reading
from tasks.reading.ingest import ingest_files
from tasks.reading.source import SourceFile
from tasks.releases.releases import latest_id
from tasks.releases.survey import survey_store
from tasks.settings import Settings
from tasks.steps import ingest
from tasks.steps.ingest import SourceChanged
from tasks.steps.store import Store
from tests.conftest import ROOT
from tests.making.pipeline import PlainRunner

#: Without root's right to read and write everything; who is not root has none.
_PLAIN = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
_NO_SETPRIV = bool(_PLAIN) and shutil.which("setpriv") is None


#: Importing takes longer than all else.
_COMMANDS = """
import json, sys
from flows.command import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["babelmill", *arguments]
    try:
        main()
    except SystemExit as end:
        print(f"\\0{end.code or 0}\\0", file=sys.stderr, end="")
"""


def _babelmill(*commands: list[str], **variables: str) -> list[tuple[int, str]]:
    """Run commands as a user without special rights; the exit code and words of each."""
    done = subprocess.run(
        [*_PLAIN, sys.executable, "-c", _COMMANDS, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Traceback" not in done.stderr
    *found, _ = done.stderr.split("\0")
    return [(int(code), said) for said, code in zip(found[::2], found[1::2], strict=True)]


def _build(source: Path, store: Path) -> str:
    return build(str(source), store, Settings(), PlainRunner()).status


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two small documents."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(
            f"The story of {name} is told here in one sentence.\n", "utf-8"
        )
    return folder


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be read, but not written to."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


@contextmanager
def _files_of_at_most(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow further, as a full disk or a quota does."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_every_exit_code_is_in_the_table_of_the_docs() -> None:
    docs = (ROOT / "docs" / "commands.md").read_text("utf-8")
    codes = {str(value) for name, value in vars(failures).items() if name.startswith("EXIT_")}
    assert codes <= set(re.findall(r"^\| (\d+) \|", docs, re.MULTILINE))


def test_a_disk_that_is_full_leaves_what_readers_see(source: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    _build(source, store)
    before = latest_id(Store(store))
    (source / "c.txt").write_text("Another story is told here, in one sentence, too.\n", "utf-8")
    with _files_of_at_most(3_000), pytest.raises(OSError, match=r".") as error:
        _build(source, store)
    assert exit_code_of(error.value) == failures.EXIT_DISK_FULL
    assert str(store) in sentence_of(error.value)
    assert "free some space" in sentence_of(error.value)
    assert latest_id(Store(store)) == before
    assert survey_store(Store(store)).damage == []
    assert _build(source, store) == "published"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_whatever_says_that_nothing_more_fits_has_one_exit_code(number: int) -> None:
    error = OSError(number, os.strerror(number), "/data/x")
    assert show_error(error) == failures.EXIT_DISK_FULL


@pytest.mark.skipif(_NO_SETPRIV, reason="needs setpriv to be no root")
def test_a_store_that_cannot_be_written_is_told_before_anything_starts(
    source: Path, closed: Path
) -> None:
    stores = (closed, closed / "store")
    for code, said in _babelmill(*(["build", str(source), "--store", str(s)] for s in stores)):
        assert (code, str(closed) in said) == (failures.EXIT_NOT_ALLOWED, True)
        assert "--store" in said


@pytest.mark.skipif(_NO_SETPRIV, reason="needs setpriv to be no root")
def test_a_store_that_may_only_be_read_is_read_and_not_changed(
    source: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    _build(source, store)
    for folder in (store, *(path for path in store.rglob("*") if path.is_dir())):
        if not folder.is_symlink():
            folder.chmod(0o555)
    commands = (["build", str(source)], ["releases"], ["verify", "--quick"], ["prune"])
    *read, pruned = _babelmill(*([*command, "--store", str(store)] for command in commands))
    assert [code for code, _ in read] == [0, 0, 0]
    assert pruned[0] == failures.EXIT_NOT_ALLOWED
    assert "Permission denied" in pruned[1]


@pytest.mark.skipif(_NO_SETPRIV, reason="needs setpriv to be no root")
def test_a_store_of_another_user_is_told(source: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir(mode=0o000)
    commands = (["build", str(source)], ["releases"], ["verify", "--quick"])
    for code, said in _babelmill(*([*command, "--store", str(store)] for command in commands)):
        assert (code, str(store) in said) == (failures.EXIT_NOT_ALLOWED, True)


def test_a_store_that_is_a_file_or_in_one_is_told(source: Path) -> None:
    stores = (source / "a.txt", source / "a.txt" / "store")
    for code, said in _babelmill(*(["build", str(source), "--store", str(s)] for s in stores)):
        assert (code, "is a file" in said) == (failures.EXIT_USAGE, True)


@pytest.mark.skipif(_NO_SETPRIV, reason="needs setpriv to be no root")
def test_a_home_of_prefect_that_cannot_be_written_is_told(
    source: Path, closed: Path, tmp_path: Path
) -> None:
    home = closed / "home"
    command = ["build", str(source), "--store", str(tmp_path / "store")]
    ((code, said),) = _babelmill(command, PREFECT_HOME=str(home))
    assert (code, str(home) in said) == (failures.EXIT_SERVER_FAILED, True)
    assert "PREFECT_HOME" in said


def test_a_source_that_changes_while_it_is_read_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ingest_files

    def changed(*arguments: object) -> Iterator[object]:
        (source / "b.txt").write_text("Somebody writes.", "utf-8")
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest, "ingest_files", changed)
    _refused_as_changed(source, tmp_path)


def test_a_file_that_vanishes_after_it_was_listed_is_told(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = reading.opened_file

    def vanished(file: SourceFile) -> object:
        (source / "b.txt").unlink(missing_ok=True)
        return opened(file)

    monkeypatch.setattr(reading, "opened_file", vanished)
    _refused_as_changed(source, tmp_path)


def _refused_as_changed(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match=r"b\.txt changed or vanished") as error:
        _build(source, tmp_path / "store")
    assert show_error(error.value) == failures.EXIT_SOURCE_CHANGED


def test_a_terminal_that_cannot_show_a_letter_shows_another(tmp_path: Path) -> None:
    command = ["diff", "я", "--store", str(tmp_path / "стор")]
    ((code, said),) = _babelmill(command, PYTHONIOENCODING="latin-1")
    assert (code, "there is no store in" in said) == (failures.EXIT_NOT_FOUND, True)
    assert "/????; name it" in said


def test_a_locale_without_letters_does_not_keep_a_build_from_names_with_them(
    source: Path, tmp_path: Path
) -> None:
    (source / "a.txt").rename(source / "äñя.txt")
    _build(source, tmp_path / "störe")
    command = ["build", str(source), "--store", str(tmp_path / "störe")]
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert _babelmill(command, **variables)[0][0] == 0


def test_workers_that_are_killed_again_and_again_are_told() -> None:
    error = BrokenProcessPool("A process in the process pool was terminated abruptly")
    assert "memory ran out" in sentence_of(error)
    assert show_error(error) == failures.EXIT_WORKER_LOST


def test_an_error_of_ours_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert show_error(ZeroDivisionError("x")) == failures.EXIT_FAILED
    assert "ZeroDivisionError" in capsys.readouterr().err


_LOST = """
import sys, time
from flows import lost_server, stopping
stopping.stop_on_signals()
def show(came_to):
    print("came to", came_to, flush=True)
    return 3
with lost_server.watched(lambda: False, show) as run:
    {flow}
"""


def _lost(flow: str) -> tuple[int, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "ignore::EncodingWarning", "-c", _LOST.format(flow=flow)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, time.monotonic() - started


def test_a_flow_whose_server_was_lost_is_shown_with_a_warning() -> None:
    flow = """
    with lost_server.told() as tell:
        tell("an end")
    time.sleep(600)  # Prefect asks the server that is gone
"""
    code, said, seconds = _lost(flow)
    assert (code, seconds < 20) == (3, True)
    assert said.startswith("came to an end\nwarning: Prefect's server ended")


def test_a_server_that_is_lost_before_the_flow_begins_is_told() -> None:
    code, said, _ = _lost("time.sleep(600)")
    assert (code, "before the run began" in said) == (failures.EXIT_SERVER_FAILED, True)


def _shown(_: int) -> int:
    return 0


def test_a_flow_whose_server_was_lost_before_it_began_is_called_again_if_another_is_there() -> None:
    lost, calls = [True], []

    def start_again() -> bool:
        was_lost, lost[0] = lost[0], False
        return was_lost

    def flow() -> int:
        calls.append(lost[0])
        if lost[0]:
            raise ConnectionError
        return 5

    def answers() -> bool:
        return not lost[0]

    with lost_server.watched(answers, _shown, start_again) as run:
        assert run.call(flow) == 5
        assert calls == [True, False]


def test_a_flow_that_has_begun_is_not_called_again() -> None:
    calls = []

    def flow() -> int:
        with lost_server.told():
            calls.append(1)
            raise ConnectionError

    with (
        lost_server.watched(lambda: True, _shown, lambda: True) as run,
        pytest.raises(ConnectionError),
    ):
        run.call(flow)
    assert calls == [1]


def test_a_flow_needs_no_server_while_it_computes() -> None:
    asked = threading.Event()

    def answers() -> bool:
        asked.set()
        return True

    with lost_server.watched(answers, lambda _: 0), lost_server.told():
        assert not asked.wait(1.5)
