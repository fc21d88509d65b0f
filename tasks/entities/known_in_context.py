"""Say which country's body a name means by its document: Senate, Ministry of Defence.

It is the one that the document names in full elsewhere; else that of the country that the document
is about.
"""

from collections.abc import Mapping

import polars as pl

from tasks.entities.known import COMPOSED_IN_CONTEXT, IN_CONTEXT, Known, KnownSpellings
from tasks.entities.nodes import Nodes

#: A document is clearly about a country that it mentions so many times as often as any other.
_CLEAR = 2
_SPELT = {"spelling": pl.UInt32}


def place_in_context(nodes: Nodes, known: KnownSpellings) -> tuple[Nodes, dict[int, Known]]:
    """Give names that mean a body of one country nodes of their own in each document about it.

    A document is about the country that most mentions of known places and bodies in it belong to,
    if there is one. Names that mean a body of any country need `_CLEAR` times as many.

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
    nodes_of = chosen.join(scoped, on=["name", "document"])
    found = nodes.found.join(
        nodes_of.select("document", "spelling", scoped="node"),
        on=["document", "spelling"],
        how="left",
        maintain_order="left",
    )
    found = found.with_columns(pl.coalesce("scoped", "node").alias("node")).drop("scoped")
    by_id = {what.entity_id: what for meant in known.in_context.values() for what in meant.values()}
    rows = nodes_of.group_by("node", "entity").agg(pl.col("is_composed").all()).sort("node")
    return nodes.with_scoped(found, scoped), {
        node: by_id[entity]._replace(evidence=COMPOSED_IN_CONTEXT if is_composed else IN_CONTEXT)
        for node, entity, is_composed in rows.iter_rows()
    }


def _chosen(nodes: Nodes, known: KnownSpellings) -> pl.DataFrame:
    """Return what names mean that mean one thing in their document.

    Returns:
        `document, spelling, name, entity, is_composed`: whether by their kind of institution only.
    """
    rows = [
        (spelling, country, what.entity_id, what.evidence == COMPOSED_IN_CONTEXT)
        for spelling, by_country in known.in_context.items()
        for country, what in by_country.items()
    ]
    schema = {**_SPELT, "country": pl.String, "entity": pl.String, "is_composed": pl.Boolean}
    meant = pl.DataFrame(rows, schema=schema, orient="row")
    asked = nodes.found.filter(pl.col("node") < nodes.full).join(meant, on="spelling", how="semi")
    named = asked.join(meant, on="spelling").join(_named(nodes, known), on=["document", "entity"])
    about = asked.join(_countries(nodes, known.country), on="document")
    about = about.join(named, on=["document", "spelling"], how="anti")
    about = about.join(meant, on=["spelling", "country"])
    about = about.filter(~pl.col("is_composed") | pl.col("is_clear"))
    columns = ["document", "spelling", "name", "entity", "is_composed"]
    chosen = pl.concat([named.select(columns), about.select(columns)])
    is_one = pl.col("entity").n_unique().over("document", "name") == 1
    return chosen.filter(is_one)


def _named(nodes: Nodes, known: KnownSpellings) -> pl.DataFrame:
    """Return `document, entity`, each once: what names mean in a document wherever they stand."""
    rows = [(spelling, what.entity_id) for spelling, what in known.certain.items()]
    certain = pl.DataFrame(rows, schema={**_SPELT, "entity": pl.String}, orient="row")
    return nodes.found.join(certain, on="spelling").select("document", "entity").unique()


def _countries(nodes: Nodes, countries: Mapping[int, str]) -> pl.DataFrame:
    """Return `document, country, is_clear` of the documents that are about one country."""
    schema = {**_SPELT, "country": pl.String}
    named = pl.DataFrame(list(countries.items()), schema=schema, orient="row")
    counts = (
        nodes.found.join(named, on="spelling")
        .group_by("document", "country")
        .agg(pl.col("count").sum())
        .sort("document", "count", "country", descending=[False, True, False])
    )
    second = pl.col("count").shift(-1).over("document").fill_null(0).alias("second")
    top = counts.with_columns(second).group_by("document", maintain_order=True).first()
    is_clear = pl.col("count") >= _CLEAR * pl.col("second")
    return top.filter(pl.col("count") > pl.col("second")).select(
        "document", "country", is_clear.alias("is_clear")
    )
