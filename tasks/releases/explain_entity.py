"""Tell which names are one entity, and why, as a release has it.

Reads of a release: entities, documents. Writes nothing.
"""

from collections.abc import Mapping

import polars as pl

from tasks.releases.explain import Row

#: An entity may stand in every document; the count says in how many.
_DOCUMENTS_SHOWN = 20
_NEAR_MATCHES = 5


class UnknownEntity(LookupError):
    """No entity of the release has this id or this name."""

    def __init__(self, entity: str, meant: list[str]) -> None:
        hint = f"; entities with that name: {', '.join(meant)}" if meant else ""
        super().__init__(f"the release has no entity {entity!r}{hint}")


def explain_entity(tables: Mapping[str, pl.LazyFrame], entity: str) -> Row:
    """Gather what a release knows of an entity.

    Args:
        tables: The release's.
        entity: Its id, or a name that only one entity goes by.

    Returns:
        Its row of `entities` and the `source_uris` of its documents, the first few.

    Raises:
        UnknownEntity: There is none, or more than one has the name.
    """
    entities = tables["entities"]
    found = entities.filter(entity_id=entity).collect(engine="streaming")
    if found.is_empty():
        names = pl.col("names").list.eval(pl.element().struct.field("name"))
        found = entities.filter(names.list.contains(entity)).collect(engine="streaming")
    if found.height != 1:
        meant = found.sort("mention_count", "entity_id", descending=[True, False])
        raise UnknownEntity(entity, meant["entity_id"].to_list()[:_NEAR_MATCHES])
    row = found.row(0, named=True)
    uris = (
        tables["documents"]
        .filter(pl.col("doc_id").is_in(row["documents"]))
        .select("source_uri")
        .bottom_k(_DOCUMENTS_SHOWN, by="source_uri")
        .collect(engine="streaming")
    )
    return {**row, "source_uris": sorted(uris["source_uri"])}
