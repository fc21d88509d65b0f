"""What must be true of every row of `documents`."""

from dataclasses import replace

from expectations.signals import QUALITY_SIGNALS
from expectations.suites import columns
from expectations.suites.expectation import (
    Expectation,
    Suite,
    Thresholds,
    Vocabulary,
    holds,
    matches,
    one_of,
    unique,
    within,
)


def documents_suite(vocabulary: Vocabulary, thresholds: Thresholds) -> Suite:
    """Return the expectations on `documents` and its facts."""
    return Suite(
        "documents",
        ("doc_id",),
        (
            columns.key_is_present(),
            unique(("doc_id",), "Two documents with one identifier cannot be told apart."),
            columns.doc_id_is_well_formed(),
            columns.is_in_raw_documents(),
            columns.text_is_not_blank(),
            columns.text_chars_is_right(),
            *_composition(),
            matches(
                "canonical_url_is_an_address",
                "canonical_url",
                "^https?://[^/]",
                "Pages are found again by it, so it must lead somewhere.",
            ),
            columns.declared_language_is_well_formed(),
            columns.language_is_known(vocabulary.languages),
            columns.confidence_is_in_range("language_confidence"),
            columns.script_is_well_formed(),
            *_languages(),
            *_signals(),
            *_duplicates(),
            *_containments(),
            *_translations(),
            *_quality(thresholds),
        ),
    )


def _composition() -> list[Expectation]:
    return [
        holds(
            "text_is_its_kept_segments",
            "Every character of a document can be explained by a segment, and none was added.",
        ),
        holds(
            "segment_counts_add_up",
            "The counts must agree with the rows of `segments`.",
            "segments_kept",
            "segments_dropped",
            "dropped_chars",
        ),
        holds(
            "mention_count_adds_up",
            "The count must agree with the rows of `mentions`.",
            "mention_count",
        ),
        within("analysed_share_is_in_range", "analysed_share", 0, 1, "A share is from 0 to 1."),
        holds("has_no_control_characters", "They break terminals, XML and many readers of CSV."),
    ]


def _languages() -> list[Expectation]:
    return [
        within(
            "language_shares_sum_to_one",
            "language_shares_sum",
            # Shares are quotients of counts: float sums of a few dozen are this exact.
            1 - 1e-6,
            1 + 1e-6,
            "Every character of a document has exactly one language, `und` included.",
        ),
        holds(
            "language_shares_are_sorted",
            "Known languages, each once, the largest share first, as the column promises.",
        ),
    ]


def _signals() -> list[Expectation]:
    shares = (signal.name for signal in QUALITY_SIGNALS if signal.name.endswith("_share"))
    return [within(f"{name}_is_in_range", name, 0, 1, "A share is from 0 to 1.") for name in shares]


def _duplicates() -> list[Expectation]:
    return [
        holds(
            "duplicate_is_of_another",
            "A document that is its own duplicate would have no representative.",
            "duplicate_of",
        ),
        holds(
            "duplicate_kind_is_set_exactly_for_duplicates",
            "A duplicate says how it was found, and only a duplicate does.",
            "duplicate_of",
            "duplicate_kind",
        ),
        one_of(
            "duplicate_kind_is_known",
            "duplicate_kind",
            columns.DUPLICATE_KINDS,
            "Exact copies and near copies are told apart by these words.",
        ),
    ]


def _containments() -> list[Expectation]:
    return [
        holds(
            "container_is_another",
            "Every document says all of itself; that is nothing to flag.",
            "contained_in",
        ),
        holds(
            "contained_share_is_set_exactly_for_contained",
            "A contained document says how much of it stands elsewhere, and only such a one does.",
            "contained_in",
            "contained_share",
        ),
        within("contained_share_is_in_range", "contained_share", 0, 1, "A share is from 0 to 1."),
    ]


def _translations() -> list[Expectation]:
    return [
        holds(
            "translation_is_of_another",
            "A document is no translation of itself.",
            "translation_of",
        ),
        holds(
            "translation_score_is_set_exactly_for_translations",
            "A suspicion says how strong it is, and only a suspicion does.",
            "translation_of",
            "translation_score",
        ),
        within("translation_score_is_in_range", "translation_score", 0, 1, "It is from 0 to 1."),
    ]


def _quality(thresholds: Thresholds) -> list[Expectation]:
    """Return what single bad records of a source may break, but not many."""
    shares = (
        ("replaced_share", "More characters than that could not be decoded: not a text to use."),
        ("mojibake_share", "Sequences such as `Ð¼Ð¸` are text decoded with a wrong encoding."),
        ("repeated_share", "Sentences that stand there twice are mostly a body left in twice."),
    )
    return [
        replace(
            within(f"{column}_is_low", column, None, thresholds[f"max_{column}"], reason),
            tolerated_rows=int(thresholds["tolerated_documents"]),
            tolerated_share=thresholds["tolerated_share"],
            thresholds=(f"max_{column}", "tolerated_documents", "tolerated_share"),
        )
        for column, reason in shares
    ]
