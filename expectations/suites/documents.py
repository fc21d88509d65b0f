"""Say what must be true of every row of `documents`."""

from dataclasses import replace

import polars as pl

from expectations.signals import QUALITY_SIGNALS
from expectations.suites import columns, damage
from expectations.suites.expectation import (
    Expectation,
    Frames,
    Guard,
    Languages,
    Suite,
    Thresholds,
    holds,
    matches,
    one_of,
    unique,
    within,
)
from expectations.suites.faults import fault_expectations, with_faults

_SHARE = "A share is from 0 to 1."


def documents_suite(languages: Languages, thresholds: Thresholds) -> Suite:
    """Return the expectations on `documents`."""
    sentence_chars = int(thresholds["repeated_sentence_chars"])
    return Suite(
        "documents",
        ("doc_id",),
        lambda frames: _rows(frames, sentence_chars),
        (
            columns.key_is_present("documents"),
            unique(("doc_id",), "Two documents with one identifier cannot be told apart."),
            columns.doc_id_is_well_formed(),
            columns.is_in_raw_documents(pl.col("source_uri") == pl.col("raw_uri")),
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
            columns.language_is_known(languages),
            columns.confidence_is_in_range("language_confidence"),
            columns.script_is_well_formed(),
            *_languages(languages),
            *_signals(),
            *_duplicates(),
            *_versions(),
            *_containments(),
            *_translations(),
            *_quality(thresholds),
            *fault_expectations(thresholds),
        ),
    )


def _rows(frames: Frames, sentence_chars: int) -> pl.LazyFrame:
    """Join documents with their raw documents, segments and mentions, and measure their texts."""
    raw = frames["raw_documents"].select("doc_id", raw_uri="source_uri").unique("doc_id")
    mentions = frames["mentions"].group_by("doc_id").agg(found_mentions=pl.len())
    text = pl.col("text")
    return (
        with_faults(frames["documents"], frames)
        .join(raw, on="doc_id", how="left")
        .join(_sums(frames["segments"]), on="doc_id", how="left")
        .join(mentions, on="doc_id", how="left")
        .join(damage.repeated_shares(frames["documents"], sentence_chars), on="doc_id", how="left")
        .with_columns(
            language_shares_sum=_shares().list.sum(),
            replaced_share=damage.replaced_share(text),
            mojibake_share=damage.mojibake_share(text),
            repeated_share=pl.col("repeated_share").fill_null(0.0),
        )
    )


def _sums(segments: pl.LazyFrame) -> pl.LazyFrame:
    kept, chars = pl.col("kept"), pl.col("text_chars")
    in_order = pl.col("text").filter(kept).sort_by(pl.col("segment_index").filter(kept))
    return segments.group_by("doc_id").agg(
        joined_text=in_order.str.join("\n"),
        found_segments_kept=kept.sum(),
        found_segments_dropped=kept.not_().sum(),
        found_dropped_chars=chars.filter(kept.not_()).sum(),
    )


def _composition() -> list[Expectation]:
    counts = ("segments_kept", "segments_dropped", "dropped_chars")
    same = pl.all_horizontal(pl.col(column) == pl.col(f"found_{column}") for column in counts)
    mentions = pl.col("found_mentions").fill_null(0)
    has_control_characters = pl.col("text").str.contains(damage.CONTROL_CHARACTERS)
    return [
        holds(
            "text_is_its_kept_segments",
            pl.col("text") == pl.col("joined_text"),
            "Every character of a document can be explained by a segment, and none was added.",
        ),
        holds(
            "segment_counts_add_up",
            same,
            "The counts must agree with the rows of `segments`.",
            *counts,
        ),
        holds(
            "mention_count_adds_up",
            pl.col("mention_count") == mentions,
            "The count must agree with the rows of `mentions`.",
            "mention_count",
        ),
        within("analysed_share_is_in_range", "analysed_share", 0, 1, _SHARE),
        holds(
            "has_no_control_characters",
            ~has_control_characters,
            "They break terminals, XML and many readers of CSV.",
        ),
    ]


def _languages(languages: Languages) -> list[Expectation]:
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
            _shares_are_sorted(languages),
            "Known languages, each once, the largest share first, as the column promises.",
        ),
    ]


def _shares() -> pl.Expr:
    return pl.col("language_shares").list.eval(pl.element().struct.field("share"))


