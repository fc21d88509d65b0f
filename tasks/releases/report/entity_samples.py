"""Choose the entities that a report shows in full: a bounded, reproducible choice.

Those named in most scripts, of these those in most documents, then those mentioned most; ties
go to the smaller id. Reads of a release: entities, mentions, documents, stories.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from tasks.releases.report.samples import with_masked_title

Tables = Mapping[str, pl.LazyFrame]
Rows = list[dict[str, Any]]

# What a reader looks through; the tables and `babelmill explain --entity` have the rest.
SHOWN_ENTITIES = 12
NAMES_PER_SCRIPT = 24
DOCUMENTS_PER_ENTITY = 8
STORIES_PER_ENTITY = 5


def sample_entities(tables: Tables) -> Rows:
    """Choose some entities and describe them; none mentioned: no rows."""
    return describe_entities(tables, _chosen(tables["entities"]).collect(engine="streaming"))


def describe_entities(tables: Tables, chosen: pl.DataFrame) -> Rows:
    """Return entities, each with its names by script, its documents and its stories.

    Args:
        tables: The release's tables.
        chosen: Rows of ENTITIES without `documents`, in the order of being shown.

    Returns:
        These rows with `scripts` (`script, name_count, names`) instead of `names`, the first
        `documents` and `stories`, and `story_count`.
    """
    mentioned = (
        tables["mentions"]
        .filter(pl.col("entity_id").is_in(chosen["entity_id"].to_list()))
        .group_by("entity_id", "doc_id")
        .agg(mentions=pl.len().cast(pl.Int64))
    )
    queries = [_documents(mentioned, tables), _stories(mentioned, tables)]
    frames = [_names(chosen), *pl.collect_all(queries, engine="streaming")]
    scripts, documents, stories = (f.rows_by_key("entity_id", named=True) for f in frames)
    return [
        {
            **row,
            "scripts": scripts[row["entity_id"]],
            "documents": [with_masked_title(d) for d in documents[row["entity_id"]]],
            "stories": [with_masked_title(s) for s in stories[row["entity_id"]]],
            "story_count": max((s["story_count"] for s in stories[row["entity_id"]]), default=0),
        }
        for row in chosen.drop("names").iter_rows(named=True)
    ]


def _chosen(entities: pl.LazyFrame) -> pl.LazyFrame:
    scripts = pl.col("names").list.eval(pl.element().struct.field("script")).list.n_unique()
    order = [
        -scripts.cast(pl.Int64), -pl.col("document_count"), -pl.col("mention_count"),
        pl.col("entity_id"),
    ]  # fmt: skip
    return entities.drop("documents").bottom_k(SHOWN_ENTITIES, by=order).sort(order)


def _names(entities: pl.DataFrame) -> pl.DataFrame:
    """Return `entity_id, script, names, name_count`, the script with most mentions first.

    A name is shown once, with all its languages and the least sure of its joins.
    """
    names = (
        entities.select("entity_id", "names")
        .explode("names")
        .drop_nulls("names")
        .unnest("names")
        .sort("score", "language", "evidence", "joined_to", nulls_last=True)
        .group_by("entity_id", "script", "name", maintain_order=True)
        .agg(
            pl.col("count").sum(),
            pl.col("evidence", "score", "joined_to").first(),
            languages=pl.col("language").unique().sort(),
        )
    )
    of_script = pl.col("count").sum().over("entity_id", "script")
    order = [pl.col("entity_id"), -of_script, pl.col("script"), -pl.col("count"), pl.col("name")]
    told = pl.struct("name", "languages", "count", "evidence", "score", "joined_to")
    return (
        names.sort(order)
        .group_by("entity_id", "script", maintain_order=True)
        .agg(names=told.head(NAMES_PER_SCRIPT), name_count=pl.len())
    )


def _documents(mentioned: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """Return the documents that mention an entity most."""
    order = [pl.col("entity_id"), -pl.col("mentions"), pl.col("doc_id")]
    told = tables["documents"].select("doc_id", "source_uri", "title", "language", "script")
    first = mentioned.sort(order).group_by("entity_id", maintain_order=True)
    return first.head(DOCUMENTS_PER_ENTITY).join(told, on="doc_id").sort(order)


def _stories(mentioned: pl.LazyFrame, tables: Tables) -> pl.LazyFrame:
    """Return the stories with most documents that mention an entity, and how many there are."""
    order = [pl.col("entity_id"), -pl.col("documents"), -pl.col("mentions"), pl.col("story_id")]
    told = (
        tables["stories"]
        .select("story_id", "representative", "title", "languages", "document_count")
        .join(
            tables["documents"].select("source_uri", "language", "script", representative="doc_id"),
            on="representative",
        )
    )
    counted = (
        mentioned.join(tables["documents"].select("doc_id", "story_id"), on="doc_id")
        .group_by("entity_id", "story_id")
        .agg(documents=pl.len().cast(pl.Int64), mentions=pl.col("mentions").sum())
        .with_columns(story_count=pl.len().over("entity_id"))
    )
    first = counted.sort(order).group_by("entity_id", maintain_order=True)
    return first.head(STORIES_PER_ENTITY).join(told, on="story_id").sort(order)
