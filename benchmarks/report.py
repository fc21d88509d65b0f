"""Measure the report of a large release: its size, what it costs, how long it takes to open.

python -m benchmarks.report [DOCUMENTS]      default: 100,000

The tables are made up: names and titles of random letters in six scripts, entities mentioned as
unequally as in news. Opening is measured in Chromium, if there is one, from the start of the
process to the end of the page's load, as the fastest of three; an empty page is measured beside it.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from expectations.results import Verdict
from expectations.tables import TABLES
from tasks.releases.releases import Release
from tasks.releases.report.page import gather_contents, render_files
from tasks.releases.report.search import LABELS
from tasks.settings import Settings

_LETTERS = {
    ("en", "Latn"): "etaoinshrdlucm",
    ("ru", "Cyrl"): "оеаинтсрвлкмдп",
    ("ar", "Arab"): "اليمنتربعدشسهفق",
    ("ja", "Jpan"): "日本東京大学会社人国新聞政府者",
    ("hi", "Deva"): "करनसतलमपवयदगजह",
    ("el", "Grek"): "αοιετσνηυρπκμλ",
}
_MENTIONS, _SITES, _MONTHS = 6, 300, 60


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; return the exit status."""
    documents = int(arguments[0]) if arguments else 100_000
    tables = {name: frame.lazy() for name, frame in made_up(documents).items()}
    started = time.process_time()
    contents = gather_contents(tables)
    gathered = time.process_time()
    files = render_files(_release(), contents, None)
    rendered = time.process_time()
    sizes = {name: len(text.encode()) for name, text in files.items()}
    found, all_bytes = contents.figures, sum(sizes.values())
    print(f"{documents:,} documents, {found.entities:,} entities, {found.stories:,} stories")
    print(f"report.html: {sizes['report.html'] / 1e6:.2f} MB")
    print(f"with the {len(files) - 1} files beside it: {all_bytes / 1e6:.1f} MB")
    print(f"processor: {gathered - started:.1f} s to count and choose")
    print(f"processor: {rendered - gathered:.1f} s to write")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**files, "empty.html": "<!doctype html><title>x</title>"}.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if shutil.which("chromium"):
            for name in ("empty.html", "report.html"):
                seconds = min(_opened(Path(folder) / name) for _ in range(3))
                print(f"{name}: opened in {seconds:.2f} s")
    return 0


def _opened(page: Path) -> float:
    started = time.perf_counter()
    subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            f"--user-data-dir={page.parent / 'profile'}",
            page.as_uri(),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def _release() -> Release:
    return Release(
        release_id="made-up",
        created_at="2026-01-01",
        source="made up",
        previous=None,
        tables={},
        settings=Settings().model_dump(mode="json"),
        models=[],
        environment={},
        steps=[],
        verdict=Verdict(results=[]),
    )


