r"""Tell how a CSV file is written from its first rows: what parts, quotes and escapes cells.

Programs differ: Excel begins with `sep=;`, MySQL writes `\"` and `\N`, R names the rows without
naming their column, and in many tab-separated files a quote is a letter.

Not clevercsv 0.8.5: a stray quote in one of five rows makes quotes letters in all of them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.reading.field_names import LESSER_TEXT_NAMES, TEXT_NAMES
from tasks.reading.found_text import standard

# The comma first: it wins when nothing speaks for another.
_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_BARE_PIECE = re.compile(r"\\(?:\r?\n|.)|[^\\]", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}
#: What databases write for no value.
NULL = r"\N"
_BARE_NULL = re.compile(r"(?:^|\t)\\N(?:\t|$)", re.MULTILINE)
#: Share of the first rows that have one cell more than the header, where R named the rows.
_MIN_NAMED_SHARE = 0.9
#: Share of the first lines that have a blank before a quote, where a program writes one.
_MIN_SPACED_SHARE = 0.9
#: How many lines may stand before a header: a report's title, when it was made, by whom.
_MAX_LINES_BEFORE = 20
_TEXT_FIELDS = frozenset((*TEXT_NAMES, *LESSER_TEXT_NAMES))


@dataclass(frozen=True)
class Dialect:
    """How cells are parted.

    Attributes:
        delimiter: What stands between two.
        quote: What stands around one that holds a delimiter; empty: nothing does.
        escapes: Whether a backslash says that the next character is meant.
        names_rows: Whether each row begins with a name that the header leaves out.
        skips_space: Whether blanks after a delimiter are none of the cell.
    """

    delimiter: str
    quote: str = '"'
    escapes: bool = False
    names_rows: bool = False
    skips_space: bool = False

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the rows of lines; `next` raises csv.Error where one is not as it should be."""
        if not self.quote:
            return self._bare_rows(lines)
        if self.escapes:  # the csv module makes a letter of it
            sign = re.escape(self.delimiter)
            null = re.compile(rf"(?:^|(?<={sign}))\\N(?={sign}|[\r\n]|\Z)")
            lines = (null.sub("", line) for line in lines)
        # strict: without it, a stray quote alters the text and its neighbours in silence
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar="\\" if self.escapes else None,
            skipinitialspace=self.skips_space,
            strict=True,
        )

    def _bare_rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Yield rows without quotes; a line goes on if a backslash escapes its end."""
        pending = ""
        for line in lines:
            pending += line
            if not (self.escapes and _goes_on(pending)):
                yield self._bare_cells(pending)
                pending = ""
        if pending:
            yield self._bare_cells(pending)

    def _bare_cells(self, text: str) -> list[str]:
        text = text.removesuffix("\n").removesuffix("\r")
        if not self.escapes:
            return text.split(self.delimiter) if text else []
        cells = [""]
        for piece in _BARE_PIECE.findall(text):
            if piece == self.delimiter:
                cells.append("")
            else:
                is_null = piece == NULL
                cells[-1] += piece if is_null or len(piece) == 1 else _unescaped(piece[1:])
        return cells if text else []

    def loose_cells(self, line: str) -> list[str]:
        """Return the cells of one line; a quote that is not around a whole cell is a letter."""
        if not self.quote:
            return self._bare_cells(line)
        line = line.rstrip("\r\n")
        cells, position = [], 0
        whole = self._whole_cell()
        while True:
            if self.skips_space:
                position += len(line[position:]) - len(line[position:].lstrip(" "))
            found = whole.match(line, position)
            end = found.end() if found else line.find(self.delimiter, position)
            end = len(line) if end < 0 else end
            cells.append(self._unquoted(line[position:end], is_quoted=found is not None))
            if end >= len(line):
                return cells
            position = end + len(self.delimiter)

    def _whole_cell(self) -> re.Pattern[str]:
        quote, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        escaped = r"|\\." if self.escapes else ""
        other = rf"[^{quote}\\]" if self.escapes else rf"[^{quote}]"
        return re.compile(rf"{quote}(?:{quote}{quote}{escaped}|{other})*{quote}(?={delimiter}|\Z)")

    def _unquoted(self, cell: str, *, is_quoted: bool) -> str:
        if is_quoted:
            cell = cell[1:-1].replace(self.quote * 2, self.quote)
        return cell.replace(f"\\{self.quote}", self.quote) if self.escapes else cell


def _goes_on(text: str) -> bool:
    bare = text.removesuffix("\n").removesuffix("\r")
    return bare != text and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1


def _unescaped(character: str) -> str:
    return _ESCAPES.get(character, character)


def separator_line(line: str) -> str | None:
    """Return the delimiter that Excel names in a line of its own; None: it is another line."""
    found = _SEPARATOR_LINE.fullmatch(line.rstrip("\r\n"))
    return found[1] if found else None


def lines_before_header(lines: Sequence[str], delimiter: str | None) -> int:
    """Return how many lines stand before the header: a title, remarks, empty cells.

    The header is then the first line with a usual name of a text, of several cells, and none of
    the lines before it fills as many: those would be rows.

    Args:
        lines: The first lines.
        delimiter: What is known to part cells.
    """
    for number, line in enumerate(lines[:_MAX_LINES_BEFORE]):
        for sign in delimiter or _DELIMITERS:
            cells = _filled_cells(line, sign)
            if not _TEXT_FIELDS.isdisjoint(cells) and (len(cells) > 1 or not number):
                is_first = all(len(_filled_cells(row, sign)) < len(cells) for row in lines[:number])
                return number if is_first else 0
    return 0


def _filled_cells(line: str, delimiter: str) -> list[str]:
    cells = (standard(cell.strip("\"'\ufeff \r\n#")) for cell in line.split(delimiter))
    return [cell for cell in cells if cell]


def likely_dialect(lines: Sequence[str], delimiter: str | None) -> Dialect:
    """Return the dialect in which most of the first rows are as wide as the header.

    Args:
        lines: The first lines, the header among them.
        delimiter: What is known to part cells.
    """
    known = delimiter or _likely_delimiter(lines)
    dialect = Dialect(known)
    best = max(_dialects(known, lines), key=lambda each: _sound_share(each, lines))
    if best.quote or not _has_quoted(dialect, lines):
        dialect = best
    return replace(dialect, names_rows=_names_rows(dialect, lines))


def _likely_delimiter(lines: Sequence[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    return max(
        _DELIMITERS, key=lambda sign: (_sound_share(Dialect(sign), lines), header.count(sign))
    )


def _dialects(delimiter: str, lines: Sequence[str]) -> Iterator[Dialect]:
    """Yield the dialects that the first lines may be in, the likeliest first."""
    text = "".join(lines)
    of_database = Dialect(delimiter, "", escapes=True)
    may_be_database = delimiter == "\t" and (_BARE_NULL.search(text) or "\\\n" in text)
    if may_be_database and '"' not in text:
        yield of_database
    if text.lstrip().startswith("'"):
        yield Dialect(delimiter, "'")
    if _puts_spaces(delimiter, lines):
        yield Dialect(delimiter, skips_space=True)
    yield Dialect(delimiter)
    if '\\"' in text:
        yield Dialect(delimiter, escapes=True)
    if '"' in text:
        yield Dialect(delimiter, "")
    if may_be_database and '"' in text:
        yield of_database


def _spaced_cell(delimiter: str) -> re.Pattern[str]:
    sign = re.escape(delimiter)
    return re.compile(rf'{sign} ++"(?:[^"]|"")*+"(?:{sign}|[\r\n]|\Z)')


def _puts_spaces(delimiter: str, lines: Sequence[str]) -> bool:
    """Tell whether rows have a blank before the quotes of a cell."""
    spaced = _spaced_cell(delimiter)
    rows = [line for line in lines[1:] if line.strip()]
    found = sum(spaced.search(row) is not None for row in rows)
    return found > 0 and found >= _MIN_SPACED_SHARE * len(rows)


def _sound_share(dialect: Dialect, lines: Sequence[str]) -> float:
    """Return the share of the first rows that are as wide as the header; 0: it is one cell."""
    header, *rows = [len(row) for row in _first_rows(dialect, lines)] or [0]
    return rows.count(header) / max(1, len(rows)) if header > 1 else 0.0


def _first_rows(dialect: Dialect, lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows that are not blank, without cells one that is not as the dialect says."""
    rows = dialect.rows(iter(lines))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield []
            continue
        if row:
            yield row


def _has_quoted(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Tell whether quotes stand around cells that hold what needs them."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    inner = rf"[^{quote}\n]*"
    needed = rf"(?:{quote}{quote}|{delimiter})"
    pattern = rf"(?:^|{delimiter}){quote}{inner}{needed}{inner}{quote}(?:{delimiter}|\r?\n|\Z)"
    return re.search(pattern, "".join(lines), re.MULTILINE) is not None


def _names_rows(dialect: Dialect, lines: Sequence[str]) -> bool:
    """Tell whether rows begin with a name in quotes, as R writes them, and the header does not."""
    header, *rows = list(_first_rows(dialect, lines)) or [[]]
    named = [row for row in rows if len(row) == len(header) + 1 and row[-1]]
    begin = [line[:1] == dialect.quote for line in lines if line.strip()]
    return bool(dialect.quote and rows and all(begin)) and (
        len(named) >= _MIN_NAMED_SHARE * len(rows)
    )
