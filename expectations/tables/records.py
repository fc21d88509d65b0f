"""Declare the tables of what became of input records."""

from expectations.schema import STRING, Column, Table
from expectations.tables.columns import SOURCE_URI

REJECTS = Table(
    "rejects",
    "a record that did not become a document",
    ("source_uri", "stage"),
    (
        SOURCE_URI,
        Column("stage", STRING, "the stage that rejected it"),
        Column("reason", STRING, "why (docs/reasons.md)"),
        Column("detail", STRING, "what exactly was found", nullable=True),
        Column("doc_id", STRING, "its `raw_documents` row, if it got that far", nullable=True),
    ),
)

LEDGER = Table(
    "ledger",
    "every input record once, with its fate",
    ("source_uri",),
    (
        SOURCE_URI,
        Column("doc_id", STRING, "null: the record could not be read", nullable=True),
        Column("fate", STRING, "published, duplicate, superseded or rejected"),
        Column("stage", STRING, "the stage that decided"),
        Column("reason", STRING, "the rule that decided (docs/reasons.md)"),
    ),
)
