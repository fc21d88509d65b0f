"""Resolve stories: reads `clean_documents` and `duplicates`, writes `stories`, `document_stories`.

A story is a duplicate cluster, or a document that nothing repeats. Its id comes from its
representative, so a story keeps its name as copies come and go.
"""

import hashlib

import polars as pl

from expectations.tables import STORIES
from expectations.working_tables import DOCUMENT_STORIES

# Hex digits of an id: 64 bits, so that even 100 million stories hardly ever share one.
STORY_ID_DIGITS = 16


def resolve_stories(
    clean_documents: pl.LazyFrame,
    duplicates: pl.LazyFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Group documents into stories.

    Args:
        clean_documents: All of `clean_documents`; only `doc_id`, `title` and `language` are read.
        duplicates: All of `duplicates`.

    Returns:
        `stories` sorted by `story_id`, and `document_stories` sorted by `doc_id`.
    """
    told = (
        clean_documents.select("doc_id", "title", "language")
        .join(duplicates.select("doc_id", "duplicate_of"), on="doc_id", how="left")
        .with_columns(representative=pl.coalesce("duplicate_of", "doc_id"))
        .sort("doc_id")
        .collect()
    )
    told = told.with_columns(_story_ids(told["representative"]))
    return _stories(told), told.select(DOCUMENT_STORIES.column_names)


def _story_ids(representatives: pl.Series) -> pl.Series:
    ids = [
        hashlib.sha256(f"story {doc_id}".encode()).hexdigest()[:STORY_ID_DIGITS]
        for doc_id in representatives
    ]
    return pl.Series("story_id", ids, pl.String)


def _stories(told: pl.DataFrame) -> pl.DataFrame:
    is_representative = pl.col("doc_id") == pl.col("representative")
    return (
        told.group_by("story_id", "representative")
        .agg(
            title=pl.col("title").filter(is_representative).first(),
            languages=pl.col("language").unique().sort(),
            document_count=pl.len().cast(pl.Int64),
            documents=pl.col("doc_id").sort(),
        )
        .with_columns(
            evidence=pl.when(pl.col("document_count") > 1)
            .then(pl.lit("duplicates"))
            .otherwise(pl.lit("single"))
        )
        .select(STORIES.column_names)
        .sort("story_id")
    )
