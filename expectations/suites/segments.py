"""Say what must be true of every row of `segments`."""

from dataclasses import replace

import polars as pl

from expectations.reasons import BLOCK_REASONS, reasons_for
from expectations.suites import columns
from expectations.suites.expectation import (
    Expectation,
    Frames,
    Languages,
    Suite,
    Thresholds,
    holds,
    one_of,
    unique,
    within,
)

ANALYSES = (
    "analysed",
    "no_model",
    "not_language",
    "duplicate",
    "superseded",
    "dropped",
    "rejected",
    "model_failed",
    "switched_off",
)
_KEY = ("doc_id", "segment_index")


def segments_suite(languages: Languages, thresholds: Thresholds) -> Suite:
    """Return the expectations on `segments`."""
    expectations = (
        *_place_expectations(),
        *_reason_expectations(),
        *_language_expectations(languages, thresholds),
        *_analysis_expectations(),
    )
    return Suite("segments", _KEY, lambda f: _rows(f, languages), expectations)


def _rows(frames: Frames, languages: Languages) -> pl.LazyFrame:
    """Join segments with the length of their raw text and with whether their script fits."""
    segments = frames["segments"]
    raw = frames["raw_documents"].select("doc_id", raw_chars="text_chars").unique("doc_id")
    known = segments.join(raw, on="doc_id", how="left")
    return known.join(_known_scripts(segments, languages), on=["language", "script"], how="left")


def _known_scripts(segments: pl.LazyFrame, languages: Languages) -> pl.LazyFrame:
    """Say which languages may be written in which scripts; null: the language is unknown."""
    pairs = segments.select("language", "script").unique().drop_nulls().collect()
    fits = [
        languages.fits_script(language, script) if language in languages.tags else None
        for language, script in pairs.iter_rows()
    ]
    return pairs.with_columns(pl.Series("script_fits", fits, dtype=pl.Boolean)).lazy()


def _place_expectations() -> tuple[Expectation, ...]:
    index, raw_chars = pl.col("segment_index"), pl.col("raw_chars")
    start, end = pl.col("start_char"), pl.col("end_char")
    placed = (start >= 0) & (start < end) & (end <= raw_chars)
    return (
        columns.key_is_present("segments"),
        unique(_KEY, "Two segments cannot stand in the same place."),
        columns.is_in_raw_documents(raw_chars.is_not_null()),
        holds(
            "index_is_gapless",
            index.is_between(0, pl.len().over("doc_id") - 1),
            "A gap means that a segment vanished without a reason.",
        ),
        columns.text_is_not_blank(),
        columns.text_chars_is_right(),
        holds(
            "raw_offsets_are_sound",
            (start.is_null() & end.is_null()) | placed.fill_null(value=False),
            "`start_char` lies before `end_char`, both inside the raw text, or both are null.",
            "start_char",
            "end_char",
        ),
    )


def _reason_expectations() -> tuple[Expectation, ...]:
    return (
        one_of(
            "reason_is_known",
            "reason",
            reasons_for("segment", "block"),
            "docs/reasons.md explains each; another would explain nothing.",
        ),
        holds(
            "reason_is_set_exactly_when_dropped",
            pl.col("kept") == pl.col("reason").is_null(),
            "Nothing is dropped without a reason, and what is kept needs none.",
            "kept",
            "reason",
        ),
        holds(
            "left_out_block_has_no_language",
            ~pl.col("reason").is_in(BLOCK_REASONS).fill_null(value=False)
            | (pl.col("language") == "und"),
            "Nothing is looked for in what is no main text of its page.",
            "reason",
            "language",
        ),
    )


def _language_expectations(languages: Languages, thresholds: Thresholds) -> tuple[Expectation, ...]:
    is_unknown = pl.col("script_fits").is_null()
    fits = holds(
        "script_fits_language",
        is_unknown | pl.col("script_fits"),
        "A language written in another script than its own is mostly a wrong tag. A few are "
        "right: a Russian sentence of Latin brand names, and a source may consist of such.",
        "language",
        "script",
    )
    return (
        columns.language_is_known(languages),
        columns.confidence_is_in_range("language_confidence"),
        columns.script_is_well_formed(),
        replace(
            fits,
            tolerated_rows=int(thresholds["tolerated_segments"]),
            tolerated_share=thresholds["tolerated_share"],
            thresholds=("tolerated_segments", "tolerated_share"),
            guards="the source, a warning",
        ),
    )


def _analysis_expectations() -> tuple[Expectation, ...]:
    kept, analysed = pl.col("kept"), pl.col("analysis") == "analysed"
    chars = pl.when(kept).then(pl.col("text_chars") + 1).otherwise(0)
    before = chars.cum_sum().over("doc_id", order_by="segment_index") - chars
    return (
        holds(
            "place_in_document_is_right",
            pl.col("document_start_char").eq_missing(pl.when(kept).then(before)),
            "Kept segments follow each other in `documents.text`, one per line; dropped ones "
            "have no place there.",
            "document_start_char",
        ),
        one_of("analysis_is_known", "analysis", ANALYSES, "It says why a text has no mentions."),
        holds(
            "analysis_fits_segment",
            (kept != (pl.col("analysis") == "dropped"))
            & (analysed == pl.col("entity_model").is_not_null()),
            "Exactly the dropped segments are `dropped`, and exactly the analysed ones name "
            "a model.",
            "analysis",
            "kept",
            "entity_model",
        ),
        within("debris_is_counted", "debris_count", 0, None, "A count is never negative."),
        within("chrome_score_is_in_range", "chrome_score", 0, 1, "A score is from 0 to 1."),
    )
