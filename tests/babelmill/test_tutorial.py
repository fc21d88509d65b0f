"""Run every command of the tutorial, in its order, as a newcomer would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _run(language: str, code: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = ["bash", "-euo", "pipefail", "-c"] if language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*command, code],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_tutorial_leads_to_its_answer(tmp_path: Path) -> None:
    told = "\n".join(_run(language, code, tmp_path) for language, code in _BLOCK.findall(PAGE))
    assert told.count("Published release") == 2
    assert "broken.jsonl" in told
    assert "report.html" in told
    assert "Elon Musk" in told
    assert "is the latest." in told


def test_the_tutorial_has_a_command_in_each_section() -> None:
    sections = PAGE.split("\n## ")[1:]
    assert len(sections) == 5
    assert all(_BLOCK.search(section) for section in sections)
