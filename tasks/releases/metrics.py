"""Keep what releases measure over time: a row per release and metric, in the store's own table.

Reads of a release: documents, ledger, entities. Writes `<store>/metrics/metrics.parquet`, outside
of the tables of releases: its time is that of publication, so that its bytes are no release's.
A release's record has its own metrics, too, so that a table that is lost is made again; a release
that was pruned stays in the table.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from expectations.reasons import OUTSIDE_PERIOD
from expectations.schema import FLOAT, STRING, TIMESTAMP
from expectations.tables import originals
from tasks.releases.releases import Release, list_releases
from tasks.steps.store import Store, write_frame

#: Columns of the table, and what each metric is, in the order in which they are shown.
SCHEMA = pl.Schema({"release": STRING, "created_at": TIMESTAMP, "metric": STRING, "value": FLOAT})
METRICS = {
    "documents": "documents, duplicates and superseded versions left out",
    "duplicates": "duplicates",
    "superseded": "earlier versions of pages that were fetched again",
    "rejected_records": "records that became no document",
    "languages": "languages of the documents",
    "sites": "sites that the documents name",
    "median_chars": "characters of the median document",
    "mentions_per_1000_chars": "mentions per 1,000 characters",
    "entities": "entities",
    "newest_age_days": "days from the newest document but one in fifty to the release",
}
_STOOD_FOR = [
    pl.col("duplicate_of").count().alias("duplicates"),
    pl.col("superseded_by").count().alias("superseded"),
]
#: One in fifty may have a wrong date, as where releases are compared.
_BELIEVED_DATES = 0.98


def metrics_path(store: Store) -> Path:
    """Return where the table of metrics is: one file, for any reader of Parquet."""
    return store.root / "metrics" / "metrics.parquet"


def measure_metrics(tables: Mapping[str, pl.LazyFrame], created_at: str) -> dict[str, float]:
    """Measure a release; what cannot be measured, such as the age without dates, is left out.

    Args:
        tables: Its tables.
        created_at: When it was published, ISO 8601.
    """
    kept = originals(tables["documents"])
    created = pl.lit(datetime.fromisoformat(created_at), dtype=TIMESTAMP)
    date = pl.coalesce("fetched_at", "published_at")
    newest = date.filter(date <= created).quantile(_BELIEVED_DATES, "lower")
    frames = pl.collect_all(
        [
            kept.select(
                documents=pl.len(),
                languages=pl.col("language").filter(pl.col("language") != "und").n_unique(),
                sites=pl.col("site").drop_nulls().n_unique(),
                median_chars=pl.col("text_chars").median(),
                mentions_per_1000_chars=1000
                * pl.col("mention_count").sum()
                / pl.col("text_chars").sum(),
                newest_age_days=(created - newest).dt.total_seconds() / 86_400,
            ),
            tables["documents"].select(_STOOD_FOR),
            tables["ledger"].select(
                rejected_records=(
                    (pl.col("fate") == "rejected") & (pl.col("reason") != OUTSIDE_PERIOD)
                ).sum()
            ),
            tables["entities"].select(entities=pl.len()),
        ],
        engine="streaming",
    )
    found = pl.concat(frames, how="horizontal").row(0, named=True)
    return {
        name: float(found[name])
        for name in METRICS
        if found[name] is not None and _is_number(found[name])
    }


def _is_number(value: float) -> bool:
    return value == value  # noqa: PLR0124 - NaN: a share of nothing


def read_metrics(store: Store, also: Release | None = None) -> pl.DataFrame:
    """Return the metrics of all releases, oldest first; none: no rows.

    Args:
        store: Where the releases are; those that were pruned are in the table only.
        also: One that is not written yet: then only what was published before it is returned.
    """
    known = [_rows(release) for release in (*list_releases(store), *([also] if also else []))]
    try:
        kept = pl.read_parquet(metrics_path(store), glob=False).select(SCHEMA.names()).cast(SCHEMA)
    except (OSError, PolarsError):  # none yet, or damaged: what records have is there
        kept = pl.DataFrame(schema=SCHEMA)
    rows = (
        pl.concat([*known, kept])
        .unique(["release", "metric"], keep="first")
        .sort("created_at", "release", "metric")
    )
    if also is None:
        return rows
    return rows.filter(pl.col("created_at") <= datetime.fromisoformat(also.created_at))


def _rows(release: Release) -> pl.DataFrame:
    created = datetime.fromisoformat(release.created_at)
    created = created if created.tzinfo else created.replace(tzinfo=UTC)
    rows = [
        {"release": release.release_id, "created_at": created, "metric": name, "value": value}
        for name, value in release.metrics.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def write_metrics(store: Store) -> None:
    """Bring the table up to date; only under the store's lock."""
    write_frame(metrics_path(store), read_metrics(store))
