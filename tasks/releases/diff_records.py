"""Find the records that differ between two releases, and in what: one narrow row each.

Reads of both releases: `ledger`, `raw_documents`, `documents`, `mentions`. Records are
matched by `source_uri`, since a `doc_id` changes with the bytes. Only hashes of the texts
are joined, never the texts.
"""

from collections.abc import Mapping
from functools import reduce
from operator import xor

import polars as pl

from expectations.working_tables import SUPERSEDED

CHANGE_REASONS = {
    "content": "its bytes are others",
    "decoding": "the same bytes were decoded otherwise",
    "metadata": "title, address or date changed",
    "cleaning": "from the same raw text, other segments were kept",
    "language": "its language tag changed",
    "duplicate": "it repeats another record than before, or none",
    "version": "a later version of its page has come, or gone",
    "story": "other records tell its story",
    "entities": "other entities are found in it",
    "rejected_now": "it was a document, and is rejected now",
    "accepted_now": "it was rejected, and is a document now",
    "rejected_otherwise": "it is still rejected, for another reason",
}
# Keeps sums of row hashes within 64 bits for up to four thousand million rows.
_HASH_RANGE = 2**31


def _row_hash(*columns: str) -> pl.Expr:
    # Compared within this call only and never written: Polars may change its hash. Column by
    # column, since hashing a struct first copies its texts (+160 MB for 100,000 documents).
    hashes = [pl.col(column).hash(seed) for seed, column in enumerate(columns)]
    return reduce(xor, hashes) % _HASH_RANGE


def _record_profiles(tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """One narrow row per ledger row: all that a change of the record would show in."""
    return (
        tables["ledger"]
        .select("source_uri", "doc_id", "fate", fate_words=_FATE_WORDS)
        .join(_raw_profiles(tables["raw_documents"]), on="doc_id", how="left")
        .join(_document_profiles(tables["documents"]), on="doc_id", how="left")
        .join(_mention_profiles(tables["mentions"]), on="doc_id", how="left")
        .with_columns(entities=_ENTITIES_OF_DOCUMENTS)
        .drop("doc_id")
    )


# A document without mentions has none, which is not the same as not being a document.
_ENTITIES_OF_DOCUMENTS = pl.when(pl.col("cleaning").is_not_null()).then(
    pl.col("entities").fill_null(0)
)
_FATE_WORDS = (
    pl.when(pl.col("fate") == "rejected")
    .then(pl.format("rejected by {}: {}", pl.col("stage"), pl.col("reason")))
    .when(pl.col("fate") == "duplicate")
    .then(pl.format("duplicate ({})", pl.col("reason")))
    .otherwise(pl.col("fate"))
)


def _raw_profiles(raw_documents: pl.LazyFrame) -> pl.LazyFrame:
    return raw_documents.select(
        "doc_id", content=pl.col("content_sha256"), decoding=_row_hash("encoding", "text")
    )


def _document_profiles(documents: pl.LazyFrame) -> pl.LazyFrame:
    kept = documents.select(duplicate_of="doc_id", duplicates_uri="source_uri")
    stories = documents.group_by("story_id").agg(story=_row_hash("source_uri").sum())
    return (
        documents.select(
            "doc_id",
            "duplicate_of",
            "duplicate_kind",
            "story_id",
            "language",
            metadata=_row_hash("title", "url", "published_at"),
            cleaning=_row_hash("text"),
        )
        .join(kept, on="duplicate_of", how="left")
        .join(stories, on="story_id", how="left")
        .with_columns(duplicate=_row_hash("duplicates_uri", "duplicate_kind"))
        .drop("duplicate_of", "duplicates_uri", "duplicate_kind", "story_id")
    )


def _mention_profiles(mentions: pl.LazyFrame) -> pl.LazyFrame:
    return mentions.group_by("doc_id").agg(entities=_row_hash("entity_id", "label").sum())


def _differs(column: str) -> pl.Expr:
    return pl.col(column).ne(pl.col(f"{column}_after")).fill_null(value=False)


def _reason_columns() -> dict[str, pl.Expr]:
    rejected, rejected_after = (pl.col(c) == "rejected" for c in ("fate", "fate_after"))
    same_bytes = ~_differs("content")
    same_raw_text = same_bytes & ~_differs("decoding")
    conditions = {
        "content": _differs("content"),
        "decoding": same_bytes & _differs("decoding"),
        "cleaning": same_raw_text & _differs("cleaning"),
        "version": (pl.col("fate") == SUPERSEDED) != (pl.col("fate_after") == SUPERSEDED),
        "rejected_now": ~rejected & rejected_after,
        "accepted_now": rejected & ~rejected_after,
        "rejected_otherwise": rejected & rejected_after & _differs("fate_words"),
    }
    return {reason: conditions.get(reason, _differs(reason)) for reason in CHANGE_REASONS}


def find_changed_records(
    old: Mapping[str, pl.LazyFrame], new: Mapping[str, pl.LazyFrame]
) -> pl.DataFrame:
    """Return one row per record that is not in both releases as it was, by `source_uri`.

    Columns: `source_uri`; `kind` (came, went or changed); `fate_words` and
    `fate_words_after`; and a boolean for each of `CHANGE_REASONS`.
    """
    joined = _record_profiles(old).join(
        _record_profiles(new), on="source_uri", how="full", suffix="_after", coalesce=True
    )
    kind = (
        pl.when(pl.col("fate").is_null()).then(pl.lit("came"))
        .when(pl.col("fate_after").is_null()).then(pl.lit("went"))
        .when(pl.any_horizontal(*CHANGE_REASONS)).then(pl.lit("changed"))
    )  # fmt: skip
    return (
        joined.with_columns(**_reason_columns())
        .with_columns(pl.col(*CHANGE_REASONS).fill_null(value=False))
        .select("source_uri", "fate_words", "fate_words_after", *CHANGE_REASONS, kind=kind)
        .filter(pl.col("kind").is_not_null())
        .sort("source_uri")
        .collect(engine="streaming")
    )
