"""Make sound files of every format that is read, of texts in many scripts and languages.

They are made by the libraries that others write such files with, and are the same every time.
"""

from collections.abc import Sequence
from functools import lru_cache
from random import Random

from tests.making.formats_of_rows import WRITERS, Fields
from tests.making.hostile_expectation import story
from tests.making.story_in_languages import FERRY, OTHERS, SIBLING
from tests.making.texts_in_many_scripts import KHMER, PARAGRAPHS, THAI

_ENCODINGS = (
    "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251", "koi8-r", "shift_jis", "euc_jp", "gb18030", "big5",
    "euc_kr", "cp1253", "cp1255", "cp1256", "iso2022_jp",
)  # fmt: skip
#: A text of an encoding has at least this share of characters that it knows.
_KNOWN_SHARE = 0.98


@lru_cache(maxsize=1)
def varied_texts() -> tuple[str, ...]:
    """Return texts of about a hundred to two thousand characters, each once."""
    news = [*FERRY.values(), *SIBLING.values(), *OTHERS.values()]
    scripts = ["\n".join(paragraphs) for paragraphs in PARAGRAPHS.values()]
    mixed = ["\n".join(pair) for pair in zip(PARAGRAPHS["Latn"], PARAGRAPHS["Cyrl"], strict=True)]
    odd = [f"{THAI}\n{KHMER}", "Kurz.", "12.03.2024\n4 711\n" * 5, "Oui !\n" * 12]
    return (*news, *scripts, *mixed, *odd, *(story(700 + number) for number in range(20)))


def varied_rows(texts: Sequence[str], seed: int) -> list[Fields]:
    """Return a row of fields for each text, in an order of their own."""
    chance = Random(f"rows {seed}")
    rows: list[Fields] = [
        {
            "text": text,
            "title": text.split("\n")[0][:60],
            "url": f"https://{chance.choice(['a', 'b'])}.example/{seed}/{number}?ä=1",
            "author": chance.choice(["Ann Lee", "Łukasz Żal", "李娜", ""]),
            "date": f"2024-0{1 + number % 9}-1{number % 10}T10:2{number % 10}:00+0{seed % 9}:00",
            "lang": chance.choice(["en", "ru", "fr-CA", "zh-Hant", ""]),
            "id": number,
            "score": number / 7,
        }
        for number, text in enumerate(texts)
    ]
    return chance.sample(rows, len(rows))


@lru_cache(maxsize=1)
def varied_files() -> dict[str, bytes]:
    """Return sound files by name: some of each format with one to five rows, and of encodings."""
    chance, files = Random("varied files"), dict[str, bytes]()
    for number, (suffix, write) in enumerate([*WRITERS.items()] * 4):
        texts = chance.sample(varied_texts(), chance.randint(1, 5))
        files[f"{number:03}{suffix}"] = write(varied_rows(texts, number))
    for codec in _ENCODINGS:
        for number, text in enumerate(varied_texts()):
            content = text.encode(codec, "ignore")
            if len(content.decode(codec)) >= _KNOWN_SHARE * len(text) and number % 3 == 0:
                files[f"{codec}-{number}.txt"] = content
    return files
