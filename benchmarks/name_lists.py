"""Read lists of parts of persons' names in two scripts: Wikidata's (CC0), by NETransliteration."""

import lzma
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tasks.writing.romanize import name_script

FILES = {
    "Arab": "arabic",
    "Cyrl": "russian",
    "Hang": "korean",
    "Hani": "chinese",
    "Hebr": "hebrew",
    "Kana": "katakana",
}
Pairs = list[tuple[str, str]]


def listed(data: Path, script: str, part: str = "train") -> Pairs:
    """Return (English part, part in the script) as the list of a script has them."""
    path = data / "names" / f"person_parts_{FILES[script]}.{part}.tsv.xz"
    lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    pairs = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
    return [p for p in pairs if name_script(p[0]) == "Latn" and name_script(p[1]) == script]


def training_pairs(lists: dict[str, Pairs]) -> Iterator[tuple[tuple[str, str], Pairs]]:
    """Yield pairs of scripts with words that spell one name: by way of Latin if neither is."""
    for script, pairs in lists.items():
        key = (script, "Latn") if script < "Latn" else ("Latn", script)
        yield key, [(b, a) if key[0] == script else (a, b) for a, b in pairs]
    spellings = defaultdict(set)
    for latin, cyrillic in lists["Cyrl"]:
        spellings[cyrillic].add(latin)
    groups = [sorted(group) for group in spellings.values() if 1 < len(group) <= 4]
    yield ("Latn", "Latn"), [(a, b) for group in groups for a in group for b in group if a != b]
    for one in FILES:
        for other in FILES:
            if one < other:
                meant = dict(lists[one])
                yield (one, other), [(meant[a], b) for a, b in lists[other] if a in meant]
