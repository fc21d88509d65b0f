"""Read the tables of one release as typed Polars frames.

Neither the pipeline nor Prefect is imported: an analyst's process stays small, and a folder that
was handed on needs no store around it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.tables import TABLES


class NoRelease(LookupError):
    """There is no such release."""


class NoTable(LookupError):
    """The release has no such table: there is none, or it is left out of a redacted release."""


@dataclass(frozen=True)
class OpenRelease(Mapping[str, pl.LazyFrame]):
    """The tables of one release: by name, as of a mapping, or as attributes.

    Each is a lazy frame in the order of its key, with the columns of docs/tables.md; `.collect()`
    reads it, `.collect().to_pandas()` gives a pandas frame. What is published later changes
    nothing of a release that is open.
    """

    folder: Path

    def __getitem__(self, name: str) -> pl.LazyFrame:
        """Return a table of the release.

        Raises:
            NoTable: The release has none of this name.
        """
        if name not in self._names():
            raise NoTable(f"{self.folder} has no table {name}; it has: {', '.join(self._names())}")
        return pl.scan_parquet(self.folder / name / "*.parquet", schema=TABLES[name].polars_schema)

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return [name for name in TABLES if (self.folder / name).is_dir()]

    @property
    def release_id(self) -> str:
        """The name of the release, or of the folder that it was handed on in."""
        return self.folder.name

    @property
    def raw_documents(self) -> pl.LazyFrame:
        """Records as they came: one row each. A redacted release has none (`NoTable`)."""
        return self["raw_documents"]

    @property
    def documents(self) -> pl.LazyFrame:
        """Clean documents with language, duplicates, story: one row each."""
        return self["documents"]

    @property
    def segments(self) -> pl.LazyFrame:
        """Paragraphs of the records, kept or dropped, with the reason."""
        return self["segments"]

    @property
    def mentions(self) -> pl.LazyFrame:
        """Names in the documents: `text[start_char:end_char] == surface`, with their entity."""
        return self["mentions"]

    @property
    def personal_data(self) -> pl.LazyFrame:
        """Personal data in the documents, named by position."""
        return self["personal_data"]

    @property
    def entities(self) -> pl.LazyFrame:
        """Who and what is mentioned, each with every name it goes by."""
        return self["entities"]

    @property
    def stories(self) -> pl.LazyFrame:
        """Stories, each with the documents that tell it."""
        return self["stories"]

    @property
    def rejects(self) -> pl.LazyFrame:
        """Records that did not become documents, with the reason."""
        return self["rejects"]

    @property
    def ledger(self) -> pl.LazyFrame:
        """Every record once, with its fate."""
        return self["ledger"]


def open_release(folder: str | Path = "data", release: str | None = None) -> OpenRelease:
    """Open a release, the same one for as long as it is used.

    Args:
        folder: A store (what `babelmill build --store` names), or the folder of one release, such
            as one that somebody handed on.
        release: The name of a release of the store; None: the one that is the latest now.

    Raises:
        NoRelease: The folder is neither, or has no release of this name; or it is an address.
    """
    if "://" in str(folder):
        raise NoRelease(f"{folder} is an address: docs/object-store.md says how to read it")
    root = Path(folder)
    place = root / "latest" if release is None else root / "releases" / release
    if release is not None and Path(release).name != release:
        raise NoRelease(f"a release is called by a name, not by a path: {release}")
    if release is None and (root / "documents").is_dir():
        place = root
    if not (place / "documents").is_dir():
        known = sorted(path.name for path in root.glob("releases/*") if path.is_dir())
        raise NoRelease(
            f"no release {release or 'is published'} in {root}; known: {', '.join(known) or 'none'}"
        )
    return OpenRelease(place.resolve())
