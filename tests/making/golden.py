"""Make the golden tables of the seeds, which a person has read and found right.

python -m tests.making.golden      writes them anew; read the difference before committing it
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tasks.steps.store import Store
from tests.making.pipeline import make_tables

FOLDER = Path(__file__).parents[1] / "golden"
_TEXT_CHARS = 60

_RECORD = pl.col("source_uri")
_COLUMNS: dict[str, tuple[str | pl.Expr, ...]] = {
    "documents": [
        "source_uri",
        "language",
        "script",
        "text_chars",
        "segments_kept",
        "segments_dropped",
        "dropped_chars",
        "debris_count",
        "mention_count",
        "duplicate_of",
    ],  # type: ignore[dict-item]
    "segments": (
        "source_uri",
        "segment_index",
        "kept",
        "reason",
        "language",
        pl.col("language_confidence").round(2),
        "start_char",
        "end_char",
        "analysis",
        "entity_model",
        pl.col("text").str.slice(0, _TEXT_CHARS),
    ),
    "mentions": ("source_uri", "start_char", "end_char", "surface", "label", "entity_id"),
    "entities": (
        "canonical_name",
        "label",
        "names",
        "evidence",
        "wikidata_id",
        "wikidata_candidates",
    ),
    "stories": ("languages", "document_count", "evidence"),
    "rejects": ("source_uri", "stage", "reason"),
    "ledger": ("source_uri", "fate", "stage", "reason"),
}


def golden_lines(tables: Mapping[str, pl.LazyFrame]) -> dict[str, list[str]]:
    """Return the columns worth comparing of each table, a JSON line per row, sorted."""
    names = tables["raw_documents"].select("doc_id", "source_uri")
    lines = {}
    for table, columns in _COLUMNS.items():
        frame = tables[table]
        if "source_uri" in columns and "source_uri" not in frame.collect_schema().names():
            frame = frame.join(names, on="doc_id")
        rows = frame.select(*columns).collect().to_dicts()
        lines[table] = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return lines


def read_golden(table: str) -> list[str]:
    """Return the golden lines of a table."""
    return (FOLDER / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()


def main() -> None:
    """Build the seeds and write the golden tables anew."""
    seeds = Path(__file__).parents[2] / "seeds" / "documents"
    with tempfile.TemporaryDirectory() as folder:
        versions = make_tables(seeds, Path(folder))
        tables = {name: Store(folder).scan(version) for name, version in versions.items()}
        FOLDER.mkdir(exist_ok=True)
        for table, lines in golden_lines(tables).items():
            text = "".join(line + "\n" for line in lines)
            (FOLDER / f"{table}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
