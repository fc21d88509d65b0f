"""Find foreign boilerplate: a disclaimer or advert in another language than the body beside it.

Judged in the stage `tag_language`, as soon as languages are known. Only what stands before
the first or after the last line of running text can be boilerplate: a quotation inside the
body is the author's. A document that has a second language of its own loses nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from tasks.writing.measures import edges, is_body_line, width, writing_of
from tasks.writing.related import are_related

#: Least share of the kept text in its main language: below it, which is the body is not certain.
MIN_MAIN_SHARE = 0.6
#: From this confidence on a segment's language stands by itself (`tasks.clean.identification`).
MIN_CONFIDENCE = 0.8
#: A shorter paragraph is a line (a name, a title, a caption), whose language says little.
MIN_PARAGRAPH_WIDTH = 60
#: Share of the kept text up to which a foreign paragraph at the edge is boilerplate at once; a
#: longer one is (an abstract is not) if page furniture stands beside it. Seed 002: .05, 000: .31.
MAX_SHARE_ALONE = 0.15
#: Beyond this share of the kept text it is the document's own, whatever stands beside it.
MAX_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    text: str
    kept: bool
    reason: str | None
    language: str
    confidence: float
    script: str

    @property
    def width(self) -> int:
        return width(self.text)

    @property
    def writing(self) -> str:
        return writing_of(self.script)


def drop_foreign_boilerplate(tagged_segments: pl.DataFrame) -> pl.DataFrame:
    """Return the segments with foreign boilerplate dropped; all other rows are as before.

    Args:
        tagged_segments: All segments of some documents, sorted by key, with their languages.
    """
    columns = ["doc_id", "text", "kept", "reason", "language", "language_confidence", "script"]
    rows = tagged_segments.select(columns).with_row_index().iter_rows()
    details: dict[int, str] = {}
    for _, document in groupby(rows, key=lambda row: row[1]):
        lines = [_Line(row[0], *row[2:]) for row in document]
        details.update(_boilerplate(lines))
    found = pl.Series("found", list(details), pl.UInt32())
    written = pl.Series("written", list(details.values()), pl.String())
    index = pl.int_range(pl.len(), dtype=pl.UInt32())
    is_found = index.is_in(found.implode())
    return tagged_segments.with_columns(
        kept=pl.col("kept") & ~is_found,
        reason=pl.when(is_found).then(pl.lit("foreign_boilerplate")).otherwise("reason"),
        detail=pl.when(is_found)
        .then(index.replace_strict(found, written, default=None))
        .otherwise("detail"),
    )


def _boilerplate(lines: Sequence[_Line]) -> Iterator[tuple[int, str]]:
    """Yield the row and a detail for each boilerplate line of one document."""
    kept = [line for line in lines if line.kept]
    if len({(line.language, line.writing) for line in kept}) < 2:
        return
    main, main_writing, share = _main_language(kept)
    if share < MIN_MAIN_SHARE:
        return
    first, last = edges(_is_body(kept, main))
    edge = [*kept[:first], *kept[last:]]
    furniture = _furniture(lines, kept[first].row, kept[last - 1].row)
    paragraphs = _foreign_paragraphs(edge, kept, main, main_writing, has_furniture=bool(furniture))
    for line in paragraphs:
        yield line.row, f"{line.language} beside {main}"
    templates = {line.writing for line in [*paragraphs, *furniture]}
    title = kept[first - 1] if first else None
    for line in edge:
        is_short = line.width < MIN_PARAGRAPH_WIDTH and line is not title
        if is_short and line.writing != main_writing and line.writing in templates:
            yield line.row, f"{line.script} at the edge of {main}"


def _main_language(kept: Sequence[_Line]) -> tuple[str, str, float]:
    """Return the language of most of the text, its writing, and its share."""
    widths: dict[str, int] = {}
    writings: dict[tuple[str, str], int] = {}
    for line in kept:
        widths[line.language] = widths.get(line.language, 0) + line.width
        key = line.language, line.writing
        writings[key] = writings.get(key, 0) + line.width
    main = min(widths, key=lambda language: (-widths[language], language))
    writing = min(
        (key for key in writings if key[0] == main), key=lambda key: (-writings[key], key)
    )
    return main, writing[1], widths[main] / sum(widths.values())


def _is_body(kept: Sequence[_Line], main: str) -> list[bool]:
    """Return which lines are running text in the main language; if none is, all in it are."""
    is_main = [line.language == main for line in kept]
    is_body = [own and is_body_line(line.text) for own, line in zip(is_main, kept, strict=True)]
    return is_body if any(is_body) else is_main


def _furniture(lines: Sequence[_Line], first_row: int, last_row: int) -> list[_Line]:
    """Return the lines around the body that were dropped as page chrome."""
    return [
        line for line in lines if line.reason == "chrome" and not first_row <= line.row <= last_row
    ]


def _foreign_paragraphs(
    edge: Sequence[_Line],
    kept: Sequence[_Line],
    main: str,
    main_writing: str,
    *,
    has_furniture: bool,
) -> list[_Line]:
    total = sum(line.width for line in kept)
    limit = (MAX_SHARE if has_furniture else MAX_SHARE_ALONE) * total
    found = [line for line in edge if _is_foreign(line, main, main_writing)]
    dropped = []
    for language in sorted({line.language for line in found}):
        at_edge = [line for line in found if line.language == language]
        edge_width = sum(line.width for line in at_edge)
        all_width = sum(line.width for line in kept if line.language == language)
        # As much of it inside the body as around it: the document is written in both.
        if edge_width <= limit and all_width < 2 * edge_width:
            dropped += at_edge
    return dropped


def _is_foreign(line: _Line, main: str, main_writing: str) -> bool:
    if line.language in {main, "und"} or line.confidence < MIN_CONFIDENCE:
        return False
    if line.width < MIN_PARAGRAPH_WIDTH:
        return False
    return line.writing != main_writing or not are_related(line.language, main)
