"""Digests of what makes a table: code, settings, packages, input rows.

A version is a digest of what made it, as in Our World in Data's `etl` (checksum_input).
No clock, host, path or thread count enters a digest.
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import grimp
import polars as pl

#: Hex digits of a version: 64 bits, far from a collision within one store.
VERSION_DIGITS = 16
ROOT = Path(__file__).parents[2]
_PACKAGES = ("tasks", "expectations")
_DATA_SUFFIXES = frozenset({".json", ".csv", ".tsv", ".txt", ".toml", ".xz", ".yaml", ".zip"})


def digest(value: object) -> str:
    """Return the version digest of any JSON value, independent of key order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]


@lru_cache(maxsize=1)
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(*_PACKAGES, cache_dir=None)


@lru_cache(maxsize=64)
def code_digest(module: str) -> str:
    """Return a digest of a module, of ours that it imports at any depth, and of their data.

    A module's data are the files beside it that hold data: word lists, label maps, templates.
    Files that it reads elsewhere enter through the stage's `surroundings`.
    """
    modules = sorted({module, *_import_graph().find_upstream_modules(module)})
    sources = [_source_file(name) for name in modules]
    files = sources + _data_files({source.parent for source in sources})
    contents = [(file.relative_to(ROOT).as_posix(), _file_sha256(file)) for file in files]
    return digest(contents)


def _data_files(folders: set[Path]) -> list[Path]:
    return sorted(
        file for folder in folders for file in folder.iterdir() if file.suffix in _DATA_SUFFIXES
    )


def _source_file(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _file_sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def environment_digest() -> str:
    """Return a digest of the installed versions of every package that the lock file names."""
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    versions = {name: _installed_version(name) for name in names}
    python = [sys.version_info.major, sys.version_info.minor, unicodedata.unidata_version]
    return digest([python, versions])


def _installed_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # locked for another platform or Python
        return None


def row_digests(frames: Sequence[pl.DataFrame], context: pl.DataFrame | None) -> pl.DataFrame:
    """Digest all that the stage will see of each document.

    Args:
        frames: Frames with a `doc_id`, each in the order of its key.
        context: Optional `doc_id, context` strings, e.g. the models that will be used.

    Returns:
        `doc_id, input_digest`, one row per document of any frame, sorted by `doc_id`.
    """
    sources = [*frames, context] if context is not None else list(frames)
    digests = document_ids(frames)
    for position, frame in enumerate(sources):
        per_document = _document_digests(frame).rename({"row_digest": f"digest_{position}"})
        digests = digests.join(per_document, on="doc_id", how="left", maintain_order="left")
    columns = [pl.col(f"digest_{position}").fill_null("") for position in range(len(sources))]
    joined = digests.select("doc_id", pl.concat_str(columns, separator=",").alias("joined"))
    return joined.select("doc_id", _sha256(joined["joined"]).alias("input_digest"))


def document_ids(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return `doc_id` of every document that has a row in any of the frames, sorted."""
    return pl.concat([frame.select("doc_id") for frame in frames]).unique().sort("doc_id")


def _document_digests(frame: pl.DataFrame) -> pl.DataFrame:
    """Digest each document's rows in the order of the frame, which tables keep sorted."""
    encoded = frame.select(
        "doc_id", pl.struct(pl.exclude("doc_id")).struct.json_encode().alias("row")
    )
    grouped = encoded.group_by("doc_id", maintain_order=True).agg(pl.col("row").str.join("\n"))
    return grouped.select("doc_id", _sha256(grouped["row"]).alias("row_digest"))


def _sha256(values: Iterable[str]) -> pl.Series:
    return pl.Series([hashlib.sha256(v.encode()).hexdigest() for v in values], dtype=pl.String())
