"""Compose documents from their kept segments.

Reads raw_documents, page_metadata and clean_segments; writes clean_documents and
clean_rejects: a raw document of which no segment is kept becomes a reject, and one of low
quality, if the settings ask for that.
"""

from itertools import repeat

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    CLEAN_REJECTS,
    CLEAN_SEGMENTS,
    PAGE_METADATA,
)
from tasks.clean.personal_data import regions_of
from tasks.clean.personal_data.record_names import redacted_address, redacted_text
from tasks.clean.quality import measure_quality
from tasks.clean.quality_limits import broken_limits
from tasks.clean.repair import repaired_lines
from tasks.clean.segment import is_block
from tasks.settings.clean import PersonalDataSettings, QualitySettings
from tasks.steps.stage import stage

#: Confidences are summed as whole millionths, so that no sum depends on its order.
CONFIDENCE_STEPS = 1_000_000
_REJECT = CLEAN_REJECTS.column_names

#: Columns that the record may hold itself, or else its page.
_OF_PAGE = ("title", "author", "site", "published_at", "declared_language")
#: Columns in which personal data is looked for, besides the text.
_TOLD, _ADDRESSES = ("title", "author", "site"), ("url", "canonical_url", "source_id")
#: Columns that a document has of its kept segments, not of its record.
_OF_TEXT = ("text", "text_chars")
_OF_RECORD = [
    name
    for name in CLEAN_DOCUMENTS.column_names
    if name in RAW_DOCUMENTS.column_names and name not in _OF_TEXT
]


