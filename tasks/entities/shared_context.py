"""Find the documents that share entities with those of a person, without comparing all with all.

Two documents share two entities if they share a pair of them. So the pairs of a document are
looked up among the pairs of all documents of a person: that takes time in proportion to the
documents, where a comparison of all of them would take its square.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

#: Rows of pairs that are joined at once: 300 MB.
_ROWS_AT_ONCE = 2**23


@dataclass(frozen=True)
class SharedContext:
    """What documents are about.

    Attributes:
        around: `document, entity`, each once: what tells what a document is about.
        least: How many entities two documents must share.
    """

    around: pl.DataFrame
    least: int

    def sharing(self, names: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
        """Return which names stand in a document that shares enough with one of a person.

        Args:
            names: `kind, node, document`: names, and the documents that they stand in.
            persons: `kind, person, document`, each once: all documents of a person. Only
                persons and names of one kind are compared.

        Returns:
            `node, person`, each once; in any order.
        """
        both = ["kind", "document"]
        sizes = self.around.group_by("document").len("size").filter(pl.col("size") >= self.least)
        own = names.join(persons, on=both).join(sizes, on="document", how="semi")
        keys = self._keys(pl.concat([names.select("document"), persons.select("document")]))
        found = [own.select("node", "person")]
        key = (pl.col("kind").cast(pl.UInt64) * 2**32 + pl.col("key")).alias("key")
        for left, right in _slices(names, persons, keys):
            of_names = left.join(keys, on="document").select("node", key)
            of_persons = right.join(keys, on="document").select("person", key)
            met = of_persons.join(of_names.select("key"), on="key", how="semi").unique()
            found.append(of_names.join(met, on="key").select("node", "person").unique())
        candidates = pl.concat(found).unique()
        return candidates if self.least <= 2 else self._enough(candidates, names, persons)

    def _keys(self, documents: pl.DataFrame) -> pl.DataFrame:
        """Return `document, key`: a number for each entity, or two, that documents share."""
        here = self.around.join(documents.unique(), on="document", how="semi")
        here = here.filter(pl.len().over("entity") > 1)
        one, other = pl.col("entity").cast(pl.UInt64), pl.col("entity_other").cast(pl.UInt64)
        if self.least == 1:
            return here.select("document", one.alias("key"))
        pairs = (
            here.join(here, on="document", suffix="_other")
            .filter(one < other)
            .select("document", (one * 2**32 + other).alias("key"))
        )
        number = pl.col("key").rank("dense").cast(pl.UInt64)
        return pairs.filter(pl.len().over("key") > 1).with_columns(number)

    def _enough(
        self, candidates: pl.DataFrame, names: pl.DataFrame, persons: pl.DataFrame
    ) -> pl.DataFrame:
        """Keep the candidates that share not only two entities with one document."""
        gathered = self.around.group_by("document").agg("entity")
        around = {document: set(entities) for document, entities in gathered.iter_rows()}
        of_name = dict(names.select("node", "document").iter_rows())
        of_person = dict(persons.group_by("person").agg("document").iter_rows())
        kept = [
            any(
                len(around.get(of_name[node], set()) & around.get(document, set())) >= self.least
                for document in of_person[person]
            )
            for node, person in candidates.iter_rows()
        ]
        return candidates.filter(pl.Series(kept, dtype=pl.Boolean))


def _slices(
    names: pl.DataFrame, persons: pl.DataFrame, keys: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield names and persons of some kinds at a time, so that memory is bounded."""
    sizes = keys.group_by("document").len("size")
    rows = pl.concat([frame.select("kind", "document") for frame in (names, persons)])
    counts = rows.join(sizes, on="document").group_by("kind").agg(pl.col("size").sum())
    part = (pl.col("size").cum_sum() // _ROWS_AT_ONCE).alias("part")
    for kinds in counts.sort("kind").with_columns(part).partition_by("part"):
        yield names.join(kinds, on="kind", how="semi"), persons.join(kinds, on="kind", how="semi")
