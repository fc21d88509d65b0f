"""Drop the second copies of a body that stands twice in one document; keep the first.

Extractors and mirrors produce p1 p2 p1 p2, p1 p1 p2 p2, or all of p1 p2 again in one run-on
paragraph (mediacloud/backend#705, trafilatura#768). Copies are compared letter by letter, in
any script, without case, white space and quotation marks. Natural repetition (refrains,
answers, table rows, liturgy, quotations) is shorter, covers less of the text, has new text
in between, or repeats what is itself a repetition: such runs are left alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from operator import attrgetter

from tasks.clean.blocks import block_hits
from tasks.clean.copies import (
    CHANCE_CHARS,
    SLACK_CHARS,
    Copy,
    Spans,
    chained,
    copies_at,
    cut_copies,
    shifted,
)
from tasks.clean.folding import Letters, fold
from tasks.clean.segment import Judgement, Segment, dropped
from tasks.settings import CleanSettings
from tasks.writing.characters import batches
from tasks.writing.measures import is_body_line, width

#: Where blocks of a body come again, and where they stood first.
_Hits = list[tuple[int, int]]
#: Least share of the first copy that must itself be new: a chant repeats its repetitions.
MIN_NOVEL_SHARE = 0.5
#: Lines too short for running text are a second copy only if nearly everything stands twice
#: (`repeat_min_share` raised to this) and twice `repeat_min_width` of it.
MIN_SHARE_OF_SHORT_LINES = 0.9
#: The same where both copies stand in one line, and where the first is one paragraph of several:
#: less is a refrain, or a paragraph that is quoted.
MIN_SHARE_WITHIN_LINE = 0.9
MIN_SHARE_OF_ONE_LINE = 0.75
#: Least share of all that stands twice that second copies must account for: rows of a table
#: repeat each other, too.
MIN_EXPLAINED = 0.6
#: Letters by which a copied paragraph may differ inside: a digit, a corrected letter.
MAX_VARIATION_CHARS = 20
#: Letters of the first copy that a reason quotes.
QUOTED_CHARS = 40
#: Least share of the distinct text that must be said again at once.
MIN_SHARE_OF_PAIRS = 0.9
#: Lines of a paragraph that is said again at once: twenty wrapped lines are a long one.
MOST_LINES_AT_ONCE = 20


@dataclass(frozen=True)
class _Body:
    """The kept segments as one string of folded letters, with the bounds of each in it."""

    segments: Sequence[Segment]
    letters: str
    bounds: list[int]

    def segment_at(self, position: int) -> int:
        """Return the index of the segment that the letter at a position is of."""
        return bisect_right(self.bounds, position) - 1


@dataclass(frozen=True)
class _Repetition:
    """Where the text repeats itself, where it does or is repeated, and how many letters do not."""

    again: Spans
    either: Spans
    repeated: int
    distinct: int


class _FirstCopies:
    """Copies in their order, to find one without a look at those before it."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._copies = sorted(copies, key=attrgetter("start"))
        self._ends = list(accumulate((copy.end for copy in self._copies), max))

    def after(self, start: int) -> Copy:
        """Return the first one that ends after a position; there is one."""
        return self._copies[bisect_right(self._ends, start)]