def made_up(documents: int) -> dict[str, pl.DataFrame]:
    """Return the tables of a made-up release."""
    random = np.random.default_rng(0)
    scripts = list(_LETTERS)
    spoken = random.integers(len(scripts), size=documents)
    ids = [f"{number:032x}" for number in range(documents)]
    shared = random.integers(documents // 8 + 1, size=documents) + documents
    story = np.where(random.random(documents) < 0.7, np.arange(documents), shared)
    columns = {
        "doc_id": ids,
        "source_uri": [f"news/{number}.html" for number in range(documents)],
        "title": [_words(random, scripts[s], 7) for s in spoken],
        "site": [f"site-{number}.example" for number in random.zipf(1.4, documents) % _SITES],
        "language": [scripts[s][0] for s in spoken],
        "script": [scripts[s][1] for s in spoken],
        "text": ["x" * 400] * documents,
        "text_chars": [400] * documents,
        "language_confidence": random.random(documents),
        "analysed_share": [1.0] * documents,
        "story_id": [f"s{number}" for number in story],
    }
    months = pl.Series(random.integers(_MONTHS, size=documents)) * 30 * 86_400_000_000
    frame = _frame("documents", columns).with_columns(
        published_at=(pl.lit(1_600_000_000_000_000) + months).cast(pl.Datetime("us", "UTC"))
    )
    tables = {name: table.empty() for name, table in TABLES.items()} | {"documents": frame}
    raw = {key: columns[key] for key in ("doc_id", "source_uri", "text")}
    tables["raw_documents"] = _frame("raw_documents", raw)
    fates = {"fate": ["published"] * documents, "reason": ["kept"] * documents}
    tables["ledger"] = _frame("ledger", {"source_uri": raw["source_uri"], "doc_id": ids, **fates})
    tables["segments"] = _segments(frame)
    tables["mentions"], tables["entities"] = _named(random, frame)
    tables["stories"] = _stories(frame)
    return tables


def _words(random: np.random.Generator, script: tuple[str, str], count: int) -> str:
    letters = list(_LETTERS[script])
    return " ".join("".join(random.choice(letters, size=5)) for _ in range(count))


def _frame(name: str, columns: Mapping[str, object]) -> pl.DataFrame:
    """Return a frame of a table's schema; a column that is not given is empty."""
    empty = {column.name: _empty(column.type) for column in TABLES[name].columns}
    missing = [value.alias(key) for key, value in empty.items() if key not in columns]
    return (
        pl.DataFrame(columns)
        .with_columns(missing)
        .select(pl.col(column.name).cast(column.type) for column in TABLES[name].columns)
    )


def _empty(data_type: pl.DataType) -> pl.Expr:
    value: object = [] if isinstance(data_type, pl.List) else None if data_type == pl.String else 0
    return pl.lit(value, dtype=data_type)


def _segments(documents: pl.DataFrame) -> pl.DataFrame:
    kept = documents.select("doc_id", "language", "script", "text", "text_chars", kept=True)
    dropped = documents.select(
        "doc_id", "language", "script", text=pl.lit("share this"), text_chars=10,
        kept=False, reason=pl.lit("chrome"),
    )  # fmt: skip
    return _frame("segments", pl.concat([kept, dropped], how="diagonal_relaxed").to_dict())


def _named(
    random: np.random.Generator, documents: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    scripts, count = list(_LETTERS), documents.height * _MENTIONS
    chosen = random.zipf(1.25, count) % (documents.height * 3)
    known = [int(entity) for entity in np.unique(chosen)]
    named = {e: [_words(random, scripts[(e + n) % 6], 2) for n in range(1 + e % 3)] for e in known}
    spoken = documents.select("doc_id", "language", "script")
    mentions = spoken.sample(count, with_replacement=True, seed=0).with_columns(
        pl.Series("entity_id", [f"e{e}" for e in chosen]),
        pl.Series("label", [LABELS[e % 4] for e in chosen]),
    )
    names = {
        "entity_id": [f"e{e}" for e in known],
        "canonical_name": [named[e][0] for e in known],
        "names": [
            [_name(name, scripts[(e + n) % 6]) for n, name in enumerate(named[e])] for e in known
        ],
    }
    counted = mentions.group_by("entity_id").agg(
        mention_count=pl.len(),
        document_count=pl.col("doc_id").n_unique(),
        label=pl.col("label").first(),
    )
    joined = counted.join(pl.DataFrame(names), on="entity_id")
    entities = joined.with_columns(evidence=pl.lit("surface"), score=1.0)
    return _frame("mentions", mentions.to_dict()), _frame("entities", entities.to_dict())


def _name(name: str, script: tuple[str, str]) -> dict[str, object]:
    told = {"name": name, "language": script[0], "script": script[1], "count": 1}
    return {**told, "evidence": "surface", "score": 1.0, "joined_to": None}


def _stories(documents: pl.DataFrame) -> pl.DataFrame:
    told = documents.group_by("story_id").agg(
        representative=pl.col("doc_id").min(),
        title=pl.col("title").first(),
        languages=pl.col("language").unique().sort(),
        document_count=pl.len(),
        documents=pl.col("doc_id").sort(),
        evidence=pl.lit("translations"),
    )
    return _frame("stories", told.to_dict())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
