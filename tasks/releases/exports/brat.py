"""Write documents with their mentions as BRAT reads them: a text, and a file that stands off.

<doc_id>.txt is the text, <doc_id>.ann names spans by code points, with the entity of each. Folders
are the first two digits of the `doc_id`, so that none has too many files.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import polars as pl

from expectations.labels import Label
from tasks.releases.exports.parts import DocumentPart

_CONFIGURATION = "\n".join(
    ["[entities]", *get_args(Label), "[relations]", "[events]", "[attributes]", ""]
)
_SOURCE = "Babelmill"


def write_brat(parts: Iterable[DocumentPart], entities: pl.LazyFrame, folder: Path) -> int:
    """Write the documents that have mentions; return how many files that are.

    Args:
        parts: The documents with their mentions.
        entities: ENTITIES; `entity_id, canonical_name` are read.
        folder: Where to write; it exists.
    """
    names = dict(entities.select("entity_id", "canonical_name").collect().iter_rows())
    _write(folder / "annotation.conf", _CONFIGURATION)
    files = 1
    for part in parts:
        for document, mentions in part:
            if mentions:
                name = document["doc_id"]
                place = folder / name[:2]
                place.mkdir(exist_ok=True)
                _write(place / f"{name}.txt", document["text"])
                _write(place / f"{name}.ann", _annotations(mentions, names))
                files += 2
    return files


def _annotations(mentions: list[dict[str, Any]], names: dict[str, str]) -> str:
    lines = []
    for index, mention in enumerate(mentions, 1):
        span = f"{mention['label']} {mention['start_char']} {mention['end_char']}"
        lines.append(f"T{index}\t{span}\t{mention['surface']}\n")
        entity = mention["entity_id"]
        named = " ".join(names[entity].split())
        lines.append(f"N{index}\tReference T{index} {_SOURCE}:{entity}\t{named}\n")
    return "".join(lines)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
