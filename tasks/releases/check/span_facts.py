"""The facts about rows of `mentions` and `personal_data` that their suites name."""

import polars as pl

from tasks.releases.check.facts import with_facts


def mention_facts(
    mentions: pl.DataFrame, documents: pl.DataFrame, segments: pl.DataFrame
) -> pl.DataFrame:
    """Add facts to MENTIONS rows of the documents in DOCUMENTS and SEGMENTS."""
    read = segments.filter(pl.col("analysis") == "analysed").select(
        "doc_id",
        "segment_index",
        segment_start="document_start_char",
        segment_end=pl.col("document_start_char") + pl.col("text_chars"),
    )
    known = (
        _with_document_chars(mentions, documents)
        .join(read.unique(["doc_id", "segment_index"]), on=["doc_id", "segment_index"], how="left")
        .with_columns(found_surface=_found_surfaces(mentions, documents))
    )
    start, end = pl.col("start_char"), pl.col("end_char")
    return with_facts(
        "mentions",
        known,
        **_place_facts(),
        surface_is_in_text=pl.col("surface") == pl.col("found_surface"),
        is_inside_analysed_segment=(start >= pl.col("segment_start"))
        & (end <= pl.col("segment_end")),
    )


def _found_surfaces(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.Series:
    """Return what stands at each mention's offsets.

    Python slices code points in constant time; `str.slice` walks the text from its
    beginning, which is quadratic in a long document with many mentions.
    """
    texts = dict(documents.select("doc_id", "text").iter_rows())
    places = mentions.select("doc_id", "start_char", "end_char").iter_rows()
    found = [texts.get(doc_id, "")[start:end] for doc_id, start, end in places]
    return pl.Series(found, dtype=pl.String)


def personal_data_facts(personal_data: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add facts to PERSONAL_DATA rows of the documents in DOCUMENTS."""
    known = _with_document_chars(personal_data.sort("doc_id", "start_char"), documents)
    start, end = pl.col("start_char"), pl.col("end_char")
    return with_facts(
        "personal_data",
        known,
        **_place_facts(),
        spans_are_apart=(end.shift(1).over("doc_id") <= start)
        | (start.cum_count().over("doc_id") == 1),
    )


def _with_document_chars(spans: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    chars = documents.select("doc_id", document_chars="text_chars").unique("doc_id")
    return spans.join(chars, on="doc_id", how="left")


def _place_facts() -> dict[str, pl.Expr]:
    start, end, document_chars = pl.col("start_char"), pl.col("end_char"), pl.col("document_chars")
    return {
        "is_in_documents": document_chars.is_not_null(),
        "offsets_are_inside_text": (start >= 0) & (start < end) & (end <= document_chars),
    }
