"""Declare the tables of a release, once.

`docs/tables.md`, the Polars cast and the Arrow schema come from these declarations
(`expectations.schema`), and `tasks.steps.store` refuses to write what does not conform.
"""

from expectations.schema import Table
from expectations.tables.documents import DOCUMENTS, RAW_DOCUMENTS, SEGMENTS, originals
from expectations.tables.records import LEDGER, REJECTS
from expectations.tables.resolved import ENTITIES, STORIES
from expectations.tables.spans import MENTIONS, PERSONAL_DATA

__all__ = [
    "DOCUMENTS",
    "ENTITIES",
    "LEDGER",
    "MENTIONS",
    "PERSONAL_DATA",
    "RAW_DOCUMENTS",
    "REJECTS",
    "SEGMENTS",
    "STORIES",
    "TABLES",
    "originals",
]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        RAW_DOCUMENTS,
        DOCUMENTS,
        SEGMENTS,
        MENTIONS,
        PERSONAL_DATA,
        ENTITIES,
        STORIES,
        REJECTS,
        LEDGER,
    )
}
