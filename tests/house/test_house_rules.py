"""Hold rules that a reader can rely on and that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
FOLDERS = ("babelmill", "benchmarks", "docs", "expectations", "flows", "tasks", "tests", "training")
#: Folders whose modules begin by saying what they do; tests begin with what holds.
DESCRIBED = ("babelmill", "benchmarks", "expectations", "flows", "tasks", "training")
NO_DEEDS = {"A", "An", "How", "The", "What", "Which"}
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_folder_with_python_is_looked_at() -> None:
    assert {file.parent.name for file in ROOT.glob("*/*.py")} == set(FOLDERS)


def test_no_file_is_longer_than_a_few_screens() -> None:
    long = {str(file.relative_to(ROOT)): _lines(file) for file in FILES}
    assert {name: lines for name, lines in long.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{file.relative_to(ROOT)}:{function.name}": lines
        for file in FILES
        for function in _functions(file)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert long == {}


def _says_what_it_does(file: Path) -> bool:
    first = (ast.get_docstring(ast.parse(file.read_bytes())) or "").partition("\n")[0]
    return first.endswith(".") and first.split()[0] not in NO_DEEDS


def test_every_module_begins_with_what_it_does() -> None:
    modules = [file for file in FILES if file.relative_to(ROOT).parts[0] in DESCRIBED]
    assert [str(file) for file in modules if not _says_what_it_does(file)] == []


#: How many arguments stand before the encoding, by what reads or writes text.
_BEFORE_ENCODING = {"read_text": 0, "write_text": 1}
#: And what does so if told `text=True`.
_STARTING = {"Popen", "check_output", "run"}


def _calls_without_encoding(file: Path) -> Iterator[int]:
    """Yield the lines where a text is read or written in whatever encoding the locale has."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        keywords = {keyword.arg for keyword in node.keywords}
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        is_bare = name in _BEFORE_ENCODING and len(node.args) <= _BEFORE_ENCODING[name]
        is_text = name in _STARTING and "text" in keywords
        if (is_bare or is_text) and "encoding" not in keywords:
            yield node.lineno


def test_no_text_is_read_or_written_in_the_encoding_of_the_locale() -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in FILES
        for line in _calls_without_encoding(file)
    ]
    assert bare == []
