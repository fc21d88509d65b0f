"""Read lists of parts of names in two scripts.

Parts of persons' names are Wikidata's (CC0), by NETransliteration. Devanagari and Greek have no
such list: they have names of places of one word, by GeoNames (CC BY 4.0) and Natural Earth (public
domain).
"""

import lzma
import zlib
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
#: Scripts whose list is one of places, and the language whose names Natural Earth has.
PLACES = {"Deva": "hi", "Grek": "el"}
#: One place of so many is kept for tests.
_TEST_PLACES = 5
Pairs = list[tuple[str, str]]


def listed(data: Path, script: str, part: str = "train") -> Pairs:
    """Return (English part, part in the script) as the list of a script has them.

    Args:
        data: The folder of the lists.
        script: One of `FILES` or `PLACES`.
        part: `train` or `dev`.
    """
    if script in PLACES:
        return sorted(set(_places(data / "names", script, is_test=part == "dev")))
    path = data / "names" / f"person_parts_{FILES[script]}.{part}.tsv.xz"
    lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    pairs = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
    return [p for p in pairs if name_script(p[0]) == "Latn" and name_script(p[1]) == script]


def _places(folder: Path, script: str, is_test: bool) -> Iterator[tuple[str, str]]:
    """Yield the names of places of one word: Latin, and in the script."""
    for latin, others in (*_cities(folder), *_regions(folder, PLACES[script])):
        # By the Latin name, so that no part of both lists spells the same one.
        in_test = zlib.crc32(latin.lower().encode()) % _TEST_PLACES == 0
        if in_test == is_test and name_script(latin) == "Latn" and latin.isalpha():
            for other in others:
                if " " not in other and name_script(other) == script:
                    yield latin.lower(), other.lower()


def _cities(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each city of GeoNames, and its names in other scripts."""
    text = lzma.decompress((folder / "cities15000_nonlatin.tsv.xz").read_bytes()).decode()
    for line in text.splitlines():
        *_, latin, others = line.split("\t")
        yield latin, others.split("|")


def _regions(folder: Path, language: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the English name of each place of Natural Earth, and its names in a language."""
    text = lzma.decompress((folder / "loc_natural_earth.tsv.xz").read_bytes()).decode()
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in text.splitlines()[1:]:
        name, tags, _, _, _, wikidata_id, _ = line.split("\t")
        for tag in {"en", language}.intersection(tags.split(",") if wikidata_id else ()):
            names[wikidata_id][tag].append(name)
    for by_tag in names.values():
        for latin in by_tag["en"]:
            yield latin, by_tag[language]


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
