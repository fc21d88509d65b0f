"""Write the Data Package description of a release, for Frictionless and what reads its format."""

import json
from typing import Any

import polars as pl

from expectations.schema import Column
from expectations.tables import TABLES
from tasks.releases.cards.card import Card, meaning_of

# https://datapackage.org/standard/table-schema/: the types that it knows.
_TYPES: list[tuple[pl.DataType, str]] = [
    (pl.String(), "string"),
    (pl.Int64(), "integer"),
    (pl.Float64(), "number"),
    (pl.Boolean(), "boolean"),
    (pl.Datetime("us", "UTC"), "datetime"),
]
_LIST = "array"


def render_datapackage(card: Card) -> str:
    """Return the description of a release's files and columns as JSON."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"babelmill-{card.release.release_id}",
        "title": card.title,
        "description": " ".join(part for part in (card.told.description, card.summary) if part),
        "created": card.release.created_at,
        "resources": [_resource(card, name) for name in card.tables],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(card: Card, name: str) -> dict[str, Any]:
    version, table = card.tables[name], TABLES[name]
    return {
        "name": name,
        "description": meaning_of(name),
        "path": [f"{name}/{file.name}" for file in version.files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": sum(file.size_bytes for file in version.files),
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    known = next((name for data_type, name in _TYPES if column.type == data_type), _LIST)
    required = {} if column.nullable else {"constraints": {"required": True}}
    return {"name": column.name, "type": known, "description": column.meaning, **required}
