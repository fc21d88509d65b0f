"""Say what must be true of every row of `personal_data`."""

import polars as pl

from expectations.suites import columns
from expectations.suites.expectation import Frames, Suite, holds, one_of, unique

KINDS = ("email", "phone", "iban", "card", "ip_address")
_KEY = ("doc_id", "start_char", "end_char")


def personal_data_suite() -> Suite:
    """Return the expectations on `personal_data`."""
    start, end = pl.col("start_char"), pl.col("end_char")
    is_first = start.cum_count().over("doc_id", order_by="start_char") == 1
    return Suite(
        "personal_data",
        _KEY,
        _rows,
        (
            columns.key_is_present("personal_data"),
            unique(_KEY, "The same characters cannot be two pieces of personal data."),
            columns.doc_id_is_well_formed(),
            holds(
                "is_in_documents",
                pl.col("document_chars").is_not_null(),
                "Personal data is named by its position in a document's text.",
            ),
            columns.offsets_are_inside_text(),
            one_of("kind_is_known", "kind", KINDS, "Readers filter and redact by these words."),
            holds(
                "spans_are_apart",
                (end.shift(1).over("doc_id", order_by="start_char") <= start) | is_first,
                "Where spans overlap, none of them can be replaced.",
            ),
        ),
    )


def _rows(frames: Frames) -> pl.LazyFrame:
    """Join personal data, in the order of its position, with the length of its document."""
    spans = frames["personal_data"].sort("doc_id", "start_char")
    return columns.with_document_chars(spans, frames["documents"])
