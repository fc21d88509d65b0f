"""Say what must be true of every row of `mentions`."""

import polars as pl

from expectations.suites import columns
from expectations.suites.expectation import (
    Frames,
    Languages,
    Suite,
    holds,
    matches,
    unique,
)

_KEY = ("doc_id", "start_char", "end_char", "label")


def mentions_suite(languages: Languages) -> Suite:
    """Return the expectations on `mentions`."""
    start, end = pl.col("start_char"), pl.col("end_char")
    inside = (start >= pl.col("segment_start")) & (end <= pl.col("segment_end"))
    return Suite(
        "mentions",
        _KEY,
        _rows,
        (
            columns.key_is_present("mentions"),
            unique(_KEY, "The same words cannot be the same kind of mention twice."),
            holds(
                "is_in_documents",
                pl.col("document_chars").is_not_null(),
                "A mention stands in a document.",
            ),
            columns.offsets_are_inside_text(),
            holds(
                "surface_is_in_text",
                pl.col("surface") == pl.col("found_surface"),
                "`documents.text[start_char:end_char]` is the surface, counted in code points.",
                "surface",
                "found_surface",
            ),
            holds(
                "is_inside_analysed_segment",
                inside,
                "A mention lies within the segment that it names, and that a model has read.",
                "segment_index",
            ),
            columns.label_is_known(),
            columns.language_is_known(languages),
            columns.script_is_well_formed(),
            columns.evidence_is_known(),
            columns.confidence_is_in_range("confidence"),
            matches("model_is_named", "model", r"\S", "A reader must know which model said so."),
        ),
    )


def _rows(frames: Frames) -> pl.LazyFrame:
    """Join mentions with their documents, their segments and what stands at their offsets."""
    mentions, documents = frames["mentions"].collect(), frames["documents"]
    found = mentions.with_columns(found_surface=_found_surfaces(mentions, documents)).lazy()
    start = pl.col("document_start_char")
    read = (
        frames["segments"]
        .filter(pl.col("analysis") == "analysed")
        .select(*_PLACE, segment_start=start, segment_end=start + pl.col("text_chars"))
        .unique(_PLACE)
    )
    return columns.with_document_chars(found, documents).join(read, on=_PLACE, how="left")


_PLACE = ["doc_id", "segment_index"]


def _found_surfaces(mentions: pl.DataFrame, documents: pl.LazyFrame) -> pl.Series:
    """Return what stands at each mention's offsets.

    Python slices code points in constant time; `str.slice` walks the text from its
    beginning, which is quadratic in a long document with many mentions.
    """
    named = documents.select("doc_id", "text").join(mentions.lazy(), on="doc_id", how="semi")
    texts = dict(named.collect().iter_rows())
    spans = mentions.select("doc_id", "start_char", "end_char").iter_rows()
    found = [texts.get(doc_id, "")[start:end] for doc_id, start, end in spans]
    return pl.Series(found, dtype=pl.String)
