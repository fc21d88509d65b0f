"""Read documents with their mentions, a part at a time, as exports of documents want them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

Row = dict[str, Any]


@dataclass(frozen=True)
class DocumentPart:
    """Documents in the order of their `doc_id`, with the mentions of all of them."""

    documents: pl.DataFrame
    mentions: pl.DataFrame

    def __iter__(self) -> Iterator[tuple[Row, list[Row]]]:
        """Yield each document with its mentions, in the order of the text."""
        mentions = self.mentions.rows_by_key("doc_id", named=True, include_key=True)
        for document in self.documents.iter_rows(named=True):
            yield document, mentions.get(document["doc_id"], [])
