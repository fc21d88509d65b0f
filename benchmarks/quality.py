"""Measure what quality signals say of sound prose in many languages, and of junk.

    python -m benchmarks.quality [--data FOLDER]

The folder holds `language/` and `stories/` (texts with their language). Printed are how many
sound texts and how much junk the profile `strict` would reject, and for which limits; the
extremes of each signal over the news texts; and the speed of measuring on one core.
"""

import json
import lzma
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tasks.clean.quality import measure_quality
from tasks.clean.quality_limits import broken_limits
from tasks.settings.clean import QualitySettings
from tasks.writing.scripts import script_of, written_script

#: Paragraphs and headings that make a document.
_LINES = 8


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def _documents(path: Path, lines: int) -> pl.DataFrame:
    """Return texts as documents, so many of a language and script together, a line each."""
    parts = defaultdict[tuple[str, str], list[str]](list)
    for row in _rows(path):
        script = written_script(script_of(row["text"]), row["lang"])
        parts[row["lang"], script].append(row["text"])
    rows = [
        (
            f"{language}-{script}-{start:06}",
            "\n".join(texts[start : start + lines]),
            language,
            script,
        )
        for (language, script), texts in sorted(parts.items())
        for start in range(0, len(texts), lines)
    ]
    return pl.DataFrame(rows, schema=["doc_id", "text", "language", "script"], orient="row")


def _print_rejected(name: str, documents: pl.DataFrame) -> None:
    measured = measure_quality(documents).join(documents, on="doc_id")
    broken = broken_limits(measured, QualitySettings(profile="strict"))
    languages = documents["language"].n_unique()
    share = broken.height / max(documents.height, 1)
    print(f"{name}: {documents.height} texts in {languages} languages; strict rejects {share:.2%}")
    found = broken.join(documents, on="doc_id").with_columns(pl.col("detail").str.split("; "))
    reasons = found.explode("detail").with_columns(
        limit=pl.col("detail").str.extract(r"^(\S+ \d|\S+)").str.strip_chars(" 0123456789")
    )
    counts = reasons.group_by("limit").agg(
        texts=pl.len(), languages=pl.col("language").unique().sort().str.join(" ")
    )
    for limit, texts, tags in counts.sort("limit").iter_rows():
        print(f"    {limit:28}{texts:6}  {tags[:100]}")


def _print_extremes(documents: pl.DataFrame) -> None:
    measured = measure_quality(documents)
    for signal in measured.columns[1:]:
        values = measured[signal].drop_nulls()
        least, median, most = (values.quantile(share) for share in (0, 0.5, 1))
        print(f"    {signal:28}{least:8.3f}{median:8.3f}{most:8.3f}")


def _print_speed(documents: pl.DataFrame) -> None:
    megabytes = sum(len(text.encode()) for text in documents["text"]) / 1e6
    started = time.process_time()
    measure_quality(documents)
    print(f"{megabytes / (time.process_time() - started):.1f} MB per second of processor time")


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
) -> None:
    """Measure false rejections, extremes of sound text, and speed."""
    news = _documents(data / "stories" / "stories.jsonl.xz", lines=1)
    _print_rejected("news", news)
    _print_rejected("paragraphs", _documents(data / "language" / "para.jsonl.xz", _LINES))
    _print_rejected("junk", _documents(data / "language" / "junk.jsonl.xz", 1))
    print(f"    {'news: signal':28}{'least':>8}{'median':>8}{'most':>8}")
    _print_extremes(news)
    _print_speed(news)


if __name__ == "__main__":
    typer.run(main)
