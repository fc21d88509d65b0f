"""Tell given names from surnames, where a word is only the one, from a list.

`given_names.txt.xz` is written by `python -m training.write_name_parts` from the name parts of
Faker and Mimesis (MIT): 87 locales.
"""

import lzma
from functools import lru_cache
from pathlib import Path

GIVEN_NAMES_FILE = Path(__file__).parent / "given_names.txt.xz"
#: Shorter names are surnames, too, in some language.
MIN_LETTERS = 4


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    return frozenset(lzma.decompress(GIVEN_NAMES_FILE.read_bytes()).decode().split("\n"))


def is_given_name(word: str) -> bool:
    """Whether a word in comparable form is a given name and no surname, as far as is known."""
    return word in _given_names()


def is_surname_first(words: tuple[str, ...]) -> bool:
    """Whether, of a name's two words, the second is a given name and the first is none."""
    return len(words) == 2 and is_given_name(words[1]) and not is_given_name(words[0])
