"""Put together the tables that readers see from what the stages found.

Reads: clean_documents, segments, found_mentions, found_personal_data, duplicates, versions,
containments, document_stories, entity_names; for the ledger raw_documents, duplicates,
clean_rejects and ingest_rejects.
Writes: documents, mentions, personal_data; rejects, ledger.
"""

import polars as pl

from expectations.labels import LIST
from expectations.tables import (
    DOCUMENTS,
    LEDGER,
    MENTIONS,
    PERSONAL_DATA,
    RAW_DOCUMENTS,
    REJECTS,
    SEGMENTS,
)
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    CLEAN_REJECTS,
    CONTAINMENTS,
    DOCUMENT_STORIES,
    DROPPED,
    DUPLICATES,
    ENTITY_NAMES,
    FOUND_MENTIONS,
    FOUND_PERSONAL_DATA,
    INGEST_REJECTS,
    SUPERSEDED,
    VERSIONS,
)
from tasks.steps.stage import stage

_FIRST_FETCH = pl.coalesce("first_fetched_at", "fetched_at")


@stage(
    reads=[
        CLEAN_DOCUMENTS,
        SEGMENTS.only("doc_id", "segment_index", "kept", "text_chars", "analysis"),
        FOUND_MENTIONS,
        FOUND_PERSONAL_DATA,
        DUPLICATES,
        VERSIONS,
        CONTAINMENTS,
        DOCUMENT_STORIES,
        ENTITY_NAMES,
    ],
    writes=[DOCUMENTS, MENTIONS, PERSONAL_DATA],
)
def assemble_documents(  # noqa: PLR0913, PLR0917 - the tables that it reads
    clean_documents: pl.DataFrame,
    segments: pl.DataFrame,
    found_mentions: pl.DataFrame,
    found_personal_data: pl.DataFrame,
    duplicates: pl.DataFrame,
    versions: pl.DataFrame,
    containments: pl.DataFrame,
    document_stories: pl.DataFrame,
    entity_names: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Join a part's documents with duplicates, stories and counts, and mentions with entities.

    Args:
        clean_documents: CLEAN_DOCUMENTS of the part.
        segments: SEGMENTS of the part; `doc_id, kept, text_chars, analysis` are read.
        found_mentions: FOUND_MENTIONS of the part.
        found_personal_data: FOUND_PERSONAL_DATA of the part.
        duplicates: DUPLICATES of the part.
        versions: VERSIONS of the part.
        containments: CONTAINMENTS of the part.
        document_stories: DOCUMENT_STORIES of the part.
        entity_names: ENTITY_NAMES of the part.

    Returns:
        DOCUMENTS, MENTIONS and PERSONAL_DATA of the part. A mention that the user dropped is gone;
        one without an entity keeps a null, which the write path refuses.
    """
    mentions = with_entities(found_mentions, entity_names)
    counts = mentions.group_by("doc_id").agg(pl.len().cast(pl.Int64).alias("mention_count"))
    is_copy = pl.col("duplicate_kind") != SUPERSEDED
    copies = duplicates.filter(is_copy)
    documents = clean_documents.join(_analysed(segments), on="doc_id", how="left")
    for found in (counts, copies, versions, containments, document_stories):
        documents = documents.join(found, on="doc_id", how="left")
    documents = documents.with_columns(
        pl.col("mention_count").fill_null(0), first_fetched_at=_FIRST_FETCH
    )
    personal_data = found_personal_data.join(documents.select("doc_id"), on="doc_id", how="semi")
    return documents.select(DOCUMENTS.column_names), mentions, personal_data


def with_entities(found_mentions: pl.DataFrame, entity_names: pl.DataFrame) -> pl.DataFrame:
    """Return MENTIONS: what was found, but for what the user dropped, with its entities.

    What names a known thing has its label, whatever the model called it.
    """
    joined = found_mentions.join(entity_names, on=ENTITY_NAMES.key, how="left")
    is_kept = pl.col("entity_id").ne_missing(DROPPED)
    label = pl.coalesce("known_label", "label")
    is_other = label != pl.col("label")
    relabelled = joined.filter(is_kept).with_columns(
        label=label, evidence=pl.when(is_other).then(pl.lit(LIST)).otherwise("evidence")
    )
    return relabelled.select(MENTIONS.column_names)


def _analysed(segments: pl.DataFrame) -> pl.DataFrame:
    """Return the share of each document's kept characters that an entity model has read."""
    chars, is_analysed = pl.col("text_chars"), pl.col("analysis") == "analysed"
    kept = segments.lazy().filter(pl.col("kept"))
    shares = kept.group_by("doc_id").agg(
        analysed_share=chars.filter(is_analysed).sum() / chars.sum()
    )
    return shares.collect()


@stage(
    reads=[
        RAW_DOCUMENTS.only("doc_id", "source_uri"),
        DUPLICATES.only("doc_id", "duplicate_kind"),
        CLEAN_REJECTS,
        INGEST_REJECTS,
    ],
    writes=[REJECTS, LEDGER],
    whole=True,
)
def assemble_ledger(
    raw_documents: pl.LazyFrame,
    duplicates: pl.LazyFrame,
    clean_rejects: pl.LazyFrame,
    ingest_rejects: pl.LazyFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every record its fate: one row each, and a row in `rejects` for the rejected.

    Args:
        raw_documents: RAW_DOCUMENTS; only `doc_id` and `source_uri` are read.
        duplicates: DUPLICATES; `doc_id, duplicate_kind` are read.
        clean_rejects: CLEAN_REJECTS.
        ingest_rejects: INGEST_REJECTS.

    Returns:
        REJECTS and LEDGER, sorted by `source_uri`.
    """
    columns = REJECTS.column_names
    rejects = pl.concat([ingest_rejects.select(columns), clean_rejects.select(columns)])
    fates = raw_documents.select("doc_id", "source_uri").join(
        clean_rejects.select("doc_id", rejected_for="reason"), on="doc_id", how="left"
    )
    fates = fates.join(
        duplicates.select("doc_id", copy_kind="duplicate_kind"), on="doc_id", how="left"
    )
    ledger = pl.concat([fates.select(*_fate()), _rejected(ingest_rejects)])
    return (
        rejects.sort(REJECTS.key).collect(engine="streaming"),
        ledger.sort(LEDGER.key).collect(engine="streaming"),
    )


def _fate() -> list[pl.Expr]:
    rejected, copied = pl.col("rejected_for"), pl.col("copy_kind")
    is_superseded = copied == SUPERSEDED
    fate = (
        pl.when(rejected.is_not_null())
        .then(pl.lit("rejected"))
        .when(is_superseded)
        .then(pl.lit(SUPERSEDED))
        .when(copied.is_not_null())
        .then(pl.lit("duplicate"))
        .otherwise(pl.lit("published"))
    )
    stage = (
        pl.when(is_superseded)
        .then(pl.lit("find_versions"))
        .when(copied.is_not_null())
        .then(pl.lit("find_duplicates"))
        .otherwise(pl.lit("compose"))
    )
    return [
        pl.col("source_uri"),
        pl.col("doc_id"),
        fate.alias("fate"),
        stage.alias("stage"),
        pl.coalesce(rejected, copied, pl.lit("kept")).alias("reason"),
    ]


def _rejected(ingest_rejects: pl.LazyFrame) -> pl.LazyFrame:
    fate = pl.lit("rejected").alias("fate")
    return ingest_rejects.select("source_uri", "doc_id", fate, "stage", "reason")
