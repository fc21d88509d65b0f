"""List the doubtful names of a release, to be decided by a person and given back.

Reads of a release: entities. Writes a file that `resolve.decisions` may name.
"""

from pathlib import Path

import polars as pl

_COLUMNS = (
    "decision",
    "language",
    "name",
    "other",
    "evidence",
    "score",
    "mentions",
    "label",
    "canonical_name",
    "entity_id",
)


def doubtful_names(entities: pl.LazyFrame, below: float) -> pl.DataFrame:
    """Return the names that are not surely what they were joined with.

    Args:
        entities: ENTITIES.
        below: The score from which on a join is sure.

    Returns:
        A row per name and language, the least sure and commonest first: `decision` (empty, to be
        filled), `language, name, other` (what it was joined with, else what its entity is called),
        `evidence, score, mentions`, and its entity's `label, canonical_name, entity_id`.
    """
    names = (
        entities.select("entity_id", "canonical_name", "label", pl.col("names").alias("each"))
        .explode("each")
        .unnest("each")
        .filter(pl.col("score") < below)
    )
    rows = names.with_columns(
        decision=pl.lit(""),
        other=pl.coalesce("joined_to", "canonical_name"),
        mentions=pl.col("count"),
    )
    return (
        rows.select(_COLUMNS)
        .sort("score", "mentions", "name", "language", "entity_id",
              descending=[False, True, False, False, False])
        .collect(engine="streaming")
    )  # fmt: skip


def write_review(names: pl.DataFrame, path: Path) -> None:
    """Write doubtful names as Parquet if the file is called so, else as TSV."""
    if path.suffix == ".parquet":
        names.write_parquet(path)
    else:
        names.write_csv(path, separator="\t")
