"""Say which country's body a name means by what its document is about: Senate, Supreme Court."""

from collections.abc import Mapping

import polars as pl

from tasks.entities.known import Known, KnownSpellings
from tasks.entities.nodes import Nodes


def place_in_context(nodes: Nodes, known: KnownSpellings) -> tuple[Nodes, dict[int, Known]]:
    """Give names that mean a body of one country nodes of their own in each document about it.

    A document is about the country that most mentions of known places and bodies in it belong to,
    if there is one.

    Returns:
        The nodes, and what is known of the new ones.
    """
    if not known.in_context:
        return nodes, {}
    chosen = _chosen(nodes, known)
    scoped = (
        chosen.select("name", "document")
        .unique()
        .sort("name", "document")
        .with_row_index("node", offset=nodes.size)
    )
    nodes_of = chosen.select("document", "spelling", "name", "entity").join(
        scoped, on=["name", "document"]
    )
    found = nodes.found.join(
        nodes_of.select("document", "spelling", scoped="node"),
        on=["document", "spelling"],
        how="left",
        maintain_order="left",
    )
    found = found.with_columns(pl.coalesce("scoped", "node").alias("node")).drop("scoped")
    by_id = {what.entity_id: what for meant in known.in_context.values() for what in meant.values()}
    rows = nodes_of.select("node", "entity").unique().sort("node")
    return nodes.with_scoped(found, scoped), {
        node: by_id[entity] for node, entity in rows.iter_rows()
    }


def _chosen(nodes: Nodes, known: KnownSpellings) -> pl.DataFrame:
    """Return `document, spelling, name, entity` of names that mean one thing in their document."""
    meant = pl.DataFrame(
        [
            (spelling, country, what.entity_id)
            for spelling, by_country in known.in_context.items()
            for country, what in by_country.items()
        ],
        schema={"spelling": pl.UInt32, "country": pl.String, "entity": pl.String},
        orient="row",
    )
    full = nodes.found.filter(pl.col("node") < nodes.full)
    chosen = full.join(_countries(nodes, known.country), on="document").join(
        meant, on=["spelling", "country"]
    )
    is_one = pl.col("entity").n_unique().over("document", "name") == 1
    return chosen.filter(is_one)


def _countries(nodes: Nodes, countries: Mapping[int, str]) -> pl.DataFrame:
    """Return `document, country` of the documents that are about one country."""
    schema = {"spelling": pl.UInt32, "country": pl.String}
    named = pl.DataFrame(list(countries.items()), schema=schema, orient="row")
    counts = (
        nodes.found.join(named, on="spelling")
        .group_by("document", "country")
        .agg(pl.col("count").sum())
    )
    most = pl.col("count") == pl.col("count").max().over("document")
    top = counts.filter(most)
    return top.filter(pl.len().over("document") == 1).select("document", "country")
