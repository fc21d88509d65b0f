"""A document cannot make a terminal do anything: no control character of it is printed."""

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from expectations.results import ExpectationResult, Verdict
from flows import console, failures, results
from flows.errors import BadSettings
from flows.views.terminal_text import SafeConsole
from tests.conftest import ROOT

#: Set the title, clear the screen, write to the clipboard (OSC 52), C1's CSI, and reorder a line.
HOSTILE = "\x1b]0;title\x07\x1b[2J\x1b]52;c;YQ==\x07\x9b31m\r\x08\u202egpj.exe\u2066\u2029"
FORBIDDEN = set("\x1b\x07\x9b\r\x08\u202e\u2066\u2029")


def _console() -> SafeConsole:
    return SafeConsole(file=io.StringIO(), width=120, color_system=None)


def _printed(shown: SafeConsole) -> str:
    assert isinstance(shown.file, io.StringIO)
    return shown.file.getvalue()


@pytest.mark.parametrize("wrapped", [str, Text, lambda text: Table(text, title=text)])
def test_no_control_character_is_printed_however_it_is_wrapped(wrapped: type) -> None:
    shown = _console()
    shown.print(wrapped(f"before {HOSTILE} after"), markup=False)
    assert not FORBIDDEN & set(_printed(shown))
    assert "after" in _printed(shown)


@given(st.text())
def test_whatever_is_printed_has_no_control_characters_but_line_ends(text: str) -> None:
    shown = _console()
    shown.print(text, markup=False, soft_wrap=True)
    printed = _printed(shown)
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in printed)
    assert not set(printed) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


def test_styles_are_printed_where_text_is_made_harmless() -> None:
    shown = SafeConsole(file=io.StringIO(), force_terminal=True, color_system="standard")
    shown.print(Text(f"red {HOSTILE}", style="red"))
    assert "\x1b[31mred" in _printed(shown)
    assert "\x1b]" not in _printed(shown)


def test_errors_and_verdicts_print_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _console()
    monkeypatch.setattr(console, "out", shown)
    monkeypatch.setattr(results, "out", shown)
    monkeypatch.setattr(failures, "errors", shown)
    failed = ExpectationResult(
        table="documents", expectation=HOSTILE, reason=HOSTILE, passed=False, error=None,
        examples=[{HOSTILE: HOSTILE}],
    )  # fmt: skip
    results.show_verdict(Verdict(results=[failed, failed.model_copy(update={"error": HOSTILE})]))
    failures.show_error(BadSettings(f"{HOSTILE}\nsecond line"))
    console.show_rows([{HOSTILE: HOSTILE}])
    assert not FORBIDDEN & set(_printed(shown))
    assert "second line" in _printed(shown)


def test_a_traceback_prints_none() -> None:
    program = (
        "import sys; from flows.console import show_traceback; sys.excepthook = show_traceback\n"
        f"raise ZeroDivisionError({HOSTILE!r})"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr
    assert "line 2, in <module>" in ended.stderr
    assert not FORBIDDEN & set(ended.stderr)
