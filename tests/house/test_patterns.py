"""Check that no regular expression takes more than its text's length: a megabyte never hangs.

Patterns of Polars are not looked at: Rust's engine is linear by construction. Those of `re` and
`regex` go back and try again, so each is tried on runs of what it looks for.
"""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest
import regex
from ftfy.badness import BADNESS_RE

from tasks.clean import chrome, debris, personal_data
from tasks.clean.personal_data import phone
from tasks.pages import set_aside
from tasks.reading import csv_dialect, mhtml
from tasks.reading.csv_dialect import Dialect
from tests.conftest import ROOT

#: Of `re` or `regex`, of text or of bytes.
Pattern = Any


class Tried(NamedTuple):
    """A pattern, and whether it is only asked how a text begins."""

    pattern: Pattern
    is_anchored: bool


#: Patterns that are only asked how a text begins, or of a whole line, in a way that the code does
#: not show.
ON_BEGINNINGS = {"_EMPTY_FIELDS", "_TRAIL", "_DATE", "_MAGIC"}
#: Patterns of a few characters only: what stands right before a number.
ON_SHORT_TEXTS = {"_OTHER_NUMBER"}
#: Functions that make patterns or use them at once: what is tried of them, and whether they are
#: only asked how a text begins.
IN_FUNCTIONS: dict[str, tuple[Callable[[], list[Pattern]], bool]] = {
    "tasks.clean.chrome._start_pattern": (lambda: [chrome._start_pattern()], True),
    "tasks.clean.chrome._end_pattern": (lambda: [chrome._end_pattern()], False),
    "tasks.clean.debris._foreign_run": (
        lambda: [debris._foreign_run(script) for script in ("Latn", "Hani", "Cyrl")],
        False,
    ),
    "tasks.clean.personal_data._hint": (
        lambda: list(map(personal_data._hint, personal_data.KINDS)),
        False,
    ),
    "tasks.clean.personal_data.phone._cue_pattern": (lambda: [phone._cue_pattern()], False),
    "tasks.clean.repair._bad_pattern": (lambda: [BADNESS_RE], False),  # made of ftfy's
    "tasks.clean.personal_data.phone._numbers_of": (
        lambda: list(filter(None, map(phone._numbers_of, ("DE", "US", "BR")))),
        True,
    ),
    "tasks.pages.set_aside._phrase": (
        lambda: [set_aside._phrase(kind) for kind in ("consent", "paywall", "comment")],
        False,
    ),
    "tasks.reading.csv_dialect._whole_cell": (
        lambda: [Dialect(",")._whole_cell(), Dialect(",", escapes=True)._whole_cell()],
        True,
    ),
    "tasks.reading.csv_dialect._spaced_cell": (lambda: [csv_dialect._spaced_cell(",")], False),
    "tasks.reading.mhtml._boundary_line": (lambda: [mhtml._boundary_line(b"B")], False),
    # What is matched there is one character, or a line of a file of ours, or without going back.
    "tasks.clean.personal_data.phone._any_of": (list, True),
    "tasks.clean.personal_data.phone._bracketed_cue": (list, True),
    "tasks.pages.page_texts.folded": (list, True),
    "tasks.clean.hyphens.parts_word": (list, True),
    "tasks.reading.pdf._lines": (list, True),
    "tasks.reading.recognised._of_text": (list, True),
    "tasks.reading.csv_dialect._has_quoted": (list, True),
    "tasks.reading.csv_dialect.rows": (list, True),
    "tasks.entities.alias_table._problem": (list, True),
    "tasks.mentions.entity_model._requirements": (list, True),
    "tasks.steps.fingerprint.installed_digest": (list, True),
    "tasks.writing.characters.table_of_patterns": (list, True),
    "tasks.writing.characters.numbers_of": (list, True),
    "tasks.writing.digits.ascii_digit": (list, True),
    "tasks.writing.scripts._is_known": (list, True),
    "tasks.writing.scripts._letter_pattern": (list, True),
}
#: What patterns look for, a character of each kind.
KINDS = (
    " \n\t\"'()<>[]{}&;#%@_-.,:/|!?aAeZ019$+~\\=*é中カがไا।。、（«“›·•　１＠Жא한\u0301\ufeff\x85😀"
)
#: Characters of a run, and of a longer one for patterns that are not quick with it.
RUN_CHARS, LONG_RUN_CHARS = 2000, 8000
#: Seconds for a character of a run from which a pattern is tried on the longer one. A pattern that
#: looks at each character again and again takes 1 to 5 nanoseconds a look, 1e-6 s a character at
#: least, whatever the machine; most others take a tenth of this.
SLOW_SECONDS = 3e-7
#: Seconds for a character of the longer run from which a pattern is suspected (looks as above: 4e-6
#: at least), and how many times as long as the short run it may take: 4 if time is as length, 16
#: if it is as length squared.
SUSPECT_SECONDS, MOST_TIMES = 1.5e-6, 8
#: A machine that does other things, too, is slow at times: what is suspected is tried so often.
TRIES = 4
_USES = {"compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((ROOT / "tasks").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(file.read_bytes())


def _uses(tree: ast.AST) -> int:
    """Return how often patterns are made or used by name of `re` or `regex`."""
    return sum(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _USES
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"re", "regex"}
        for node in ast.walk(tree)
    )


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _found_in(value: object, depth: int = 3) -> Iterator[Pattern]:
    """Yield the patterns that a value of a module is or holds."""
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _found_in(inner, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _found_in(list(value.values()), depth - 1)


def _is_anchored(tree: ast.Module, name: str) -> bool:
    """Return whether a module does nothing with a name but ask whether a text begins so."""
    attributes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    ]
    loads = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    only_asks = {node.attr for node in attributes} <= {"match", "fullmatch", "pattern"}
    return name in ON_BEGINNINGS or (only_asks and len(loads) == len(attributes))


