"""Judge the segments of one document, until nothing more is found.

Judging what was kept as if it were the document makes cleaning idempotent: the text that
comes out is one in which nothing is found.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tasks.clean.chrome import judge_anywhere, judge_edges
from tasks.clean.page_chrome import judged_as_page
from tasks.clean.repeats import parts_without_copies
from tasks.clean.segment import Judgement, Segment, dropped
from tasks.settings import CleanSettings

_Judge = Callable[[list[Segment], CleanSettings], Iterable[list[Segment]]]


def judged(segments: Sequence[Segment], settings: CleanSettings) -> list[Segment]:
    """Return the segments in order, each kept or dropped; a copied one may come in parts.

    The layout of the text counts once: what comes out is judged again without it, as it stands.
    """
    before: list[Segment] = []
    after = [
        replace(segment, indent=0, gap=0) for segment in _applied(_judged_page, segments, settings)
    ]
    while after != before:
        before, after = after, _judged_once(after, settings)
    return after


def _judged_once(segments: list[Segment], settings: CleanSettings) -> list[Segment]:
    for judge in (_judged_page, _judged_anywhere, parts_without_copies, _judged_at_edges):
        segments = _applied(judge, segments, settings)
    return segments


def _applied(judge: _Judge, segments: Sequence[Segment], settings: CleanSettings) -> list[Segment]:
    """Return the segments, the kept ones replaced by what the judge makes of them."""
    kept = [segment for segment in segments if segment.is_kept]
    parts = iter(judge(kept, settings))
    return [
        part for segment in segments for part in (next(parts) if segment.is_kept else [segment])
    ]


def _judged_page(kept: Sequence[Segment], settings: CleanSettings) -> Iterator[list[Segment]]:
    for segment in judged_as_page(kept, settings):
        yield [segment]


def _judged_anywhere(kept: list[Segment], settings: CleanSettings) -> Iterator[list[Segment]]:
    for segment in kept:
        yield [_judged(segment, judge_anywhere(segment.text, settings))]


def _judged_at_edges(kept: list[Segment], settings: CleanSettings) -> Iterator[list[Segment]]:
    judgements = judge_edges([segment.text for segment in kept], settings)
    for segment, judgement in zip(kept, judgements, strict=True):
        yield [_judged(segment, judgement)]


def _judged(segment: Segment, judgement: Judgement | None) -> Segment:
    return segment if judgement is None else dropped(segment, judgement)