def parts_without_copies(
    documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> Iterator[list[list[Segment]]]:
    """Yield the parts of each document's segments, second copies of its body dropped.

    Nearly always a segment has one part, itself. A paragraph that holds a copy and something
    else (the title before a run-on copy) is cut in two.

    Args:
        documents: The kept segments of each document; none knows of another.
        settings: What is a second copy.
    """
    for batch in batches(sum(len(segment.text) for segment in kept) for kept in documents):
        for body, hits in _bodies(documents[batch]):
            runs = _second_copies(body, hits, settings)
            if not runs:
                yield [[segment] for segment in body.segments]
                continue
            copies = Spans(span for run in runs for span in _joined(body, run))
            first = _FirstCopies(chain.from_iterable(runs))
            yield [_parts(body, index, copies, first) for index in range(len(body.segments))]


def _bodies(documents: Sequence[Sequence[Segment]]) -> Iterator[tuple[_Body, _Hits]]:
    """Yield each document as a body, with where its blocks come again."""
    lines = fold([segment.text for kept in documents for segment in kept])
    text = str(lines)
    firsts = [0, *accumulate(map(len, documents))]
    hits = block_hits(Letters(lines.points, lines.bounds[firsts]))
    for kept, found, (first, end) in zip(documents, hits, pairwise(firsts), strict=True):
        bounds = lines.bounds[first : end + 1].tolist()
        letters = text[bounds[0] : bounds[-1]]
        yield _Body(kept, letters, [bound - bounds[0] for bound in bounds]), found


def _second_copies(body: _Body, hits: _Hits, settings: CleanSettings) -> list[list[Copy]]:
    if len(body.letters) < settings.repeat_min_width:  # twice half: letters may be ideographs
        return []
    doubled = doubled_lines(body.letters, body.bounds)
    if _is_large_enough(body, doubled, len(body.letters) - _size(doubled), settings):
        return [[copy] for copy in doubled]
    copies = copies_at(body.letters, hits)
    repetition = _repetition(body, copies)
    runs = [
        _aligned(body, run)
        for run in chained(copies)
        if _is_second_copy(body, run, repetition, settings)
    ]
    return runs if sum(map(_size, runs)) >= MIN_EXPLAINED * repetition.repeated else []


def doubled_lines(letters: str, bounds: Sequence[int]) -> list[Copy]:
    """Return the second of lines that are said again at once, if nearly all of the text is.

    Args:
        letters: The folded letters of a document.
        bounds: Where each line begins in them, and their length.
    """
    copies: list[Copy] = []
    seen: set[str] = set()
    line_starts = frozenset(bounds)
    index = 0
    while index + 2 < len(bounds):
        middle = _end_of_lines_said_again(letters, bounds, index, line_starts)
        if middle is None:
            index += 1
            continue
        copy = Copy(bounds[index], middle, 2 * middle - bounds[index])
        text = letters[copy.source : copy.source_end]
        if text not in seen:
            copies.append(copy)
            seen.add(text)
        index = bisect_left(bounds, copy.end)
    size = sum(map(len, copies))
    return copies if size >= MIN_SHARE_OF_PAIRS * (len(letters) - size) else []


def _end_of_lines_said_again(
    letters: str, bounds: Sequence[int], index: int, line_starts: frozenset[int]
) -> int | None:
    """Return where some lines from a line on end whose letters the next lines repeat; or None."""
    start = bounds[index]
    for middle in bounds[index + 1 : index + 1 + MOST_LINES_AT_ONCE]:
        end = 2 * middle - start
        if end > len(letters):
            return None
        may_be = middle > start and end in line_starts and letters[start] == letters[middle]
        if may_be and letters.startswith(letters[start:middle], middle):
            return middle
    return None


def _repetition(body: _Body, copies: Sequence[Copy]) -> _Repetition:
    again = Spans((copy.start, copy.end) for copy in copies)
    either = Spans(span for copy in copies for span in _both(copy))
    repeated = again.covered(0, len(body.letters))
    return _Repetition(again, either, repeated, len(body.letters) - repeated)


def _both(copy: Copy) -> tuple[tuple[int, int], tuple[int, int]]:
    return (copy.source, copy.source_end), (copy.start, copy.end)


def _is_new(run: Sequence[Copy], size: int, repetition: _Repetition) -> bool:
    """Return whether what a run repeats is itself said for the first time."""
    known = sum(repetition.again.covered(copy.source, copy.source_end) for copy in run)
    return size - known >= MIN_NOVEL_SHARE * size


def _is_second_copy(
    body: _Body, run: list[Copy], repetition: _Repetition, settings: CleanSettings
) -> bool:
    """Return whether a run repeats enough of the text, itself new, with little in between."""
    size = _size(run)
    begins_again = _begins_again(body, run)
    if size < _least_share(body, run, settings, begins_again=begins_again) * repetition.distinct:
        return False
    begin, end = run[0].source, run[-1].end
    gap = end - begin - repetition.either.covered(begin, end)
    if gap > settings.repeat_max_gap * size and not begins_again:
        return False
    return _is_new(run, size, repetition) and _is_large_enough(
        body, run, repetition.distinct, settings
    )


def _least_share(
    body: _Body, run: list[Copy], settings: CleanSettings, *, begins_again: bool
) -> float:
    """Return which share of the distinct text a run must repeat to be a second copy."""
    # By chance a copied paragraph may agree with a few letters of the next one, too.
    first = body.segment_at(min(run[0].source + CHANCE_CHARS, run[0].source_end - 1))
    last = body.segment_at(max(run[-1].source_end - 1 - CHANCE_CHARS, run[-1].source))
    if body.segment_at(run[0].source_end - 1) >= body.segment_at(run[0].start):
        return MIN_SHARE_WITHIN_LINE
    if first >= last:
        return max(MIN_SHARE_OF_ONE_LINE, settings.repeat_min_share)
    return settings.repeat_min_share_of_beginning if begins_again else settings.repeat_min_share


def _begins_again(body: _Body, run: list[Copy]) -> bool:
    """Return whether a run repeats how the text begins, at once or until its very end.

    A teaser before the whole text, and a second copy that breaks off; a title may come first.
    """
    if _begun_at_paragraph(body, run[0]).source not in body.bounds[:2]:
        return False
    is_ending = len(body.letters) - run[-1].end <= SLACK_CHARS
    return is_ending or run[0].start - run[-1].source_end <= SLACK_CHARS


def _size(run: Sequence[Copy]) -> int:
    return sum(len(copy) for copy in run)


def _is_large_enough(
    body: _Body, run: Sequence[Copy], distinct: int, settings: CleanSettings
) -> bool:
    """Return whether a run is wide enough, and running text unless nearly all stands twice."""
    run_width = sum(width(body.letters[copy.start : copy.end]) for copy in run)
    if run_width < settings.repeat_min_width:
        return False
    if _is_prose(body, run[0].start, run[-1].end):
        return True
    if _is_prose(body, run[0].source, run[-1].source_end):
        return True
    return (
        _size(run) >= MIN_SHARE_OF_SHORT_LINES * distinct
        and run_width >= 2 * settings.repeat_min_width
    )


def _is_prose(body: _Body, start: int, end: int) -> bool:
    """Return whether most of the lines of a stretch is running text."""
    lines = body.segments[body.segment_at(start) : body.segment_at(end - 1) + 1]
    widths = [(width(line.text), is_body_line(line.text)) for line in lines]
    return 2 * sum(size for size, is_body in widths if is_body) >= sum(size for size, _ in widths)


def _aligned(body: _Body, run: list[Copy]) -> list[Copy]:
    """Return the run, its copies begun where a paragraph of the first copy begins.

    What agrees before that is chance, unless the copy goes on after a small variation.
    """
    aligned = [_begun_at_paragraph(body, run[0])]
    for before, copy in pairwise(run):
        goes_on = (
            copy.start - before.end <= MAX_VARIATION_CHARS and copy.source >= before.source_end
        )
        aligned.append(copy if goes_on else _begun_at_paragraph(body, copy))
    return aligned


def _begun_at_paragraph(body: _Body, copy: Copy) -> Copy:
    paragraph = body.segment_at(copy.source)
    shift = body.bounds[paragraph + 1] - copy.source
    if copy.source == body.bounds[paragraph] or shift > min(CHANCE_CHARS, len(copy) - 1):
        return copy
    return shifted(body.letters, copy, shift)


def _joined(body: _Body, run: list[Copy]) -> list[tuple[int, int]]:
    """Return the stretches of a run, small variations inside a paragraph included."""
    spans = [(run[0].start, run[0].end)]
    for copy in run[1:]:
        start, end = spans[-1]
        is_variation = copy.start - end <= MAX_VARIATION_CHARS
        if is_variation and body.segment_at(end - 1) == body.segment_at(copy.start):
            spans[-1] = (start, copy.end)
        else:
            spans.append((copy.start, copy.end))
    return spans


def _parts(body: _Body, index: int, copies: Spans, first: _FirstCopies) -> list[Segment]:
    """Return a segment as it is, dropped, or cut into what is copied and what is not."""
    segment, start, end = body.segments[index], body.bounds[index], body.bounds[index + 1]
    if copies.covered(start, end) == 0:
        return [segment]
    judgement = Judgement("repeated", _quotation(body, start, first.after(start)))
    if copies.covered(start, end) == end - start:
        return [dropped(segment, judgement)]
    copied = [
        (max(span_start, start) - start, min(span_end, end) - start)
        for span_start, span_end in copies.overlapping(start, end)
    ]
    return [
        dropped(piece, judgement) if is_copy else piece
        for piece, is_copy in cut_copies(segment, copied)
    ]


def _quotation(body: _Body, start: int, copy: Copy) -> str:
    """Return the words that the first copy of what stands from `start` on begins with."""
    source = copy.source + max(0, start - copy.start)
    text = body.segments[body.segment_at(source)].text
    return f"first copy in: {text[:QUOTED_CHARS]}"
