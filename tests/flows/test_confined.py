"""Every flow and every command refuses what `BABELMILL_ROOTS` leaves out."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.build import build
from flows.cli import app
from flows.failures import EXIT_USAGE, exit_code_of
from flows.progress import StepProgress
from flows.runners import flow_runner
from flows.train import train_entities
from flows.verify import verify
from flows.views.terminal_text import SafeConsole
from tasks.reading.confinement import ROOTS, NotAllowed
from tests.conftest import SEEDS

COMMANDS = [
    ("build", str(SEEDS)), ("releases",), ("diff", "a"), ("explain", "a"), ("rollback",), ("report",),
    ("prune",), ("export", "--to", "out"),
    ("register", "--openlineage", "out"),
]  # fmt: skip


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ROOTS, str(tmp_path / "inside"))
    return tmp_path / "inside"


@pytest.mark.parametrize(
    "run",
    [
        lambda inside, out: build.fn(str(SEEDS), str(inside)),
        lambda inside, out: build.fn(str(inside), out),
        lambda inside, out: build.fn(str(inside), str(inside / "s"), dask_address="tcp://a:1"),
        lambda inside, out: verify.fn(out),
        lambda inside, out: train_entities.fn([str(SEEDS)], str(inside)),
        lambda inside, out: train_entities.fn([str(inside)], out),
    ],
)
def test_a_flow_refuses_what_lies_outside(
    run: Callable[[Path, str], object], inside: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match=ROOTS):
        run(inside, str(tmp_path / "outside"))
    assert not (tmp_path / "outside").exists()


def test_a_scheduler_among_the_roots_is_connected_to(
    inside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOTS, f"{inside}:tcp://here:8786:/elsewhere")
    monkeypatch.setattr("flows.runners._dask_submit", nullcontext)
    with flow_runner(StepProgress(SafeConsole()), 1, "tcp://here:8786") as runner:
        assert str(runner._submit) == "tcp://here:8786"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_refuses_what_lies_outside(
    command: tuple[str, ...], inside: Path, tmp_path: Path
) -> None:
    ended = CliRunner().invoke(app, [*command, "--store", str(tmp_path / "outside")])
    assert isinstance(ended.exception, NotAllowed)
    assert exit_code_of(ended.exception) == EXIT_USAGE