def _of_module(name: str, tree: ast.Module) -> list[Tried]:
    return [
        Tried(pattern, _is_anchored(tree, variable))
        for variable, value in vars(importlib.import_module(name)).items()
        for pattern in _found_in(value)
        if variable not in ON_SHORT_TEXTS
    ]


def _patterns() -> dict[str, Tried]:
    made = [
        Tried(pattern, anchored) for make, anchored in IN_FUNCTIONS.values() for pattern in make()
    ]
    found = [tried for name, tree in _modules() if _uses(tree) for tried in _of_module(name, tree)]
    return {
        f"{tried.pattern.pattern!r:.70} {index}": tried for index, tried in enumerate(made + found)
    }


PATTERNS = _patterns()


def _pieces(pattern: Pattern) -> Iterator[str]:
    """Yield what runs are made of: each kind, and two of those that the pattern itself names."""
    yield from KINDS
    source = pattern.pattern
    named = [kind for kind in KINDS if kind in (source if isinstance(source, str) else str(source))]
    yield from map("".join, product([*named[:14], "a", "A", "1", "中"], repeat=2))


def _seconds(tried: Tried, piece: str, chars: int) -> float:
    run = piece * (chars // len(piece)) + "x"  # what only fails in the end is the worst
    text = run if isinstance(tried.pattern.pattern, str) else run.encode()
    started = time.process_time()
    if tried.is_anchored:
        tried.pattern.match(text)
        tried.pattern.fullmatch(text)
    else:
        for _ in tried.pattern.finditer(text):
            pass
    return time.process_time() - started


def _least_seconds(tried: Tried, piece: str, chars: int) -> float:
    return min(_seconds(tried, piece, chars) for _ in range(3))


def _takes_longer_than_its_text(tried: Tried, piece: str) -> bool:
    return all(_took_longer(tried, piece) for _ in range(TRIES))


def _took_longer(tried: Tried, piece: str) -> bool:
    if _seconds(tried, piece, RUN_CHARS) < SLOW_SECONDS * RUN_CHARS:
        return False
    if _seconds(tried, piece, LONG_RUN_CHARS) < SUSPECT_SECONDS * LONG_RUN_CHARS:
        return False
    long = _least_seconds(tried, piece, LONG_RUN_CHARS)
    is_suspect = long > SUSPECT_SECONDS * LONG_RUN_CHARS
    return is_suspect and long > MOST_TIMES * _least_seconds(tried, piece, RUN_CHARS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_as_long_as_its_text_is(name: str) -> None:
    tried = PATTERNS[name]
    slow = [piece for piece in _pieces(tried.pattern) if _takes_longer_than_its_text(tried, piece)]
    assert slow == []


@pytest.mark.long
def test_a_pattern_that_looks_again_and_again_is_told() -> None:
    again = Tried(regex.compile(r"\s*\d"), is_anchored=False)
    assert _takes_longer_than_its_text(again, " ")
    assert not _takes_longer_than_its_text(again._replace(is_anchored=True), " ")


def test_every_pattern_is_tried() -> None:
    in_functions = {
        f"{name}.{function.name}"
        for name, tree in _modules()
        for function in _functions(tree)
        if any(_uses(statement) for statement in function.body)
    }
    assert in_functions == set(IN_FUNCTIONS)
    for name, tree in _modules():
        of_functions = sum(_uses(function) for function in _functions(tree))
        short = sum(variable in ON_SHORT_TEXTS for variable in vars(importlib.import_module(name)))
        made = _uses(tree) - of_functions - short
        assert made == 0 or len(_of_module(name, tree)) >= made, name
