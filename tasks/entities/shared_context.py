"""Find the documents that share entities with those of a person, without comparing all with all.

Two documents share two entities if they share a pair of them. So the pairs of a document are
looked up among the pairs of all documents of a person: that takes time in proportion to the
documents, where a comparison of all of them would take its square.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from tasks.entities.graph import Groups
from tasks.entities.nodes import BODY, PERSON, Nodes

#: Labels of the full names that say what a document is about: persons and bodies.
_TELLING = frozenset({PERSON, BODY})
#: Rows of pairs that are joined at once: 300 MB.
_ROWS_AT_ONCE = 2**23
#: A document of more entities is an index or a list: its pairs would be too many.
_MANY_ENTITIES = 256
_MET = ["node", "document", "person", "other"]


def in_documents(found: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """Return `document, entity`, each once, of `document, node`.

    Entities are the groups as they are now, by their roots.
    """
    entity = pl.Series("entity", groups.roots(), pl.UInt32)
    return found.select("document", entity.gather(found["node"])).unique()


def what_tells(nodes: Nodes, groups: Groups) -> pl.DataFrame:
    """Return `document, entity`, each once: the persons and bodies whose full names it has."""
    tells = [i for i in range(nodes.full) if nodes.names[i].label in _TELLING]
    telling = pl.DataFrame({"node": tells}, schema={"node": pl.UInt32})
    return in_documents(nodes.by_document.join(telling, on="node", how="semi"), groups)


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
        here = pl.concat([names.select("document"), persons.select("document")]).unique()
        around = self.around.join(here, on="document", how="semi")
        sizes = around.group_by("document").len("size").filter(pl.col("size") >= self.least)
        own = names.join(persons, on=["kind", "document"]).join(sizes, on="document", how="semi")
        around = around.filter(pl.len().over("entity") > 1)
        lists = around.group_by("document").len().filter(pl.col("len") > _MANY_ENTITIES)
        found = [own.select("node", "person")]
        found += self._by_keys(names, persons, around.join(lists, on="document", how="anti"))
        found.append(self._by_lists(names, persons, around, lists))
        return pl.concat(found).unique()

    def _by_keys(
        self, names: pl.DataFrame, persons: pl.DataFrame, around: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Yield `node, person` by what their documents have in common, some kinds at a time."""
        keys = self._keys(around)
        key = (pl.col("kind").cast(pl.UInt64) * 2**32 + pl.col("key")).alias("key")
        for left, right in _slices(names, persons, keys):
            of_names = left.join(keys, on="document").select("node", key)
            of_persons = right.join(keys, on="document").select("person", key)
            met = of_persons.join(of_names.select("key"), on="key", how="semi").unique()
            met = of_names.join(met, on="key").select("node", "person").unique()
            yield (
                met
                if self.least <= 2
                else self._counted(
                    left.join(met, on="node").join(
                        right.rename({"document": "other"}), on=["kind", "person"]
                    ),
                    around,
                )
            )

    def _keys(self, around: pl.DataFrame) -> pl.DataFrame:
        """Return `document, key`: a number for each entity, or two, that documents share."""
        one, other = pl.col("entity").cast(pl.UInt64), pl.col("entity_other").cast(pl.UInt64)
        if self.least == 1:
            return around.select("document", one.alias("key"))
        pairs = (
            around.join(around, on="document", suffix="_other")
            .filter(one < other)
            .select("document", (one * 2**32 + other).alias("key"))
        )
        number = pl.col("key").rank("dense").cast(pl.UInt64)
        return pairs.filter(pl.len().over("key") > 1).with_columns(number)

    def _by_lists(
        self,
        names: pl.DataFrame,
        persons: pl.DataFrame,
        around: pl.DataFrame,
        lists: pl.DataFrame,
    ) -> pl.DataFrame:
        """Return `node, person` where one of the two documents has very many entities."""
        others = persons.rename({"document": "other"})
        of_lists = lists.rename({"document": "other"})
        met = [
            names.join(lists, on="document", how="semi").join(others, on="kind"),
            names.join(others.join(of_lists, on="other", how="semi"), on="kind"),
        ]
        return self._counted(pl.concat([frame.select(_MET) for frame in met]), around)

    def _counted(self, met: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
        """Keep `node, person` of those whose documents share enough, counted one by one.

        Args:
            met: `node, document, person, other`: a name and a person, and a document of each.
            around: What each document is about.
        """
        sizes = around.group_by("document").len("size")
        documents = met.select("document", "other").unique().join(sizes, on="document")
        documents = documents.join(
            sizes.rename({"document": "other", "size": "other_size"}), on="other"
        )
        # The entities of the smaller document are looked up in the larger one.
        is_less = pl.col("size") < pl.col("other_size")
        small = pl.when(is_less).then("document").otherwise("other").alias("small")
        large = pl.when(is_less).then("other").otherwise("document").alias("large")
        shared = (
            documents.with_columns(small, large)
            .join(around.rename({"document": "small"}), on="small")
            .join(around.rename({"document": "large"}), on=["large", "entity"], how="semi")
            .group_by("document", "other")
            .len()
            .filter(pl.col("len") >= self.least)
        )
        enough = met.join(shared, on=["document", "other"], how="semi")
        return enough.select("node", "person").unique()


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
