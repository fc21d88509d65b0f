"""Write a release into a folder in shapes that people ask for.

Reads of a release: the tables that its folder shows; so what was redacted stays so. Writes
`<folder>/<shape>/`; the same release gives the same bytes. One part of the documents is in memory
at a time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from tasks.reading.confinement import refuse_outside
from tasks.releases.exports.brat import write_brat
from tasks.releases.exports.conll import write_conll
from tasks.releases.exports.follow_the_money import write_follow_the_money
from tasks.releases.exports.parts import DocumentPart
from tasks.releases.exports.tables import write_csv, write_jsonl
from tasks.releases.releases import Release, release_tables, shown_tables
from tasks.steps.store import Part, Store

SHAPES = ("jsonl", "csv", "ftm", "conll", "brat")
_MENTIONED = ("doc_id", "start_char", "end_char", "surface", "label", "entity_id")


class UnusableExport(ValueError):
    """A release cannot be handed on so; the message names what is allowed."""


def export_release(
    store: Store, release: Release, folder: Path, shapes: Sequence[str]
) -> dict[str, int]:
    """Write a release in some shapes, each into a folder of its own.

    Args:
        store: Where the release is.
        release: Its record.
        folder: Where to write; made if it does not exist.
        shapes: Some of `SHAPES`.

    Returns:
        How many files were written, by shape.

    Raises:
        UnusableExport: There is no such shape, or the folder is in use or lies in the store.
        NotAllowed: Nobody may write there (`tasks.reading.confinement`).
        IncompleteRelease: Files of the release are lost or damaged.
    """
    _refuse_unusable(store, folder, shapes)
    everything = release_tables(store, release)
    tables = {name: everything[name] for name in shown_tables(release)}
    return {shape: _write(shape, store, release, tables, folder / shape) for shape in shapes}


def _write(
    shape: str, store: Store, release: Release, tables: Mapping[str, pl.LazyFrame], folder: Path
) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    if shape in _OF_TABLES:
        return sum(_OF_TABLES[shape](name, table, folder) for name, table in tables.items())
    return _OF_DOCUMENTS[shape](_parts(store, release), tables["entities"], folder)


def _refuse_unusable(store: Store, folder: Path, shapes: Sequence[str]) -> None:
    refuse_outside(folder, "folder of the export")
    unknown = sorted(set(shapes) - set(SHAPES))
    if unknown:
        raise UnusableExport(
            f"no shape of an export is called {', '.join(unknown)}; "
            f"allowed are: {', '.join(SHAPES)}"
        )
    if folder.resolve().is_relative_to(store.root.resolve()):
        raise UnusableExport(f"{folder} lies in the store {store.root}; name another folder")
    used = [shape for shape in shapes if any((folder / shape).glob("*"))]
    if used:
        raise UnusableExport(
            f"{folder} has files in {', '.join(used)} already: empty it, or name another folder"
        )


def _parts(store: Store, release: Release) -> Iterator[DocumentPart]:
    documents, mentions = release.tables["documents"], release.tables["mentions"]
    for index in range(len(documents.files)):
        part = Part(index, len(documents.files))
        yield DocumentPart(
            store.read_part(documents, part), store.read_part(mentions, part, list(_MENTIONED))
        )


_OF_TABLES: dict[str, Callable[[str, pl.LazyFrame, Path], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
}
_OF_DOCUMENTS: dict[str, Callable[[Iterator[DocumentPart], pl.LazyFrame, Path], int]] = {
    "ftm": write_follow_the_money,
    "conll": lambda parts, _, folder: write_conll(parts, folder),
    "brat": write_brat,
}