def _shares_are_sorted(languages: Languages) -> pl.Expr:
    """Whether shares fall, and the languages are known, one share each.

    Shares may be equal, so the order is that of the values, not of the pairs.
    """
    tags = pl.col("language_shares").list.eval(pl.element().struct.field("language"))
    falling = _shares() == _shares().list.sort(descending=True)
    once = tags.list.n_unique() == tags.list.len()
    return falling & columns.are_known_languages(tags, languages) & once


def _signals() -> list[Expectation]:
    shares = (signal.name for signal in QUALITY_SIGNALS if signal.name.endswith("_share"))
    return [within(f"{name}_is_in_range", name, 0, 1, _SHARE) for name in shares]


def _is_of_another(name: str, link: str, reason: str) -> Expectation:
    return holds(name, pl.col(link).ne_missing(pl.col("doc_id")), reason, link)


def _is_set_exactly_with(name: str, link: str, described_by: str, reason: str) -> Expectation:
    both = pl.col(link).is_null() == pl.col(described_by).is_null()
    return holds(name, both, reason, link, described_by)


def _duplicates() -> list[Expectation]:
    return [
        _is_of_another(
            "duplicate_is_of_another",
            "duplicate_of",
            "A document that is its own duplicate would have no representative.",
        ),
        _is_set_exactly_with(
            "duplicate_kind_is_set_exactly_for_duplicates",
            "duplicate_of",
            "duplicate_kind",
            "A duplicate says how it was found, and only a duplicate does.",
        ),
        one_of(
            "duplicate_kind_is_known",
            "duplicate_kind",
            columns.DUPLICATE_KINDS,
            "Exact copies and near copies are told apart by these words.",
        ),
    ]


def _versions() -> list[Expectation]:
    is_duplicate, is_superseded = (
        pl.col(name).is_not_null() for name in ("duplicate_of", "superseded_by")
    )
    first, fetched = pl.col("first_fetched_at"), pl.col("fetched_at")
    return [
        _is_of_another(
            "version_is_of_another", "version_of", "A document is no version of itself."
        ),
        _is_of_another(
            "superseded_by_another", "superseded_by", "A document is superseded by another."
        ),
        holds(
            "superseded_is_no_duplicate",
            ~(is_superseded & is_duplicate),
            "A document has one reason not to count.",
            "superseded_by",
            "duplicate_of",
        ),
        holds(
            "first_fetch_is_no_later",
            (first.is_null() & fetched.is_null()) | (first <= fetched),
            "A page that was fetched was first fetched then, or before.",
            "first_fetched_at",
            "fetched_at",
        ),
    ]


def _containments() -> list[Expectation]:
    return [
        _is_of_another(
            "container_is_another",
            "contained_in",
            "Every document says all of itself; that is nothing to flag.",
        ),
        _is_set_exactly_with(
            "contained_share_is_set_exactly_for_contained",
            "contained_in",
            "contained_share",
            "A contained document says how much of it stands elsewhere, and only such a one does.",
        ),
        within("contained_share_is_in_range", "contained_share", 0, 1, _SHARE),
    ]


def _translations() -> list[Expectation]:
    return [
        _is_of_another(
            "translation_is_of_another",
            "translation_of",
            "A document is no translation of itself.",
        ),
        _is_set_exactly_with(
            "translation_score_is_set_exactly_for_translations",
            "translation_of",
            "translation_score",
            "A suspicion says how strong it is, and only a suspicion does.",
        ),
        within("translation_score_is_in_range", "translation_score", 0, 1, "It is from 0 to 1."),
    ]


def _quality(thresholds: Thresholds) -> list[Expectation]:
    """Return what single bad records of a source break; what too many of them may not."""
    shares: tuple[tuple[str, Guard, str], ...] = (
        (
            "replaced_share",
            "the source",
            "More characters than that could not be decoded, by us or by whoever wrote the "
            "source: not a text to use.",
        ),
        (
            "mojibake_share",
            "the source",
            "Sequences such as `Ð¼Ð¸` are text decoded with a wrong encoding, beyond repair.",
        ),
        (
            "repeated_share",
            "the source, a warning",
            "Sentences that stand there twice are mostly a body left in twice; in a source of "
            "songs they are not.",
        ),
    )
    return [
        replace(
            within(f"{column}_is_low", column, None, thresholds[f"max_{column}"], reason),
            tolerated_rows=int(thresholds["tolerated_documents"]),
            tolerated_share=thresholds["tolerated_share"],
            thresholds=(f"max_{column}", "tolerated_documents", "tolerated_share"),
            guards=guards,
        )
        for column, guards, reason in shares
    ]
