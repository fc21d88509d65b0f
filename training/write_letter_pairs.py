"""Count which letters follow which in each language: `python -m training.write_letter_pairs DATA`.

DATA is the folder of development data: its `language` and `stories` (NTREX-128, CC BY-SA 4.0) and,
for Chinese and Korean, its `pos` (Universal Dependencies, CC BY-SA 4.0).
"""

import json
import lzma
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tasks.reading.letter_model import (
    DIGIT,
    FILE,
    RARE_SHARES,
    SIGNS,
    SPACE,
    class_of,
    wide_class,
)

#: Languages by script that were written in encodings of their own before Unicode.
SCRIPTS = {
    "Latn": "af az bs ca cs cy da de en es et eu fi fo fr ga gl hr hu id is it lb lt lv ms mt nb "
    "nl nn pl pt ro sk sl sq sr sv sw tl tr vi",
    "Cyrl": "be bg kk mk ru sr uk",
    "Grek": "el",
    "Hebr": "he",
    "Arab": "ar fa ur",
    "Thai": "th",
    "Hani": "zh zh-Hant ja ko",
}
_VARIANTS = {"srp-Cyrl": "sr", "srp-Latn": "sr", "zho-CN": "zh", "zho-TW": "zh-Hant"}
_LEFT_OUT = {"prs", "mey", "por-BR"}
_TREEBANKS = {"ko": "ko", "zh": "zh", "zh_hant": "zh-Hant"}
_MIN_LETTER_COUNT = 3
#: What encodings older than Unicode 3 write for the letters of Romanian.
_CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")
#: Texts by language and script.
Texts = dict[tuple[str, str], list[str]]
#: The tone marks of Vietnamese, which windows-1258 keeps apart from their letters.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def with_tones_apart(text: str) -> str:
    """Return Vietnamese as windows-1258 can hold it."""
    written = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(part for part in parts if part in _TONES)
        rest = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        written.append(rest + tone if tone else char)
    return "".join(written)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Not splitlines(): U+2028 and U+0085 stand inside rows.
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)


def read_texts(data: Path, half: int | None) -> Texts:
    """Return the texts of each language and script.

    Args:
        data: The folder of development data.
        half: Only the news articles of one half, 0 or 1; None: all.
    """
    found: Texts = defaultdict(list)
    for name in ("sent", "para"):
        for row in _rows(data / "language" / f"{name}.jsonl.xz"):
            if (key := _key(row)) and _is_of_half(row["doc"], half):
                found[key].append(row["text"])
    for row in _rows(data / "stories" / "stories.jsonl.xz"):
        if (key := _key(row)) and _is_of_half(row["story"], half):
            found[key].append(row["text"])
    for name, tag in _TREEBANKS.items():
        found[tag, "Hani"].append(_treebank(data / "pos" / f"{name}.tsv.xz", " " * (tag == "ko")))
    found["vi-tones", "Latn"] = [with_tones_apart(text) for text in found["vi", "Latn"]]
    found["ro-cedilla", "Latn"] = [text.translate(_CEDILLAS) for text in found["ro", "Latn"]]
    return found


def read_sentences(data: Path, half: int | None) -> dict[str, list[str]]:
    """Return the single sentences of each language, those of an article in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(data / "language" / "sent.jsonl.xz"):
        if (key := _key(row)) and _is_of_half(row["doc"], half):
            found["sr-Cyrl" if key == ("sr", "Cyrl") else key[0]].append(row["text"])
    return found


def _key(row: dict[str, str]) -> tuple[str, str] | None:
    """Return the language and the script of a row; None: not one of ours."""
    variant = row.get("variant", "")
    tag = _VARIANTS.get(variant, row["lang"])
    if variant in _LEFT_OUT:
        return None
    if variant == "srp-Cyrl":
        return tag, "Cyrl"
    return next(((tag, script) for script, tags in SCRIPTS.items() if tag in tags.split()), None)


def _is_of_half(name: str, half: int | None) -> bool:
    return half is None or zlib.crc32(name.encode()) % 2 == half


def _treebank(path: Path, between: str) -> str:
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        words = [line.split("\t")[0] if line.strip() else "\n" for line in lines]
    return between.join(words)


def counted(texts: Texts) -> dict[str, Any]:
    """Return the arrays of the file."""
    scripts = list(SCRIPTS)
    keys = sorted(texts, key=lambda key: (scripts.index(key[1]), key[0]))
    alphabet = {script: _alphabet(texts, script) for script in scripts}
    pairs: list[tuple[int, int, int, int]] = []
    characters: list[tuple[int, int, int]] = []
    for number, (tag, script) in enumerate(keys):
        place = {letter: index for index, letter in enumerate(alphabet[script])}
        pair_counts: Counter[tuple[int, int]] = Counter()
        wide: Counter[str] = Counter()
        for text in texts[tag, script]:
            read = [place[class_of(char, place, script)] for char in f" {text} "]
            pair_counts.update(pairwise(read))
            if script == "Hani":
                wide.update(char for char in text if wide_class(char))
        pairs += [(number, *pair, count) for pair, count in sorted(pair_counts.items())]
        characters += [(number, ord(char), count) for char, count in sorted(wide.items())]
    columns = [np.array(column) for column in zip(*pairs, strict=True)]
    wide_columns = [np.array(column) for column in zip(*characters, strict=True)]
    return {
        "scripts": np.array(scripts),
        "letters": np.array([alphabet[script] for script in scripts]),
        "languages": np.array([tag for tag, _ in keys]),
        "script_of": np.array([scripts.index(script) for _, script in keys], np.uint8),
        "pair_language": columns[0].astype(np.uint8),
        "pair_first": columns[1].astype(np.uint8),
        "pair_second": columns[2].astype(np.uint8),
        "pair_count": columns[3].astype(np.uint32),
        "character_language": wide_columns[0].astype(np.uint8),
        "character": wide_columns[1].astype(np.uint16),
        "character_count": wide_columns[2].astype(np.uint32),
    }


def _alphabet(texts: Texts, script: str) -> str:
    """Return the letters of a script's languages, those that any of them has some times."""
    letters: set[str] = set()
    for (_tag, written), found in texts.items():
        if written == script:
            counts = Counter("".join(found).lower())
            total = sum(counts.values())
            letters |= {
                char
                for char, count in counts.items()
                if count >= max(_MIN_LETTER_COUNT, total / 50_000)
                and (char.isalpha() or unicodedata.category(char)[0] == "M")
                and not (script == "Hani" and not char.isascii())
                and len(char) == 1
                and ord(char) < 1 << 16
            }
    base = {*"abcdefghijklmnopqrstuvwxyz", *SIGNS, SPACE, DIGIT, *RARE_SHARES}
    wide = {"\u4e00", "\uac00", "\u3042", "\u30a2"} if script == "Hani" else set()
    return "".join(sorted(letters | base | wide))


def main(
    data: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    out: Annotated[Path, typer.Option(help="The file to write.")] = FILE,
    half: Annotated[int | None, typer.Option(help="Learn from one half of the articles.")] = None,
) -> None:
    """Write the file."""
    with out.open("wb") as file:
        np.savez_compressed(file, **counted(read_texts(data, half)))


if __name__ == "__main__":
    typer.run(main)
