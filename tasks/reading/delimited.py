"""Read CSV and TSV with a header: a row is a record."""

import csv
from collections.abc import Iterator, Sequence

from tasks.reading.content import Content
from tasks.reading.encodings import UTF8
from tasks.reading.fields import Row, canonical_json, read_row, require_few_fields, unique_names
from tasks.reading.lines import Line, text_lines
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.settings import IngestSettings

# The comma first: it wins when nothing speaks for another.
_DELIMITERS = ",;\t|"


def read_csv(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each row, numbered without the header and blank rows.

    The delimiter is the one of `,;|` and tab that is most frequent in the first line.

    Raises:
        ReadError: The file or its header cannot be read, or the rest of the file.
    """
    yield from _read_rows(_RowLines(content, settings), None, settings)


def read_tsv(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """As `read_csv`, with tabs."""
    yield from _read_rows(_RowLines(content, settings), "\t", settings)


class _BadLineError(Exception):
    """A line of the row cannot be had."""

    def __init__(self, reason: str, detail: str | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class _RowLines(Iterator[str]):
    """Lines for the csv module, which knows no limit to the lines and bytes of a row."""

    def __init__(self, content: Content, settings: IngestSettings) -> None:
        self._lines = text_lines(content, settings)
        self._max_bytes = settings.max_record_bytes
        self._first: Line | Flaw | None = None
        self._row_bytes = 0
        self.encoding: Encoding = UTF8

    def __next__(self) -> str:
        line = self._first or next(self._lines)
        self._first = None
        if isinstance(line, Flaw):
            raise _BadLineError(line.reason, line.detail)
        self.encoding = line.encoding
        self._row_bytes += len(line.content)
        if self._row_bytes > self._max_bytes:
            raise _BadLineError("too_large", size_detail(self._max_bytes))
        return line.text

    def begin_row(self) -> None:
        """Count the bytes of a row from here."""
        self._row_bytes = 0

    def likely_delimiter(self) -> str:
        """Return the delimiter that the first line suggests."""
        self._first = next(self._lines, None)
        text = self._first.text if isinstance(self._first, Line) else ""
        return max(_DELIMITERS, key=text.count)


def _read_rows(
    lines: _RowLines, delimiter: str | None, settings: IngestSettings
) -> Iterator[Record | Flaw]:
    csv.field_size_limit(settings.max_record_bytes)  # of the process; a row has its own limit
    # strict: without it, a stray quote alters the text and its neighbours in silence
    rows = csv.reader(lines, delimiter=delimiter or lines.likely_delimiter(), strict=True)
    header = _header(rows, settings)
    number = 1
    while True:
        lines.begin_row()
        row = _next_row(rows, number)
        if row is None:
            return
        if isinstance(row, Flaw):
            yield row
        elif row:
            yield _record(number, header, row, lines.encoding, settings)
        number += bool(row)


def _header(rows: Iterator[list[str]], settings: IngestSettings) -> list[str]:
    """Return the names in the first row that is not blank.

    Raises:
        ReadError: It cannot be read, so no row can; too_large: it has too many names.
    """
    row: list[str] | Flaw | None = []
    while row == []:
        row = _next_row(rows, 0)
    if isinstance(row, Flaw):
        raise ReadError(row.reason, f"the header: {row.detail}")
    require_few_fields(len(row or []), settings)
    return unique_names(row or [])


def _next_row(rows: Iterator[list[str]], number: int) -> list[str] | Flaw | None:
    try:
        return next(rows, None)
    except _BadLineError as error:
        return Flaw(number, error.reason, error.detail)
    except csv.Error as error:
        return Flaw(number, "malformed_record", str(error))


def _record(
    number: int, header: list[str], row: list[str], encoding: Encoding, settings: IngestSettings
) -> Record | Flaw:
    cells = _without_empty_excess(row, len(header))
    if len(cells) != len(header):
        detail = f"{len(cells)} fields under a header of {len(header)}"
        return Flaw(number, "malformed_record", detail)
    fields = dict(zip(header, cells, strict=True))
    content = canonical_json(fields).encode()
    return read_row(Row(number, content, fields, encoding), settings)


def _without_empty_excess(row: Sequence[str], width: int) -> Sequence[str]:
    """Return the row without empty fields beyond the header, which spreadsheets leave."""
    return row if any(row[width:]) else row[:width]
