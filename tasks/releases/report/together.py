"""Count in how many documents the entities that most documents name stand together."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from tasks.clean.personal_data import mask
from tasks.writing.languages import UNDETERMINED

#: A table that a person takes in at a glance.
MOST_TOGETHER = 12


def named_together(tables: Mapping[str, pl.LazyFrame]) -> list[dict[str, Any]]:
    """Return the entities most named, each with the documents it shares with each of them.

    Returns:
        `name, place, together`: how many documents, in the order of the entities; with itself all
        of its own. No rows if nobody is named.
    """
    order = [-pl.col("document_count"), -pl.col("mention_count"), pl.col("entity_id")]
    entities = tables["entities"].bottom_k(MOST_TOGETHER, by=order).sort(order)
    chosen = entities.select("entity_id", "canonical_name").collect(engine="streaming")
    ids = chosen["entity_id"].to_list()
    named = tables["mentions"].filter(pl.col("entity_id").is_in(ids))
    named = named.select("doc_id", "entity_id").unique()
    pairs = named.join(named, on="doc_id", suffix="_other").group_by("entity_id", "entity_id_other")
    counted = pairs.agg(documents=pl.len()).collect(engine="streaming")
    counts = {(first, second): number for first, second, number in counted.iter_rows()}
    return [
        {
            "name": mask(name, UNDETERMINED),
            "place": place,
            "together": [counts.get((entity, other), 0) for other in ids],
        }
        for place, (entity, name) in enumerate(chosen.iter_rows())
    ]
