"""Say what must be true of every row of `raw_documents`."""

import polars as pl

from expectations.suites import columns
from expectations.suites.expectation import (
    Expectation,
    Suite,
    holds,
    matches,
    one_of,
    rows_of,
    unique,
    within,
)

_FORMAT_NAMES = (
    "text html mhtml jsonl json csv parquet arrow warc feed email mbox subtitles pdf docx odt epub"
)
FORMATS = _FORMAT_NAMES.split()
ENCODING_SOURCES = ("bom", "http", "declared", "utf-8", "detected")


def raw_documents_suite() -> Suite:
    """Return the expectations on `raw_documents`."""
    return Suite(
        "raw_documents",
        ("doc_id",),
        rows_of("raw_documents"),
        (
            columns.key_is_present("raw_documents"),
            unique(("doc_id",), "Two records with one identifier cannot be told apart."),
            columns.doc_id_is_well_formed(),
            matches("source_uri_is_not_blank", "source_uri", r"\S", "It says where it came from."),
            one_of("format_is_known", "format", FORMATS, "It decides how the text is cleaned."),
            *_encoding(),
            columns.declared_language_is_well_formed(),
            *_content(),
            columns.text_is_not_blank(),
            columns.text_chars_is_right(),
            _replaced_chars_are_in_text(),
        ),
    )


def _encoding() -> list[Expectation]:
    return [
        one_of(
            "encoding_source_is_known",
            "encoding_source",
            ENCODING_SOURCES,
            "A detected encoding is less certain than a declared one.",
        ),
        columns.confidence_is_in_range("encoding_confidence"),
    ]


def _content() -> list[Expectation]:
    return [
        matches(
            "content_sha256_is_well_formed",
            "content_sha256",
            "^[0-9a-f]{64}$",
            "It proves which bytes were read.",
        ),
        within(
            "content_is_not_empty",
            "content_bytes",
            1,
            None,
            "An empty record belongs into `rejects`.",
        ),
    ]


def _replaced_chars_are_in_text() -> Expectation:
    replacements = pl.col("text").str.count_matches("\ufffd", literal=True)
    return holds(
        "replaced_chars_are_in_text",
        pl.col("replaced_chars").is_between(0, replacements),
        "Each character that could not be decoded stands in the text as U+FFFD.",
        "replaced_chars",
    )
