"""Read CSV and TSV with a header: a row is a record.

A quote that does not close costs its own line: the lines after it are read again without it.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.reading.content import Content
from tasks.reading.csv_dialect import (
    NULL,
    Dialect,
    likely_dialect,
    lines_before_header,
    separator_line,
)
from tasks.reading.encodings import UTF8
from tasks.reading.fields import Row, canonical_json, read_row, require_few_fields, unique_names
from tasks.reading.lines import Line, text_lines
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.settings import IngestSettings

#: Lines that show the dialect, and how many characters of them.
_SAMPLE_LINES = 200
_SAMPLE_CHARS = 200_000
#: How often, on average, a line may be read again; beyond it a quoted cell has so many lines.
_MAX_READINGS = 4
_FREE_CHARS = 16 * 2**20
_FEW_LINES = 64
#: Lines in a quoted cell that look like rows, and their share, from which the quote is a stray one.
_MIN_ROW_LINES = 3
_MIN_ROW_SHARE = 0.6
_ROW_NAME = "row_name"


def read_csv(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row, numbered without the header and blank rows.

    The first rows show what parts, quotes and escapes cells (`tasks.reading.csv_dialect`).

    Raises:
        ReadError: The file or its header cannot be read, or the rest of the file.
    """
    yield from _Table(_RowLines(content, settings), None, settings).records()


