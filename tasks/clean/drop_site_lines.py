"""Drop lines that recur over a site where they stand before or after the running text.

Reads cut_segments and site_lines; writes judged_segments.

What recurs within the running text stays: a heading, a refrain, a creed. So does all of a
document without running text, and of one of which too much would go; and what recurs in fewer
than most documents of the site, if it is running text or stands where a title does. What
is left is judged again, as if it had come so.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, groupby
from operator import itemgetter
from typing import Any

import polars as pl

from expectations.working_tables import CUT_SEGMENTS, JUDGED_SEGMENTS, SITE_LINES
from tasks.clean.judge import judged_documents
from tasks.clean.segment import Judgement, Segment, dropped, segment_of, segment_rows
from tasks.settings import CleanSettings, SiteSettings
from tasks.steps.stage import stage
from tasks.writing.measures import edges, is_body_line, width

_RECURS = Judgement("chrome", "recurs over the site")
#: Recurring lines that must stand before and after a short one that does not: a menu may have
#: today's date in it.
_LINES_PER_OTHER = 3


@stage(
    reads=[CUT_SEGMENTS, SITE_LINES],
    writes=[JUDGED_SEGMENTS],
    packages=["babel", "ftfy", "regex"],
)
def drop_site_lines(
    cut_segments: pl.DataFrame,
    site_lines: pl.DataFrame,
    clean: CleanSettings,
    sites: SiteSettings,
) -> pl.DataFrame:
    """Drop the lines that recur over the site of their document.

    Args:
        cut_segments: All segments of some documents, in any order.
        site_lines: Those of them that hold a line that recurs.
        clean: How what is left is judged.
        sites: How much of a document may go.

    Returns:
        `judged_segments`, sorted by key: the same segments, more of them dropped. A row
        depends on the rows of its document only.
    """
    marked = cut_segments.join(site_lines, on=CUT_SEGMENTS.key, how="left").sort(CUT_SEGMENTS.key)
    has_some = pl.col("is_usual").is_not_null().any().over("doc_id")
    named = marked.filter(has_some).iter_rows(named=True)
    documents = {doc_id: list(rows) for doc_id, rows in groupby(named, itemgetter("doc_id"))}
    judged = without_site_lines(
        [[segment_of(row) for row in rows] for rows in documents.values()],
        [_recurring(rows) for rows in documents.values()],
        clean,
        sites,
    )
    others = cut_segments.join(site_lines, on="doc_id", how="anti")
    rows = segment_rows(zip(documents, judged, strict=True))
    return pl.concat([others, rows]).sort(JUDGED_SEGMENTS.key)


def _recurring(rows: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """Return the lines of a document that recur, and whether most documents have them."""
    return {row["text"]: row["is_usual"] for row in rows if row["is_usual"] is not None}


def without_site_lines(
    documents: Sequence[list[Segment]],
    recurring: Sequence[Mapping[str, bool]],
    clean: CleanSettings,
    sites: SiteSettings,
) -> list[list[Segment]]:
    """Return the segments, with what recurs at the ends dropped, until nothing more is found.

    Args:
        documents: The segments of each document; none knows of another.
        recurring: The texts of those that recur over its site, and whether most documents
            have them.
        clean: How what is left is judged.
        sites: How much of a document may go.
    """
    found = list(documents)
    waiting = list(range(len(found)))
    while waiting:
        at_ends = [_dropped_at_ends(found[n], recurring[n], sites) for n in waiting]
        changed = [found[n] != segments for n, segments in zip(waiting, at_ends, strict=True)]
        waiting = list(compress(waiting, changed))
        judged = judged_documents(list(compress(at_ends, changed)), clean)
        for number, segments in zip(waiting, judged, strict=True):
            found[number] = segments
    return found


def _dropped_at_ends(
    segments: list[Segment], recurring: Mapping[str, bool], sites: SiteSettings
) -> list[Segment]:
    kept = [segment for segment in segments if segment.is_kept]
    goes = _goes([segment.text for segment in kept], recurring)
    if _width(compress(kept, goes)) > sites.max_dropped_share * _width(kept):
        return segments
    marks = iter(goes)
    return [
        dropped(segment, _RECURS) if segment.is_kept and next(marks) else segment
        for segment in segments
    ]


def _goes(lines: Sequence[str], recurring: Mapping[str, bool]) -> list[bool]:
    """Return for each line whether it goes."""
    are_usual = [recurring.get(line) for line in lines]
    is_text = [is_body_line(line) for line in lines]
    first, end = edges([t and usual is None for t, usual in zip(is_text, are_usual, strict=True)])
    at_ends = _run(are_usual[:first]) + [False] * (end - first) + _run(are_usual[end:][::-1])[::-1]
    must_be_usual = [t or index == first - 1 for index, t in enumerate(is_text)]
    return [
        at_end and (bool(usual) or not must)
        for at_end, usual, must in zip(at_ends, are_usual, must_be_usual, strict=True)
    ]


def _run(are_usual: Sequence[bool | None]) -> list[bool]:
    """Return which lines, from the outermost on, are of a run of recurring ones.

    Beyond the first line that does not recur (None), only usual ones are.
    """
    unbroken = are_usual.index(None) if None in are_usual else len(are_usual)
    longest = most = score = 0
    for length, usual in enumerate(are_usual, 1):
        score += -_LINES_PER_OTHER if usual is None else 1
        if score < 0:
            break
        if score > most:
            longest, most = length, score
    return [
        index < longest and (index < unbroken or usual is True)
        for index, usual in enumerate(are_usual)
    ]


def _width(segments: Iterable[Segment]) -> int:
    return sum(width(segment.text) for segment in segments)
