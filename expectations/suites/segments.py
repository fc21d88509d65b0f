"""What must be true of every row of `segments`."""

from dataclasses import replace

from expectations.suites import columns
from expectations.suites.expectation import (
    Expectation,
    Suite,
    Thresholds,
    Vocabulary,
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
    "dropped",
    "rejected",
    "model_failed",
)
_KEY = ("doc_id", "segment_index")


def segments_suite(vocabulary: Vocabulary, thresholds: Thresholds) -> Suite:
    """Return the expectations on `segments` and its facts."""
    expectations = (
        *_place_expectations(),
        *_reason_expectations(vocabulary),
        *_language_expectations(vocabulary, thresholds),
        *_analysis_expectations(),
    )
    return Suite("segments", _KEY, expectations)


def _place_expectations() -> tuple[Expectation, ...]:
    return (
        columns.key_is_present(),
        unique(_KEY, "Two segments cannot stand in the same place."),
        columns.is_in_raw_documents(),
        holds("index_is_gapless", "A gap means that a segment vanished without a reason."),
        columns.text_is_not_blank(),
        columns.text_chars_is_right(),
        holds(
            "raw_offsets_are_sound",
            "`start_char` lies before `end_char`, both inside the raw text, or both are null.",
            "start_char",
            "end_char",
        ),
    )


def _reason_expectations(vocabulary: Vocabulary) -> tuple[Expectation, ...]:
    return (
        one_of(
            "reason_is_known",
            "reason",
            vocabulary.segment_reasons,
            "docs/reasons.md explains each; another would explain nothing.",
        ),
        holds(
            "reason_is_set_exactly_when_dropped",
            "Nothing is dropped without a reason, and what is kept needs none.",
            "kept",
            "reason",
        ),
    )


def _language_expectations(
    vocabulary: Vocabulary, thresholds: Thresholds
) -> tuple[Expectation, ...]:
    fits = holds(
        "script_fits_language",
        "A language written in another script than its own is mostly a wrong tag. A few are "
        "right: a Russian sentence of Latin brand names.",
        "language",
        "script",
    )
    return (
        columns.language_is_known(vocabulary.languages),
        columns.confidence_is_in_range("language_confidence"),
        columns.script_is_well_formed(),
        replace(
            fits,
            tolerated_rows=int(thresholds["tolerated_segments"]),
            tolerated_share=thresholds["tolerated_share"],
            thresholds=("tolerated_segments", "tolerated_share"),
        ),
    )


def _analysis_expectations() -> tuple[Expectation, ...]:
    return (
        holds(
            "place_in_document_is_right",
            "Kept segments follow each other in `documents.text`, one per line; dropped ones "
            "have no place there.",
            "document_start_char",
        ),
        one_of("analysis_is_known", "analysis", ANALYSES, "It says why a text has no mentions."),
        holds(
            "analysis_fits_segment",
            "Exactly the dropped segments are `dropped`, and exactly the analysed ones name "
            "a model.",
            "analysis",
            "kept",
            "entity_model",
        ),
        within("debris_is_counted", "debris_count", 0, None, "A count is never negative."),
        within("chrome_score_is_in_range", "chrome_score", 0, 1, "A score is from 0 to 1."),
    )