def read_tsv(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """As `read_csv`, with tabs."""
    yield from _Table(_RowLines(content, settings), "\t", settings).records()


class _BadLineError(Exception):
    """A line of the row cannot be had."""

    def __init__(self, reason: str, detail: str | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class _RowLines(Iterator[str]):
    """Lines for the csv module, which knows no limit to a row and cannot go back."""

    def __init__(self, content: Content, settings: IngestSettings) -> None:
        self._lines = text_lines(content, settings, may_end_in_returns=True)
        self._waiting: deque[Line | Flaw] = deque()
        self._max_bytes = settings.max_record_bytes
        self._row_bytes = 0
        self._read_chars = self._repeated_chars = 0
        self.row: list[Line] = []

    @property
    def encoding(self) -> Encoding:
        """How the last line of the row was decoded."""
        return self.row[-1].encoding if self.row else UTF8

    def __next__(self) -> str:
        if len(self.row) >= _FEW_LINES and self._is_spent():
            raise _BadLineError("malformed_record", f"a quote around more than {_FEW_LINES} lines")
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        if isinstance(line, Flaw):
            if self.row:
                self._waiting.appendleft(line)
            raise _BadLineError(line.reason, line.detail)
        self._row_bytes += len(line.content)
        self._read_chars += len(line.text)
        self.row.append(line)
        if self._row_bytes > self._max_bytes:
            raise _BadLineError("too_large", size_detail(self._max_bytes))
        return line.text

    def _is_spent(self) -> bool:
        own_chars = self._read_chars - self._repeated_chars
        return self._repeated_chars > max(_FREE_CHARS, (_MAX_READINGS - 1) * own_chars)

    def begin_row(self) -> None:
        """Count the lines and bytes of a row from here."""
        self._row_bytes = 0
        self.row = []

    def keep_first(self) -> None:
        """Let the row be its first line; those after it are read again."""
        again, self.row = self.row[1:], self.row[:1]
        self._repeated_chars += sum(len(line.text) for line in again)
        self._waiting.extendleft(reversed(again))

    def sample(self) -> list[str]:
        """Return the first lines, which stay to be read."""
        chars = 0
        while len(self._waiting) < _SAMPLE_LINES and chars < _SAMPLE_CHARS:
            line = next(self._lines, None)
            if line is None:
                break
            self._waiting.append(line)
            chars += len(line.text) if isinstance(line, Line) else 0
        return [line.text for line in self._waiting if isinstance(line, Line)]


class _Table:
    """The rows of a file under its header."""

    def __init__(self, lines: _RowLines, delimiter: str | None, settings: IngestSettings) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._settings = settings
        self._header: list[str] = []
        self._dialect = Dialect(delimiter or ",")

    def records(self) -> Iterator[Record | Flaw]:
        """Yield a record or a flaw for each row.

        Raises:
            ReadError: The header cannot be read, or has too many names; as `text_lines`.
        """
        csv.field_size_limit(self._settings.max_record_bytes)  # of the process; a row has its own
        sample = self._lines.sample()
        if sample and (named := separator_line(sample[0])) is not None:
            next(self._lines)
            self._delimiter, sample = named, sample[1:]
        before = lines_before_header(sample, self._delimiter)
        for _ in range(before):
            next(self._lines)
        sample = sample[before:]
        self._dialect = likely_dialect(sample, self._delimiter)
        rows = self._dialect.rows(self._lines)
        self._header = self._first_row(rows)
        number = 1
        while (row := self._row(rows, number)) is not None:
            if isinstance(row, Flaw):
                yield row
            elif row:
                yield self._record(number, row)
            number += bool(row)

    def _first_row(self, rows: Iterator[list[str]]) -> list[str]:
        row: list[str] | Flaw | None = []
        while row == []:
            self._lines.begin_row()
            row = _next_row(rows, 0)
        if isinstance(row, Flaw):
            raise ReadError(row.reason, f"the header: {row.detail}")
        require_few_fields(len(row or []), self._settings)
        names = [_ROW_NAME] if self._dialect.names_rows else []
        return unique_names([*names, *(row or [])])

    def _row(self, rows: Iterator[list[str]], number: int) -> list[str] | Flaw | None:
        """Return the next row, read loosely if it is not as the dialect says; None: the end."""
        self._lines.begin_row()
        row = _next_row(rows, number)
        if not self._lines.row or row is None:
            return row
        is_sound = isinstance(row, list) and (not row or self._fits(row))
        if not (self._holds_rows() if is_sound else self._is_stray(row)):
            return row
        loose = self._loose_cells(self._lines.row[0].text)
        if self._fits(loose) or isinstance(row, Flaw):
            self._lines.keep_first()
            return loose if self._fits(loose) else row
        return row

    def _is_stray(self, row: list[str] | Flaw) -> bool:
        """Tell whether a quote in a row that is not sound is a letter, to all appearance."""
        lines = self._lines.row
        if isinstance(row, Flaw) and row.reason != "malformed_record":
            return self._holds_rows()
        if len(self._header) == 1:
            return isinstance(row, Flaw) or len(lines) == 1
        if len(lines) == 1:
            return isinstance(row, Flaw)
        return any(self._fits(self._dialect.loose_cells(line.text)) for line in lines[1:])

    def _loose_cells(self, line: str) -> list[str]:
        """Return the cells of one line; under a header of one name it is one cell."""
        cells = self._dialect.loose_cells(line)
        return cells if len(cells) == 1 or len(self._header) > 1 else [line.rstrip("\r\n")]

    def _fits(self, row: Sequence[str]) -> bool:
        return len(_without_empty_excess(row, len(self._header))) == len(self._header)

    def _holds_rows(self) -> bool:
        """Tell whether most lines in the row's quoted cells look like rows."""
        inner = [line.text for line in self._lines.row[1:] if line.text.strip()]
        if len(self._header) < 2 or not inner:
            return False
        cells = [self._dialect.loose_cells(line) for line in inner]
        rows = [row for row in cells if self._fits(row)]
        first = self._dialect.loose_cells(self._lines.row[0].text)[0]
        if len(rows) == len(inner) and _count_up([first, *(row[0] for row in rows)]):
            return True
        return len(rows) >= max(_MIN_ROW_LINES, _MIN_ROW_SHARE * len(inner)) and all(
            row[0].isdigit() == first.isdigit() for row in rows
        )

    def _record(self, number: int, row: list[str]) -> Record | Flaw:
        cells = _without_empty_excess(row, len(self._header))
        if len(cells) != len(self._header):
            detail = f"{len(cells)} fields under a header of {len(self._header)}"
            return Flaw(number, "malformed_record", detail)
        values = ("" if cell == NULL else cell for cell in cells)
        fields = dict(zip(self._header, values, strict=True))
        content = canonical_json(fields).encode()
        return read_row(Row(number, content, fields, self._lines.encoding), self._settings)


def _next_row(rows: Iterator[list[str]], number: int) -> list[str] | Flaw | None:
    try:
        return next(rows, None)
    except _BadLineError as error:
        return Flaw(number, error.reason, error.detail)
    except csv.Error as error:
        return Flaw(number, "malformed_record", str(error))


def _count_up(names: Sequence[str]) -> bool:
    """Tell whether the first cells are numbers one after the other."""
    if not all(name.isdecimal() and len(name) < 19 for name in names):
        return False
    return all(int(after) == int(before) + 1 for before, after in pairwise(names))


def _without_empty_excess(row: Sequence[str], width: int) -> Sequence[str]:
    """Return the row without empty fields beyond the header, which spreadsheets leave."""
    return row if any(row[width:]) else row[:width]
