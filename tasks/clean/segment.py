"""Hold the lines of a document while they are judged, and turn them into rows and back."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from expectations.reasons import BLOCK_REASONS
from expectations.working_tables import CUT_SEGMENTS
from tasks.clean.debris import debris_columns

_COPIED = (
    "text",
    "start_char",
    "end_char",
    "is_repaired",
    "reason",
    "detail",
    "chrome_score",
)


class Segment(NamedTuple):
    """A line of a document, with its position in the raw text (None: it comes from markup).

    `reason` and `detail` say why it was dropped; None: it is kept. `indent` and `gap` are the
    spaces and the blank lines before it in plain text: how a flattened page was laid out.
    `chrome_score` is None where nothing raised the suspicion. `raw` is what a repaired line was
    made of; None: it was not repaired, comes from markup, or from a row.
    """

    text: str
    start_char: int | None = None
    end_char: int | None = None
    is_repaired: bool = False
    reason: str | None = None
    detail: str | None = None
    indent: int = 0
    gap: int = 0
    chrome_score: float | None = None
    raw: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether nothing has been held against it."""
        return self.reason is None


class Judgement(NamedTuple):
    """Why a segment is dropped: a name of `expectations.reasons` and what it refers to."""

    reason: str
    detail: str | None = None


def dropped(segment: Segment, judgement: Judgement) -> Segment:
    """Return the segment with the judgement written on it."""
    return segment._replace(reason=judgement.reason, detail=judgement.detail)


def segment_rows(documents: Iterable[tuple[str, Sequence[Segment]]]) -> pl.DataFrame:
    """Return rows of `cut_segments`, those of each document numbered in their order.

    Args:
        documents: `doc_id` and segments of each.
    """
    together = list(documents)
    segments = list(chain.from_iterable(found for _, found in together))
    columns = {
        "doc_id": [doc_id for doc_id, found in together for _ in found],
        "segment_index": list(chain.from_iterable(range(len(found)) for _, found in together)),
        **{name: [getattr(segment, name) for segment in segments] for name in _COPIED},
    }
    types = CUT_SEGMENTS.polars_schema
    frame = pl.DataFrame(columns, schema={name: types[name] for name in columns})
    # Nobody looks for traces of a translator in what is no text.
    judged = frame.select(pl.when(is_block()).then(pl.lit("")).otherwise("text").alias("text"))
    return frame.with_columns(
        pl.col("text").str.len_chars().cast(types["text_chars"]).alias("text_chars"),
        *debris_columns(judged["text"]),
        kept=pl.col("reason").is_null(),
    ).select(CUT_SEGMENTS.column_names)


def is_block() -> pl.Expr:
    """Return whether a segment was left out of a page: nothing is looked for in it."""
    return pl.col("reason").is_in(BLOCK_REASONS).fill_null(value=False)


def segment_of(row: Mapping[str, Any]) -> Segment:
    """Return the segment that a row holds; the layout of its line is in no row."""
    return Segment(**{name: row[name] for name in _COPIED})


def placed(segments: pl.DataFrame) -> pl.DataFrame:
    """Return the segments, sorted, with their offsets in the kept text joined by newlines."""
    line_chars = pl.when("kept").then(pl.col("text_chars") + 1).otherwise(0)
    start = (line_chars.cum_sum() - line_chars).over("doc_id")
    position = pl.when("kept").then(start).alias("document_start_char")
    return segments.sort(CUT_SEGMENTS.key).with_columns(position)
