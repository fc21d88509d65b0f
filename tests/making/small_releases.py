"""Build releases of a few files, some of which are sound, and read the rows of these."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from expectations.results import Verdict
from tasks.build import build
from tasks.releases.releases import read_release
from tasks.settings import Settings
from tasks.steps.store import Store
from tests.conftest import SEEDS
from tests.making.hostile_expectation import story
from tests.making.pipeline import PlainRunner

#: Neither entities nor stories: whole builds for what can be seen without them.
PLAIN: dict[str, object] = {"entities": {"enabled": False}, "stories": {"enabled": False}}
#: Columns in which a document is compared with all others, by what is rare among them.
_OF_OTHERS = (
    "entity_id",
    "contained_in",
    "contained_share",
    "story_id",
    "translation_of",
    "translation_score",
)


def built(files: Mapping[str, bytes], folder: Path, settings: Mapping[str, object]) -> Verdict:
    """Build a release of files, those of calls before included, and return its verdict.

    Raises:
        ChecksFailed: It was not published.
    """
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (source / name).write_bytes(content)
    build(str(source), folder / "store", Settings.model_validate(settings), PlainRunner())
    return read_release(Store(folder / "store")).verdict


def sound_files() -> dict[str, bytes]:
    """Return files of one sound document each: the seeds and some made up."""
    seeds = {path.name: path.read_bytes() for path in SEEDS.iterdir() if path.is_file()}
    return {**seeds, **{f"sound{n}.txt": story(n).encode() for n in range(4)}}


def rows_of(folder: Path, table: str, uris: list[str]) -> pl.DataFrame:
    """Return the rows of a table that belong to some records, without what depends on others."""
    latest = folder / "store" / "latest"
    rows = pl.read_parquet(latest / table / "*.parquet").drop(_OF_OTHERS, strict=False)
    if "source_uri" in rows.columns:
        return rows.filter(pl.col("source_uri").is_in(uris))
    raw = pl.read_parquet(latest / "raw_documents" / "*.parquet")
    ids = raw.filter(pl.col("source_uri").is_in(uris))["doc_id"]
    return rows.filter(pl.col("doc_id").is_in(ids.implode()))
