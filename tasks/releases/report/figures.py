"""Count what a report tells of a release: small frames, however large it is.

Reads of a release: every table, by lazy queries in Polars' streaming engine. Sums are of
integers, so that they do not depend on the order in which threads finish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

Tables = Mapping[str, pl.LazyFrame]
Rows = list[dict[str, Any]]

# What fits a page that is read from top to bottom; the tables hold the rest.
ENTITIES_PER_LANGUAGE = 8
CONFIDENCE_BINS = 20
NO_SITE = "no site named"
_MILLION = 1_000_000


@dataclass(frozen=True)
class Figures:
    """What is counted of a release: totals, and groups with their counts as rows."""

    fates: Rows
    raw_documents: int
    languages: Rows
    confidence: Rows
    segments: Rows
    mentions: Rows
    entities: int
    entities_by_language: Rows
    stories: int
    months: Rows
    sites: Rows

    def records(self, fate: str | None = None, stage: str | None = None) -> int:
        """How many records met a fate (None: any) at a stage (None: any)."""
        return sum(
            row["records"]
            for row in self.fates
            if fate in (None, row["fate"]) and stage in (None, row["stage"])
        )

    @property
    def documents(self) -> int:
        """How many documents there are, duplicates included."""
        return sum(row["documents"] for row in self.languages)

    @property
    def kept_chars(self) -> int:
        """Characters of the segments that were kept."""
        return sum(row["chars"] for row in self.segments if row["reason"] is None)

    @property
    def dropped_chars(self) -> int:
        """Characters of the segments that were dropped."""
        return sum(row["chars"] for row in self.segments if row["reason"] is not None)


def measure_release(tables: Tables) -> Figures:
    """Count a release."""
    queries = {
        "fates": _fates(tables["ledger"]),
        "raw_documents": tables["raw_documents"].select(pl.len()),
        "languages": _languages(tables["documents"]),
        "confidence": _confidence(tables["documents"]),
        "segments": _segments(tables["segments"]),
        "mentions": _largest(
            tables["mentions"].group_by("language", "label").agg(mentions=pl.len())
        ),
        "entities": tables["entities"].select(pl.len()),
        "entities_by_language": _entities_by_language(tables["entities"]),
        "stories": tables["stories"].select(pl.len()),
        "months": _documents_by(tables["documents"], month_of(pl.col("published_at"))),
        "sites": _documents_by(tables["documents"], site_of(pl.col("site"))),
    }
    frames = pl.collect_all(list(queries.values()), engine="streaming")
    counted = dict(zip(queries, frames, strict=True))
    return Figures(**{name: _plain(name, frame) for name, frame in counted.items()})


_COUNTS = frozenset({"raw_documents", "entities", "stories"})


def _plain(name: str, frame: pl.DataFrame) -> Any:  # noqa: ANN401 (a count or rows, by field)
    return frame.item() if name in _COUNTS else frame.to_dicts()


def _largest(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Sort counted groups by their first count, largest first, then by their keys."""
    schema = frame.collect_schema()
    count = next(name for name, data_type in schema.items() if data_type.is_integer())
    keys = [name for name, data_type in schema.items() if data_type == pl.String]
    return frame.with_columns(pl.col(count).cast(pl.Int64)).sort(
        count, *keys, descending=[True, *(False for _ in keys)]
    )


def _fates(ledger: pl.LazyFrame) -> pl.LazyFrame:
    return _largest(
        ledger.group_by("fate", "stage", "reason").agg(
            records=pl.len(), example=pl.col("source_uri").min()
        )
    )


def _languages(documents: pl.LazyFrame) -> pl.LazyFrame:
    confidence = (pl.col("language_confidence") * _MILLION).round().cast(pl.Int64)
    analysed = (pl.col("analysed_share") * pl.col("text_chars")).round().cast(pl.Int64)
    sums = documents.group_by("language", "script").agg(
        documents=pl.len(),
        duplicates=pl.col("duplicate_of").count(),
        chars=pl.col("text_chars").sum(),
        confidence=confidence.sum(),
        analysed=analysed.sum(),
    )
    return _largest(sums).with_columns(
        confidence=pl.col("confidence") / (pl.col("documents") * _MILLION),
        analysed=pl.col("analysed") / pl.col("chars").clip(1),
    )


def _confidence(documents: pl.LazyFrame) -> pl.LazyFrame:
    binned = (pl.col("language_confidence") * CONFIDENCE_BINS).floor().cast(pl.Int64)
    return (
        documents.group_by(bin=binned.clip(0, CONFIDENCE_BINS - 1))
        .agg(documents=pl.len())
        .sort("bin")
    )


def _segments(segments: pl.LazyFrame) -> pl.LazyFrame:
    return _largest(
        segments.group_by("reason", "language", "script").agg(
            chars=pl.col("text_chars").sum(), segments=pl.len()
        )
    )


def month_of(time: pl.Expr) -> pl.Expr:
    """Return the month of a time as `2026-11`; null where there is none."""
    return time.dt.strftime("%Y-%m").alias("month")


def site_of(name: pl.Expr) -> pl.Expr:
    """Return the name of a site, or that none is named."""
    return name.fill_null(NO_SITE).alias("site")


def _documents_by(documents: pl.LazyFrame, group: pl.Expr) -> pl.LazyFrame:
    return _largest(documents.group_by(group, "language").agg(documents=pl.len()))


def _entities_by_language(entities: pl.LazyFrame) -> pl.LazyFrame:
    """The most mentioned entities of each language, by the name most used in it."""
    names = (
        entities.select("entity_id", "label", "names")
        .explode("names")
        .drop_nulls("names")
        .unnest("names")
    )
    return (
        names.group_by("language", "entity_id", "label")
        .agg(
            mentions=pl.col("count").sum(),
            name=pl.col("name").sort_by("count", "name", descending=[True, False]).first(),
            script=pl.col("script").sort_by("count", "name", descending=[True, False]).first(),
        )
        .sort("language", "mentions", "entity_id", descending=[False, True, False])
        .group_by("language", maintain_order=True)
        .head(ENTITIES_PER_LANGUAGE)
    )
