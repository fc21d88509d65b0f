"""The facts about spans of personal data that their suite names; offsets count code points."""

import polars as pl

from tasks.check.row_facts import with_facts


def personal_data_facts(personal_data: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Add facts to PERSONAL_DATA rows of the documents in DOCUMENTS."""
    chars = documents.select("doc_id", document_chars="text_chars").unique("doc_id")
    known = personal_data.sort("doc_id", "start_char").join(chars, on="doc_id", how="left")
    start, end = pl.col("start_char"), pl.col("end_char")
    return with_facts(
        "personal_data",
        known,
        is_in_documents=pl.col("document_chars").is_not_null(),
        offsets_are_inside_text=(start >= 0) & (start < end) & (end <= pl.col("document_chars")),
        spans_are_apart=(end.shift(1).over("doc_id") <= start)
        | (start.cum_count().over("doc_id") == 1),
    )
