"""Cut plain text into segments: each paragraph, which is a line or, where it is wrapped, several.

Very many very short lines are a list or a log, and stand in segments of several lines.

Every character that is not white space lies in exactly one segment, and
`text[start_char:end_char]` is the untouched slice. A line in which nothing can be seen when it
is repaired (a lone U+FEFF, `&nbsp;`) is dropped as it stands: its text is never empty.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import regex
from ftfy.badness import is_bad

from tasks.clean.repair import has_visible_text, repaired_lines
from tasks.clean.segment import Segment
from tasks.clean.wrapped import LINE_BREAK, Line, paragraphs

if TYPE_CHECKING:
    from tasks.pages.left_out import LeftOut

#: U+0085 is missing on purpose: in practice it is mojibake of an ellipsis, which ftfy mends.
_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1e\u2028\u2029]+")
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\u2028\u2029"
_SPACES_OF_MOJIBAKE = "\xa0\x85"
#: Of more lines, of fewer bytes each on average, several make a segment. A segment takes 1.6 KB and
#: .05 to .1 ms: a megabyte of lines of two bytes took 850 MB and 45 s (`python -m
#: benchmarks.hostile`). A line of eight ideographs has more bytes.
MANY_LINES = 50_000
_SHORT_LINE_BYTES = 20
#: So many characters make a segment then: wider than any wrapped text, so that the lines that come
#: out are not taken for one.
_PIECE_CHARS = 200


def cut_text(text: str) -> list[Segment]:
    """Return the segments of a plain text, repaired, in order; none if it is blank."""
    return cut_texts([text])[0]


def cut_texts(texts: Sequence[str]) -> list[list[Segment]]:
    """Return the segments of each of many plain texts, as `cut_text` does."""
    spans = [_paragraph_spans(text) for text in texts]
    lines = [
        text[start:end] for text, found in zip(texts, spans, strict=True) for start, end in found
    ]
    mended = iter(repaired_lines(lines))
    return [list(_segments(text, found, mended)) for text, found in zip(texts, spans, strict=True)]


def cut_lines(lines: Sequence[str]) -> list[Segment]:
    """Return the segments of lines that a reader found in markup: repaired, without a position."""
    return cut_pages([lines])[0]


def cut_pages(
    pages: Sequence[Sequence[str]], literal: Sequence[Collection[str]] = ()
) -> list[list[Segment]]:
    """Return the segments of the lines of each of many pages, as `cut_lines` does.

    What a page sets out in several lines (code) is one segment: each of its lines is repaired and
    keeps the spaces before it.

    Args:
        pages: The lines of each page.
        literal: Those lines of each in which entities are meant as they stand; none: of no page.
    """
    written = [_few([line for line in lines if line.strip()]) for lines in pages]
    meant = literal or [()] * len(pages)
    rows = [
        (row, line in own)
        for lines, own in zip(written, meant, strict=True)
        for line in lines
        for row in line.split("\n")
    ]
    positions = {position for position, (_, is_literal) in enumerate(rows) if is_literal}
    mended = iter(repaired_lines([row for row, _ in rows], positions))
    return [[_page_segment(line, _laid_out(line, mended)) for line in lines] for lines in written]


def _few(lines: list[str]) -> list[str]:
    """Return the lines of a page, joined to fewer if they are very many and very short."""
    if not _are_too_many(len(lines), sum(map(len, lines))):
        return lines
    pieces: list[list[str]] = []
    chars = _PIECE_CHARS
    for line in lines:
        if chars >= _PIECE_CHARS:
            pieces.append([])
            chars = 0
        pieces[-1].append(line)
        chars += len(line) + 1
    return [" ".join(piece) for piece in pieces]


def _are_too_many(lines: int, size_bytes: int) -> bool:
    return lines > max(MANY_LINES, size_bytes // _SHORT_LINE_BYTES)


def with_left_out(segments: Sequence[Segment], left_out: Iterable["LeftOut"]) -> list[Segment]:
    """Return the segments of a page, and where it stood what of the page is no main text.

    That is as the page has it, and dropped for the reason that it comes with.
    """
    found: list[Segment] = []
    begin = 0
    for before, text, reason in left_out:
        found.extend(segments[begin:before])
        found.append(Segment(text, reason=reason))
        begin = before
    return [*found, *segments[begin:]]


def _laid_out(line: str, mended: Iterator[str]) -> str:
    """Return a line of a page repaired; one that is several in the same layout."""
    rows = line.split("\n")
    if len(rows) == 1:
        return next(mended)
    return "\n".join(row[: len(row) - len(row.lstrip())] + next(mended) for row in rows)


def _page_segment(line: str, mended: str) -> Segment:
    if not has_visible_text(mended):
        return Segment(line, reason="blank")
    return Segment(mended, is_repaired=mended != line)


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Return where the paragraphs of a text stand in it, or pieces of very many short lines."""
    if _is_list(text):
        return list(_pieces(text))
    spans = list(_spans(text))
    lines, before = [], 0
    for start, end in spans:
        lines.append(Line(start, end, text[start:end], *_layout(text[before:start])))
        before = end
    return [(spans[first][0], spans[end - 1][1]) for first, end in paragraphs(lines)]


def _is_list(text: str) -> bool:
    if sum(map(text.count, _LINE_BREAKS)) < MANY_LINES:
        return False
    return _are_too_many(len(LINE_BREAK.findall(text)) + 1, len(text.encode()))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where pieces of some lines stand, none of them blank."""
    end = 0
    while end < len(text):
        begin = end
        after = LINE_BREAK.search(text, begin + _PIECE_CHARS)
        end = len(text) if after is None else after.end()
        piece = text[begin:end]
        first = begin + len(piece) - len(piece.lstrip())
        last = begin + len(piece.rstrip())
        if first < last:
            yield first, last + _mojibake_tail(text, last)


def _layout(space: str) -> tuple[int, int]:
    """Return the indent of a line and the blank lines before it, by the space before it."""
    return len(space) - space.rfind("\n") - 1, max(0, space.count("\n") - 1)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _LINE.finditer(text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            yield start, end + _mojibake_tail(text, end)


def _mojibake_tail(text: str, end: int) -> int:
    """Return 1 if the space after `end` is half of a broken letter: `Ã` and U+00A0 were `à`."""
    follows = text[end : end + 1]
    return int(follows != "" and follows in _SPACES_OF_MOJIBAKE and is_bad(text[end - 1 : end + 1]))


def _segments(
    text: str, spans: Sequence[tuple[int, int]], mended: Iterator[str]
) -> Iterator[Segment]:
    """Yield the segments of a text.

    Args:
        text: The text.
        spans: Where its paragraphs stand in it.
        mended: What each of them says when it is repaired, and maybe more.
    """
    before = 0
    for start, end in spans:
        raw, line, space = text[start:end], next(mended), text[before:start]
        before = end
        is_blank = not has_visible_text(line)
        line = raw if is_blank else line
        indent, gap = _layout(space)
        yield Segment(
            line,
            start,
            end,
            is_repaired=line != raw,
            reason="blank" if is_blank else None,
            indent=indent,
            gap=gap,
            raw=None if line == raw else raw,
        )
