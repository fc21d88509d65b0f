"""Check the command line: exit codes, messages, and that the docs name every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.collecting import app as collecting
from flows.errors import BadSettings
from flows.failures import EXIT_USAGE, exit_code_of
from flows.handing_on import app as handing_on
from flows.reading import app as reading
from flows.settings_file import read_settings
from flows.verifying import app as verifying
from tasks.releases.content import content_digest
from tasks.releases.releases import UnknownRelease, latest_id, read_release
from tasks.steps.store import Store
from tests.conftest import ROOT, SEEDS


def _babelmill(*arguments: str, server: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flows.command import main; main()", *arguments]
    environment = {**os.environ, "PREFECT_API_URL": server, "COLUMNS": "200"}
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", cwd=ROOT, check=False
    )


def _settings_error(tmp_path: Path, text: str) -> str:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSettings) as error:
        read_settings(path)
    return str(error.value)


def test_a_misspelt_setting_is_named_with_those_that_are_allowed(tmp_path: Path) -> None:
    message = _settings_error(tmp_path, "[parts]\npart_document = 5")
    assert "parts.part_document does not exist" in message
    assert "part_documents" in message


def test_an_unknown_group_is_named_with_those_that_are_allowed(tmp_path: Path) -> None:
    message = _settings_error(tmp_path, "[part]\n")
    assert "setting part does not exist" in message
    assert "duplicates" in message


def test_a_value_out_of_bounds_is_named_with_its_bound(tmp_path: Path) -> None:
    assert "parts.part_documents" in _settings_error(tmp_path, "[parts]\npart_documents = 0")


def test_a_settings_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    assert "settings.toml" in _settings_error(tmp_path, "parts = ")


def test_null_can_be_said_in_a_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[resolve]\nalias_table = "null"\n[entities.backends]\nfr = "null"\n', "utf-8")
    settings = read_settings(path)
    assert (settings.resolve.alias_table, settings.entities.backends) == (None, {"fr": None})


def test_an_error_of_ours_has_no_exit_code_of_its_own() -> None:
    assert exit_code_of(UnknownRelease("x")) == 5
    assert exit_code_of(ZeroDivisionError()) is None


def test_a_build_prints_the_verdict_and_where_to_look(
    prefect_server: str, seed_store: Path
) -> None:
    done = _babelmill("build", str(SEEDS), "--store", str(seed_store), server=prefect_server)
    assert done.returncode == 0, done.stderr
    assert "Unchanged" in done.stdout
    assert "expectations met" in done.stdout
    release = read_release(Store(seed_store))
    assert f"content: {content_digest(release.content)}" in done.stdout
    assert "report.html" in done.stdout


def test_a_source_that_does_not_exist_ends_with_five(prefect_server: str, tmp_path: Path) -> None:
    done = _babelmill("build", "no/such/folder", "--store", str(tmp_path), server=prefect_server)
    assert done.returncode == 5
    assert "no/such/folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_limits_for_a_language_that_there_is_not_end_a_build_with_two_and_a_sentence(
    prefect_server: str, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("[quality.languages.english]\nmax_symbol_share = 0.2\n", "utf-8")
    arguments = ("--store", str(tmp_path / "store"), "--settings", str(settings))
    done = _babelmill("build", str(SEEDS), *arguments, server=prefect_server)
    assert done.returncode == EXIT_USAGE
    assert "setting quality.languages: english is no language tag; allowed are" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["releases", "report", "explain", "diff", "rollback", "export"])
def test_a_command_that_reads_answers_without_a_traceback(
    seed_store: Path, command: str, tmp_path: Path
) -> None:
    release = str(latest_id(Store(seed_store)))
    arguments = {
        "explain": ["000_df01b2b724b5794d.txt"],
        "diff": [release, release],
        "rollback": [release],
        "export": ["--to", str(tmp_path), "--as", "jsonl,csv,ftm,conll,brat"],
    }
    call = [command, *arguments.get(command, []), "--store", str(seed_store)]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_every_command_is_in_the_docs_and_has_help() -> None:
    docs = (ROOT / "docs" / "commands.md").read_text("utf-8")
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    documented = {
        line.split("`")[1].split()[1] for line in docs.splitlines() if "| `babelmill" in line
    }
    for command in documented:
        assert f" {command} " in shown
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
    names = {info.name or info.callback.__name__ for info in _registered()}
    names |= {group.name for group in app.registered_groups if group.name}
    assert names == documented


def _registered() -> list:  # type: ignore[type-arg]
    apps = (app, reading, collecting, verifying, handing_on)
    return [command for one in apps for command in one.registered_commands]
