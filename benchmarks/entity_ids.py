"""Measure how many entities the language versions of one article share (NTREX-128, ten languages).

    python -m benchmarks.entity_ids --data ../shared/data [--languages de,en,es,fr]

For each article and each pair of languages: the entities of both versions over those of either
(Jaccard); a pair of which neither has any says nothing. What a model misses in one language counts
as not shared. Printed are means by pair of languages, for each label of the entities and for all,
and how many entities only the version in one language has.
"""

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Annotated

import polars as pl
import typer

from benchmarks.hostile import PlainRunner
from tasks.build import build
from tasks.settings import Settings

ALL = "all"
LABELS = (ALL, "PER", "ORG", "LOC")
#: Entities by article, language and label.
Versions = Mapping[str, Mapping[str, Mapping[str, set[str]]]]


def write_articles(data: Path, folder: Path) -> None:
    """Write the articles as a source of builds."""
    with lzma.open(data / "stories" / "stories.jsonl.xz", "rb") as lines:
        (folder / "stories.jsonl").write_bytes(lines.read())


def versions(articles: Path, release: Path) -> Versions:
    """Return the entities of each article by language and label; the label is the entity's."""
    lines = articles.read_text(encoding="utf-8").splitlines()
    told = {
        f"{articles.name}#{number}": (article["story"], article["lang"])
        for number, article in enumerate(map(json.loads, lines), start=1)
    }
    documents, entities, mentions = (
        pl.read_parquet(release / table / "*.parquet", columns=columns)
        for table, columns in (
            ("documents", ["doc_id", "source_uri"]),
            ("entities", ["entity_id", "label"]),
            ("mentions", ["doc_id", "entity_id"]),
        )
    )
    found: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(dict)
    for story, language in told.values():
        found[story][language] = defaultdict(set)
    rows = mentions.unique().join(documents, on="doc_id").join(entities, on="entity_id")
    for uri, entity_id, label in rows.select("source_uri", "entity_id", "label").iter_rows():
        story, language = told[uri]
        found[story][language][label].add(entity_id)
        found[story][language][ALL].add(entity_id)
    return found


def jaccards(found: Versions, label: str) -> Iterator[tuple[str, str, float]]:
    """Yield two languages and what share of their entities the versions of an article share."""
    for by_language in found.values():
        for one, other in combinations(sorted(by_language), 2):
            ours, theirs = (by_language[language].get(label, set()) for language in (one, other))
            if ours or theirs:
                yield one, other, len(ours & theirs) / len(ours | theirs)


def table(found: Versions) -> str:
    """Return the table of all pairs of languages, the means over all pairs last."""
    by_pair: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for label in LABELS:
        for one, other, share in jaccards(found, label):
            by_pair[f"{one}–{other}"][label].append(share)
            by_pair["mean"][label].append(share)
    lines = ["| languages | " + " | ".join(LABELS) + " |", "|---" * (len(LABELS) + 1) + "|"]
    for pair in [*sorted(by_pair.keys() - {"mean"}), "mean"]:
        means = (f"{mean(by_pair[pair][label] or [0.0]):.2f}" for label in LABELS)
        lines.append(f"| {pair} | " + " | ".join(means) + " |")
    return "\n".join(lines)


def alone(found: Versions) -> Counter[str]:
    """Return by language how many entities of articles no version in another language has."""
    counts: Counter[str] = Counter()
    for by_language in found.values():
        bearers = Counter(one for entities in by_language.values() for one in entities[ALL])
        for language, entities in by_language.items():
            counts[language] += sum(bearers[one] == 1 for one in entities[ALL])
    return counts


def only(found: Versions, languages: Collection[str]) -> Versions:
    """Return the versions in some languages; none named: in all."""
    return {
        story: {
            language: entities
            for language, entities in by_language.items()
            if not languages or language in languages
        }
        for story, by_language in found.items()
    }


def main(
    data: Annotated[Path, typer.Option()], languages: Annotated[str, typer.Option()] = ""
) -> None:
    """Build the articles and print the table."""
    with TemporaryDirectory() as scratch:
        source, store = Path(scratch) / "articles", Path(scratch) / "store"
        source.mkdir()
        write_articles(data, source)
        build(str(source), store, Settings(), PlainRunner({}))
        found = versions(source / "stories.jsonl", store / "latest")
        chosen = only(found, languages.split(",") if languages else ())
        print(table(chosen))
        print("of one language only:", dict(alone(chosen).most_common()))


if __name__ == "__main__":
    typer.run(main)
