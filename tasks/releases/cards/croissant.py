"""Write the Croissant description of a release: what tools for data sets find and load it by.

Croissant 1.0 with the vocabulary for responsible AI; its own library (`mlcroissant`) validates it
and loads records from it in the tests.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.schema import Column
from expectations.tables import TABLES
from tasks.releases.cards.card import Card, files_of, meaning_of
from tasks.steps.store import TableVersion

Json = dict[str, Any]

_VERSIONS = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]
_TYPES: list[tuple[pl.DataType, str]] = [
    (pl.String(), "sc:Text"),
    (pl.Int64(), "sc:Integer"),
    (pl.Float64(), "sc:Float"),
    (pl.Boolean(), "sc:Boolean"),
    (pl.Datetime("us", "UTC"), "sc:Date"),
]
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html: the context, word for word.
_OWN_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
    "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField",
    "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator",
    "source", "subField", "transform",
)  # fmt: skip
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _OWN_TERMS},
}


def render_croissant(card: Card) -> str:
    """Return the description of a release as JSON-LD; columns of nested lists are not described."""
    described = _dataset(card) | {
        "distribution": [*_file_objects(card), *_file_sets(card)],
        "recordSet": [_record_set(table) for table in card.tables.values() if table.rows],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _dataset(card: Card) -> Json:
    told, release = card.told, card.release
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _VERSIONS,
        "name": card.title,
        "description": " ".join(part for part in (told.description, card.summary) if part),
        "license": told.licence,
        "url": told.address or f"urn:babelmill:{release.release_id}",
        "creator": {"@type": "sc:Organization", "name": told.creator or "unknown"},
        "citeAs": f"{told.creator or 'Babelmill'}: {card.title}. {release.created_at[:10]}",
        "datePublished": release.created_at,
        # The name of a release is a digest; Croissant asks for a semantic version.
        "version": "1.0.0",
        "inLanguage": card.languages,
        **_responsible(card),
    }


def _responsible(card: Card) -> Json:
    """Describe origin, labour and risks in the words of Croissant's vocabulary for them."""
    found = card.tables["personal_data"].rows
    models = sorted(set(card.models.values()))
    return {
        "rai:dataCollection": "Files, feeds and web pages that the publisher had or collected.",
        "rai:dataPreprocessingProtocol": [
            f"{step.step}: {step.documents} documents" for step in card.release.steps
        ],
        "rai:machineAnnotationTools": models,
        "rai:dataLimitations": card.limits,
        "rai:dataBiases": "Languages are as unequal as the source has them; a language without an "
        "entity model has no entities.",
        "rai:personalSensitiveInformation": [
            "Names of people, as the documents name them",
            "E-mail addresses, telephone, card and account numbers: "
            + ("replaced where found" if card.is_redacted else f"{found} found, named by position"),
        ],
    }


def _file_objects(card: Card) -> list[Json]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{size_bytes} B",
            "encodingFormat": "application/x-parquet",
            "sha256": sha256,
        }
        for path, (sha256, size_bytes) in files_of(card).items()
    ]


def _file_sets(card: Card) -> list[Json]:
    """Name the parts of a table of several together: its records are those of all of them.

    `mlcroissant` finds them in a folder that was handed on; it follows no links to folders, such
    as a store has them. It opens a single file in both.
    """
    return [
        {
            "@type": "cr:FileSet",
            "@id": f"{name}-parts",
            "name": f"{name}-parts",
            "description": f"The Parquet files of the table {name}.",
            "encodingFormat": "application/x-parquet",
            "includes": f"{name}/*.parquet",
        }
        for name, table in card.tables.items()
        if len(table.files) > 1
    ]


def _record_set(version: TableVersion) -> Json:
    name = version.table
    is_one = len(version.files) == 1
    origin = (
        {"fileObject": {"@id": f"{name}/{version.files[0].name}"}}
        if is_one
        else {"fileSet": {"@id": f"{name}-parts"}}
    )
    fields = [_field(name, column, origin) for column in TABLES[name].columns]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": meaning_of(name),
        "key": [{"@id": f"{name}/{column}"} for column in TABLES[name].key],
        "field": [field for field in fields if field is not None],
    }


def _field(table: str, column: Column, origin: Json) -> Json | None:
    """Describe a column of plain values, or of lists of them; None: it is neither."""
    is_list = isinstance(column.type, pl.List)
    inner = column.type.inner if isinstance(column.type, pl.List) else column.type
    known = next((name for data_type, name in _TYPES if inner == data_type), None)
    if known is None:
        return None
    described: Mapping[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": known,
        "source": {**origin, "extract": {"column": column.name}},
    }
    return {**described, **({"repeated": True} if is_list else {})}
