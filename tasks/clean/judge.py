"""Judge the segments of documents, until nothing more is found.

Judging what was kept as if it were the document makes cleaning idempotent: the text that
comes out is one in which nothing is found. Many documents are judged at once; none knows of
another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress

from tasks.clean.chrome import judge_anywhere, judge_edges
from tasks.clean.chrome_model import judged_pages, may_be_page
from tasks.clean.repeats import parts_without_copies
from tasks.clean.segment import Judgement, Segment, dropped
from tasks.settings.clean import CleanSettings

#: Returns the parts of each kept segment of each document.
_Judge = Callable[[list[list[Segment]], CleanSettings], Iterable[list[list[Segment]]]]


def judged(segments: Sequence[Segment], settings: CleanSettings) -> list[Segment]:
    """Return the segments of one document, as `judged_documents` does."""
    return judged_documents([segments], settings)[0]


def judged_documents(
    documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> list[list[Segment]]:
    """Return the segments in order, each kept or dropped; a copied one may come in parts.

    The layout of a text counts once: what comes out is judged again without it, as it stands.

    Args:
        documents: The segments of each document.
        settings: How to judge.
    """
    scored: dict[int, list[str]] = {}
    numbers = range(len(documents))
    found = [
        [_without_layout(segment) for segment in segments]
        for segments in _judged_pages(documents, settings, numbers, scored)
    ]
    waiting = list(numbers)
    while waiting:
        before = [found[number] for number in waiting]
        after = _judged_pages(before, settings, waiting, scored)
        for judge in (_judged_anywhere, parts_without_copies, _judged_at_edges):
            after = _applied(judge, after, settings)
        changed = [old != new for old, new in zip(before, after, strict=True)]
        for number, segments in zip(waiting, after, strict=True):
            found[number] = segments
        waiting = list(compress(waiting, changed))
    return found


def _without_layout(segment: Segment) -> Segment:
    return segment._replace(indent=0, gap=0) if segment.indent or segment.gap else segment


def _judged_pages(
    documents: Sequence[Sequence[Segment]],
    settings: CleanSettings,
    numbers: Iterable[int],
    scored: dict[int, list[str]],
) -> list[list[Segment]]:
    """Return the segments of documents, those of flattened pages scored and judged.

    Args:
        documents: The segments of each document.
        settings: How to judge.
        numbers: Which documents these are.
        scored: The kept lines of each document as they were last scored without a layout. If they
            are the same, nothing more is to be said. Those that are scored now are added.
    """
    found = [list(segments) for segments in documents]
    pages: dict[int, list[Segment]] = {}
    for index, (number, segments) in enumerate(zip(numbers, documents, strict=True)):
        kept = _kept(segments)
        lines = [segment.text for segment in kept]
        if scored.get(number) != lines and may_be_page(kept, settings):
            pages[index] = kept
            if not any(segment.indent for segment in kept):
                scored[number] = lines
    for index, judged_lines in zip(
        pages, judged_pages(list(pages.values()), settings), strict=True
    ):
        found[index] = _replaced(found[index], ([line] for line in judged_lines))
    return found


def _kept(segments: Sequence[Segment]) -> list[Segment]:
    return [segment for segment in segments if segment.is_kept]


def _applied(
    judge: _Judge, documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> list[list[Segment]]:
    """Return the segments, the kept ones replaced by what the judge makes of them."""
    kept = [_kept(segments) for segments in documents]
    return [
        _replaced(segments, parts)
        for segments, parts in zip(documents, judge(kept, settings), strict=True)
    ]


def _replaced(segments: Sequence[Segment], parts: Iterable[list[Segment]]) -> list[Segment]:
    """Return the segments, each kept one replaced by its parts."""
    each = iter(parts)
    return [part for segment in segments for part in (next(each) if segment.is_kept else [segment])]


def _judged_anywhere(
    documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> Iterator[list[list[Segment]]]:
    for kept in documents:
        yield [[_judged(segment, judge_anywhere(segment.text, settings))] for segment in kept]


def _judged_at_edges(
    documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> Iterator[list[list[Segment]]]:
    for kept in documents:
        judgements = judge_edges([segment.text for segment in kept], settings)
        yield [
            [_judged(segment, judgement)]
            for segment, judgement in zip(kept, judgements, strict=True)
        ]


def _judged(segment: Segment, judgement: Judgement | None) -> Segment:
    return segment if judgement is None else dropped(segment, judgement)
