"""What commands print: facts as JSON, six lines at the end of a build, nothing cut in a pipe."""

import json
import os
import re
import shutil
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.tables import TABLES
from flows.cli import app
from flows.collecting import app as collecting
from flows.failures import EXIT_NOT_FOUND
from flows.handing_on import app as handing_on
from flows.reading import app as reading
from flows.verifying import app as verifying
from tasks.releases.releases import UnknownRelease, latest_id, read_release
from tasks.steps.store import Store
from tasks.stores import UnknownStore
from tests.conftest import ROOT, SEEDS

_ESCAPE = "\x1b"


def _piped(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command import main; main()", *arguments]
    # Without the warnings about encodings that `make test` asks for: packages cause some.
    ours = {"COLUMNS", "PYTHONWARNDEFAULTENCODING"}
    known = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        command,
        env={**known, **variables},
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


@pytest.fixture(scope="module")
def latest(seed_store: Path) -> str:
    return str(latest_id(Store(seed_store)))


@pytest.fixture(scope="module")
def long_store(seed_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the seeds, under a name that no terminal has the width for."""
    folder = tmp_path_factory.mktemp("long") / ("n" * 120)
    shutil.copytree(seed_store, folder, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def unchanged(long_store: Path) -> subprocess.CompletedProcess[str]:
    return _piped("build", str(SEEDS), "--store", str(long_store))


def test_a_build_ends_in_six_lines_that_say_what_it_came_to_and_where_to_look(
    unchanged: subprocess.CompletedProcess[str], latest: str
) -> None:
    said = unchanged.stdout.splitlines()
    assert len(said) == 6
    assert re.fullmatch(rf"Unchanged: the source gives release {latest}, .* \([\d.]+ s\)", said[0])
    assert "rejected: none" in said[1]
    assert [line.partition(":")[0] for line in said[2:]] == [
        *("checks", "content", "report", "tables"),
    ]


def test_nothing_is_cut_to_a_width_or_coloured_in_a_pipe(
    unchanged: subprocess.CompletedProcess[str], long_store: Path, latest: str
) -> None:
    assert f"report: {long_store / 'releases' / latest / 'report.html'}" in unchanged.stdout
    assert _ESCAPE not in unchanged.stdout + unchanged.stderr


def test_no_line_in_a_pipe_is_filled_up_to_a_width(seed_store: Path) -> None:
    record = sorted(SEEDS.iterdir())[0].name
    shown = [
        _piped("explain", record, "--store", str(seed_store)).stdout,
        _piped("releases", "--store", str(seed_store)).stdout,
    ]
    assert max(len(line) for text in shown for line in text.splitlines()) < 1000


def test_quiet_says_nothing_of_what_went_well(long_store: Path) -> None:
    done = _piped("-q", "build", str(SEEDS), "--store", str(long_store))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_verbose_shows_the_rows_of_every_table(long_store: Path) -> None:
    done = _piped("-v", "build", str(SEEDS), "--store", str(long_store))
    assert {line.split()[0] for line in done.stdout.splitlines()} >= set(TABLES)


def test_no_color_is_obeyed_on_a_terminal(tmp_path: Path) -> None:
    colours = re.compile(r"\x1b\[[\d;]*3\d")
    shown = [
        _piped("releases", "--store", str(tmp_path), FORCE_COLOR="1", **more).stderr
        for more in ({}, {"NO_COLOR": "1"})
    ]
    assert [bool(colours.search(text)) for text in shown] == [True, False]


def _json(*arguments: str) -> object:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_facts_are_json_for_programs(seed_store: Path, latest: str, tmp_path: Path) -> None:
    store = ("--store", str(seed_store))
    releases = _json("releases", *store)
    assert isinstance(releases, list)
    assert [(one["release"], one["latest"]) for one in releases] == [(latest, True)]
    found = {
        "diff": _json("diff", latest, *store),
        "explain": _json("explain", "000_df01b2b724b5794d.txt", *store),
        "report": _json("report", *store),
        "verify": _json("verify", "--quick", *store),
        "build": _json("build", str(SEEDS), *store),
        "export": _json("export", "--to", str(tmp_path / "export"), *store),
    }
    keys = {"records_came", "ledger", "report", "findings", "status", "jsonl"}
    assert all(key in value for key, value in zip(sorted(keys), _by_key(found), strict=True))


def _by_key(found: dict[str, object]) -> list[dict[str, object]]:
    order = ["verify", "export", "explain", "diff", "report", "build"]
    return [dict(found[name]) for name in order]  # type: ignore[call-overload]


def test_every_command_that_prints_facts_offers_json() -> None:
    apps = (app, reading, verifying, handing_on, collecting)
    commands = [command for one in apps for command in one.registered_commands]
    calls = [command.callback for command in commands if command.callback is not None]
    without = {call.__name__ for call in calls if "as_json" not in signature(call).parameters}
    assert without == {"serve", "register", "entities"}  # they do, or write, and print no facts


def test_versions_are_printed() -> None:
    assert re.match(r"babelmill [\d.]+, prefect [\d.]+, Python 3", _piped("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ["releases"],
        ["report"],
        ["diff", "a"],
        ["rollback"],
        ["prune"],
        ["verify"],
        ["explain", "a"],
    ],
)
def test_a_store_that_does_not_exist_is_an_error_and_is_not_made(
    tmp_path: Path, arguments: list[str]
) -> None:
    place = tmp_path / "nowhere"
    result = CliRunner().invoke(app, [*arguments, "--store", str(place)])
    assert isinstance(result.exception, UnknownStore)
    assert "there is no store in" in str(result.exception)
    assert not place.exists()


def test_an_unknown_store_ends_a_command_with_five(tmp_path: Path) -> None:
    done = _piped("releases", "--store", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (EXIT_NOT_FOUND, "")
    assert done.stderr.startswith("babelmill: there is no store in")


def test_the_beginning_of_a_name_is_enough_if_no_other_release_begins_so(
    seed_store: Path, latest: str, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(seed_store, folder, symlinks=True)
    store = Store(folder)
    assert read_release(store, latest[:3]).release_id == latest
    record = folder / "releases" / f"{latest}.json"
    shutil.copy(record, record.with_name(f"{latest[:-1]}x.json"))
    with pytest.raises(UnknownRelease, match=f"more than one release begins with {latest[:3]}"):
        read_release(store, latest[:3])
    assert read_release(store, latest).release_id == latest
