"""Parts of names that many people share, so that alone they say little about who is meant.

`common_parts.txt.xz` is written by `python -m training.write_common_parts` from the name
parts of Wikidata's people (CC0).
"""

import lzma
from functools import lru_cache
from pathlib import Path

COMMON_PARTS_FILE = Path(__file__).parent / "common_parts.txt.xz"
#: One Han character or syllable is the surname of millions.
_MIN_LETTERS = 2


@lru_cache(maxsize=1)
def _common_parts() -> frozenset[str]:
    return frozenset(lzma.decompress(COMMON_PARTS_FILE.read_bytes()).decode().split("\n"))


def is_common(part: str) -> bool:
    """Whether many people have a part of a name, given in its comparable form."""
    return len(part) < _MIN_LETTERS or part in _common_parts()
