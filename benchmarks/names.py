"""Measure how well names are joined across scripts: `python -m benchmarks.names --data DIR`.

For each script, the whole list `person_parts_<script>.dev` is resolved at once, as ORG names of
one word: English parts in one document, the others in a second. Every pair of an English and
another part of the list is judged (all wrong pairs are negatives, near ones included): true are
the listed pairs, and those whose English part differs from a listed one in diacritics only.
Precision and recall are those of pairs in one entity, as the stage decides.
"""

import argparse
import lzma
import time
from collections import defaultdict
from pathlib import Path

import polars as pl
from anyascii import anyascii

from benchmarks.name_lists import FILES, PLACES, Pairs, listed
from expectations.working_tables import NAME_SCORES
from tasks.entities.nodes import Found
from tasks.entities.resolve import resolve_names
from tasks.settings import ResolveSettings

#: Latin first, then the pairs of other scripts that English joins.
CROSS = (("Cyrl", "Kana"), ("Arab", "Kana"), ("Arab", "Cyrl"))

_NAMES = ["doc_id", "language", "label", "surface", "script"]
_MENTION = {**dict.fromkeys(_NAMES, pl.String), "confidence": pl.Float64}


def full_names(data: Path, name: str) -> Pairs:
    """Return the full names of a list: English, other."""
    text = lzma.decompress((data / "names" / f"person_full_{name}.tsv.xz").read_bytes()).decode()
    lines = [line.split("\t") for line in text.splitlines()]
    return [(line[0], line[1]) for line in lines]


def _strangers(pairs: Pairs) -> Pairs:
    """Return the English parts of one half of a list, each beside another part of the other."""
    half = len(pairs) // 2
    return [(a, b) for (a, _), (_, b) in zip(pairs[:half], pairs[half:], strict=False)]


def judged(
    pairs: Pairs, label: str, settings: ResolveSettings, are_strangers: bool
) -> tuple[float, float, int]:
    """Return precision, recall and how many pairs were joined."""
    mentions = pl.DataFrame(
        [
            (str(side), "en" if side == 0 else "und", label, word, "", 1.0)
            for side in (0, 1)
            for word in sorted({pair[side] for pair in pairs})
        ],
        schema=_MENTION,
        orient="row",
    )
    resolved = resolve_names(Found.of(mentions.lazy()), NAME_SCORES.empty(), settings)
    sides: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, spelling, node in resolved.nodes.found.select(
        "document", "spelling", "node"
    ).iter_rows():
        sides[resolved.groups.root(node)][side].append(resolved.nodes.spellings[spelling].surface)
    joined = {(a, b) for one, other in sides.values() for a in one for b in other}
    others = defaultdict(set)
    for one, other in [] if are_strangers else pairs:
        others[anyascii(one)].add(other)
    true = {(a, b) for a, b in joined if b in others[anyascii(a)]}
    listed_pairs = set(pairs)
    recall = len(listed_pairs & true) / max(1, len(listed_pairs))
    return len(true) / max(1, len(joined)), recall, len(joined)


def main() -> None:
    """Print a row per script pair and threshold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--scripts", nargs="*", default=[*FILES, *PLACES])
    parser.add_argument("--words", type=int, default=10**9, help="at most n pairs of a list")
    parser.add_argument("--likeness", nargs="*", type=float, default=[None])
    parser.add_argument(
        "--strangers", action="store_true", help="no word has its partner: all joins are wrong"
    )
    arguments = parser.parse_args()
    lists = {script: listed(arguments.data, script, "dev") for script in (*FILES, *PLACES)}
    work = [(f"Latn-{s}", lists[s][: arguments.words], "ORG") for s in arguments.scripts]
    if arguments.strangers:
        work = [
            (f"Latn-{s}, strangers", _strangers(lists[s][: arguments.words]), "ORG")
            for s in arguments.scripts
        ]
    for one, other in () if arguments.strangers else CROSS:
        if {one, other} <= set(arguments.scripts):
            meant = dict(lists[one])
            shared = [(meant[a], b) for a, b in lists[other] if a in meant]
            work.append((f"{one}-{other}", shared, "ORG"))
    for script, name in (("Hebr", "hebrew"), ("Hang", "korean")):
        if script in arguments.scripts and not arguments.strangers:
            full = full_names(arguments.data, name)[: arguments.words]
            work.append((f"Latn-{script}, full names", full, "PER"))
    for title, pairs, label in work:
        for likeness in arguments.likeness:
            change = {} if likeness is None else {"min_word_likeness": likeness}
            chosen = ResolveSettings(alias_table=None, known_names=False, gazetteer=False, **change)
            start = time.perf_counter()
            precision, recall, joined = judged(pairs, label, chosen, arguments.strangers)
            took = time.perf_counter() - start
            print(
                f"{title} at {chosen.min_word_likeness}: {len(pairs):,} pairs, "
                f"precision {precision:.3f}, recall {recall:.3f}, {joined:,} joined, {took:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