@stage(
    reads=[RAW_DOCUMENTS.only(*_OF_RECORD, "is_markup"), PAGE_METADATA, CLEAN_SEGMENTS],
    writes=[CLEAN_DOCUMENTS, CLEAN_REJECTS],
    packages=["babel", "ftfy", "phonenumbers", "regex"],
)
def compose_documents(
    raw_documents: pl.DataFrame,
    page_metadata: pl.DataFrame,
    clean_segments: pl.DataFrame,
    quality: QualitySettings,
    personal_data: PersonalDataSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join the kept segments of each document, and sum up what is known of them.

    Args:
        raw_documents: The records that segments were cut from.
        page_metadata: What their markup says, one row per document.
        clean_segments: Their segments, kept and dropped, in any order.
        quality: What a text must be like to become a document.
        personal_data: Whether what is known of them is redacted; `clean_segments` are already.

    Returns:
        `clean_documents` and `clean_rejects`, both sorted by `doc_id`; together one row per
        raw document.
    """
    segments = clean_segments.sort(CLEAN_SEGMENTS.key)
    known = raw_documents.select(_OF_RECORD).join(
        page_metadata, on="doc_id", how="left", suffix="_of_page"
    )
    documents = _summed_up(known, segments)
    documents = documents.join(measure_quality(documents), on="doc_id")
    poor = broken_limits(documents, quality)
    empty = raw_documents.join(segments.filter("kept"), on="doc_id", how="anti")
    rejects = pl.concat(
        [_rejects(empty, segments).select(_REJECT), _poor(raw_documents, poor).select(_REJECT)]
    )
    kept = _redacted(documents.join(poor, on="doc_id", how="anti"), personal_data)
    return (
        kept.sort("doc_id")
        .select(CLEAN_DOCUMENTS.column_names)
        .cast(CLEAN_DOCUMENTS.polars_schema),
        rejects.sort("doc_id").cast(CLEAN_REJECTS.polars_schema),
    )


def _summed_up(known: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of each record that has kept segments, and of these."""
    kept = segments.filter("kept")
    return (
        known.with_columns(pl.coalesce(name, f"{name}_of_page").alias(name) for name in _OF_PAGE)
        .with_columns(pl.col(name).map_batches(_repaired, pl.String) for name in _TOLD)
        .with_columns(url=pl.coalesce("url", "canonical_url"))
        .join(_texts(kept), on="doc_id")
        .join(_languages(kept), on="doc_id")
        .join(_commonest(kept, "script"), on="doc_id")
        .join(_dropped(segments), on="doc_id")
        .join(_debris(kept), on="doc_id")
    )


def _repaired(told: pl.Series) -> pl.Series:
    """Return titles and names mended as lines of the text are; null where nothing is left."""
    known = told.is_not_null()
    lines = iter(repaired_lines(told.filter(known).to_list()))
    values = [(next(lines) or None) if is_known else None for is_known in known]
    return pl.Series(told.name, values, pl.String)


def _texts(kept: pl.DataFrame) -> pl.DataFrame:
    return (
        kept.group_by("doc_id", maintain_order=True)
        .agg(
            pl.col("text").str.join("\n"),
            pl.len().alias("segments_kept"),
            pl.col("text_chars").filter("is_repaired").sum().alias("repaired_chars"),
            pl.col("debris_count").sum(),
        )
        .with_columns(pl.col("text").str.len_chars().alias("text_chars"))
    )


def _debris(kept: pl.DataFrame) -> pl.DataFrame:
    """Return the traces of machine translation of each document, summed by kind."""
    kind = ["kind", "script", "language"]
    counts = (
        kept.filter(pl.col("debris").list.len() > 0)
        .select("doc_id", "debris")
        .explode("debris")
        .select("doc_id", *(pl.col("debris").struct.field(name) for name in (*kind, "count")))
        .group_by("doc_id", *kind)
        .agg(pl.col("count").sum())
        .sort("doc_id", *kind)
        .group_by("doc_id", maintain_order=True)
        .agg(debris=pl.struct(*kind, "count"))
    )
    documents = kept.select("doc_id").unique()
    return documents.join(counts, on="doc_id", how="left").with_columns(
        pl.col("debris").fill_null([])
    )


def _dropped(segments: pl.DataFrame) -> pl.DataFrame:
    return segments.group_by("doc_id").agg(
        (~pl.col("kept")).sum().alias("segments_dropped"),
        pl.col("text_chars").filter(~pl.col("kept")).sum().alias("dropped_chars"),
    )


def _languages(kept: pl.DataFrame) -> pl.DataFrame:
    """Return language, confidence and `language_shares` per document, commonest first."""
    steps = (pl.col("language_confidence") * CONFIDENCE_STEPS).round().cast(pl.Int64)
    # Column by column: Polars divides by a constant in another way where there is one row only.
    confidence = pl.col("sure_chars") / (pl.col("text_chars") * CONFIDENCE_STEPS)
    by_language = (
        kept.group_by("doc_id", "language")
        .agg(pl.col("text_chars").sum(), (steps * pl.col("text_chars")).sum().alias("sure_chars"))
        .sort("doc_id", "text_chars", "language", descending=[False, True, False])
        .with_columns(
            (pl.col("text_chars") / pl.col("text_chars").sum().over("doc_id")).alias("share"),
            confidence.alias("confidence"),
        )
    )
    return by_language.group_by("doc_id", maintain_order=True).agg(
        pl.col("language").first(),
        pl.col("confidence").first().alias("language_confidence"),
        pl.struct("language", "share").alias("language_shares"),
    )


def _commonest(kept: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the value that most characters of each document have (ties: the first by name)."""
    return (
        kept.group_by("doc_id", column)
        .agg(pl.col("text_chars").sum())
        .sort("doc_id", "text_chars", column, descending=[False, True, False])
        .group_by("doc_id", maintain_order=True)
        .agg(pl.col(column).first())
    )


def _rejects(left: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Return a reject for each raw document of which nothing was kept."""
    are_cut = segments.filter(~is_block()).select("doc_id", is_cut=True).unique()
    counts = (
        segments.group_by("doc_id", "reason")
        .len()
        .sort("doc_id", "reason")
        .group_by("doc_id", maintain_order=True)
        .agg(pl.format("{} {}", "len", "reason").str.join(", ").alias("detail"))
    )
    has_no_main_text = pl.col("is_markup") & pl.col("is_cut").is_null()
    known = left.join(counts, on="doc_id", how="left").join(are_cut, on="doc_id", how="left")
    return known.with_columns(
        pl.lit("compose").alias("stage"),
        pl.when(has_no_main_text)
        .then(pl.lit("no_main_text"))
        .otherwise(pl.lit("nothing_kept"))
        .alias("reason"),
    )


def _poor(raw_documents: pl.DataFrame, poor: pl.DataFrame) -> pl.DataFrame:
    """Return a reject for each document that breaks a limit of quality."""
    stage, reason = pl.lit("compose"), pl.lit("low_quality")
    return raw_documents.select("doc_id", "source_uri", stage=stage, reason=reason).join(
        poor, on="doc_id"
    )


def _redacted(documents: pl.DataFrame, settings: PersonalDataSettings) -> pl.DataFrame:
    """Take personal data out of what records and pages say of themselves, if that is asked for."""
    if not settings.redact:
        return documents
    known = documents.select("language", "declared_language", "url")
    regions = [regions_of([own, told or ""], url) for own, told, url in known.iter_rows()]
    told = {
        name: map(redacted_text, documents[name], regions, repeat(settings.kinds)) for name in _TOLD
    }
    addresses = {
        name: map(redacted_address, documents[name], repeat(settings.kinds)) for name in _ADDRESSES
    }
    columns = {**told, **addresses}.items()
    return documents.with_columns(pl.Series(name, list(c), pl.String) for name, c in columns)
