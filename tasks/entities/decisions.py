"""Read what the user decided of names: which are one, which are two, what they are called.

`babelmill entities --review` writes the doubtful ones as such a table; its format is in
`seeds/reference/README.md`.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tasks.entities.alias_table import content_digest, read_setting_file
from tasks.settings import ResolveSettings, Settings
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS

JOIN, PART, RENAME, DROP = DECISIONS = ("join", "part", "rename", "drop")
#: The columns that a table must have; others only inform.
KEY_COLUMNS = ("decision", "language", "name", "other")
_PARQUET = b"PAR1"


class DecisionsError(ValueError):
    """The table of decisions cannot be used."""


class Decision(NamedTuple):
    """A row that decides something.

    Attributes:
        line: Its line in the file; of Parquet, its row, from 1.
        decision: One of `DECISIONS`.
        language: Tag of the texts whose names are meant; empty: all.
        name: The name.
        other: The name that it is one with, or not; or what it is called.
    """

    line: int
    decision: str
    language: str
    name: str
    other: str

    def is_of(self, surface: str, language: str) -> bool:
        """Whether a name in texts of a language is meant."""
        fits = self.language in {"", language}
        return fits and comparable_form(surface) == comparable_form(self.name)


def decisions_digest(settings: Settings) -> str:
    """Return the SHA-256 of the table of decisions that the settings name; empty: none.

    Raises:
        DecisionsError: There is no such file.
    """
    return content_digest(_content(settings.resolve))


def read_decisions(settings: ResolveSettings) -> list[Decision]:
    """Read the decisions that the settings name, in the order of the file.

    A row without a decision decides nothing. No file: none.

    Raises:
        DecisionsError: The file is missing, is no such table, or has a row that makes no sense;
            the message names the line and what it may have.
    """
    content = _content(settings)
    if content is None:
        return []
    path = settings.decisions or ""
    found = [_decision(row, line, path) for line, row in _rows(content, path) if _text(row, 0)]
    _check_contradictions(found, path)
    return found


def _content(settings: ResolveSettings) -> bytes | None:
    if not settings.entities:
        return None
    return read_setting_file(
        "resolve.decisions", settings.decisions, "a TSV or Parquet file", DecisionsError
    )


def _rows(content: bytes, path: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    if content.startswith(_PARQUET):
        try:
            frame = pl.read_parquet(io.BytesIO(content))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DecisionsError(f"{path} is no Parquet file that can be read") from error
        _check_columns(frame.columns, path)
        yield from enumerate(frame.iter_rows(named=True), start=1)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecisionsError(f"{path} is not UTF-8: byte {error.start}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect="excel-tab")
    _check_columns(reader.fieldnames or [], path)
    for row in reader:
        yield reader.line_num, row


def _check_columns(columns: Sequence[str], path: str) -> None:
    lacking = [column for column in KEY_COLUMNS if column not in columns]
    if lacking:
        raise DecisionsError(
            f"{path}, line 1: lacks the column {lacking[0]!r}; a table of decisions has "
            f"{', '.join(KEY_COLUMNS)}, parted by tabs, and may have others"
        )


def _text(row: Mapping[str, object], column: int) -> str:
    return str(row.get(KEY_COLUMNS[column]) or "").strip()


def _decision(row: Mapping[str, object], line: int, path: str) -> Decision:
    decision, language, name, other = (_text(row, column) for column in range(len(KEY_COLUMNS)))
    problem = None
    if decision not in DECISIONS:
        problem = f"the decision {decision!r} is none of {', '.join(DECISIONS)}, nor empty"
    elif language and language not in KNOWN_TAGS:
        problem = f"{language!r} is not a language tag of ours, nor empty (any)"
    elif not name:
        problem = "has no name"
    elif decision != DROP and not other:
        problem = f"{decision!r} needs the other name in the column 'other'"
    if problem:
        raise DecisionsError(f"{path}, line {line}: {problem}")
    return Decision(line, decision, language, name, other)


def _check_contradictions(decisions: Sequence[Decision], path: str) -> None:
    """Refuse a pair of names that is joined in one line and parted in another."""
    seen: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        if decision.decision in {JOIN, PART}:
            names = sorted(map(comparable_form, (decision.name, decision.other)))
            first = seen.setdefault((decision.language, *names), decision)
            if first.decision != decision.decision:
                raise DecisionsError(
                    f"{path}, line {decision.line}: {decision.decision}s {decision.name!r} and "
                    f"{decision.other!r}, which line {first.line} {first.decision}s"
                )
