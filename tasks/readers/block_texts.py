"""What the text of a block looks like, in any script: width, sentence ends, marks, case."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

import regex

from tasks.readers.page_blocks import Block
from tasks.text_width import width

#: Running text: so wide, or half as wide and a sentence (as `tasks.clean.lines`).
BODY_WIDTH = 80
_NARROW_WIDTH = 25
#: Characters are counted in so many; dates are looked for there.
_LOOKED_AT_CHARS = 200

_SENTENCE_TERMINAL = regex.compile(r"[\p{Sentence_Terminal}\u2026\u22ef\u037e]")
_COMMAS = frozenset(",;،؛、，；・፣፤၊")
_SEPARATORS = frozenset("|/·•›»>→©")
_QUOTES = frozenset('"「」『』《》')
_CATEGORIES = {"Lu": "upper", "Nd": "digit", "Pi": "quote", "Pf": "quote"}
_DATE = re.compile(r"\d{1,4}[./년年-]\s?\d{1,2}[./月월-]|\b(?:19|20)\d\d\b|\d{1,2}[:.時시]\d{2}\b")
_CLOSERS = "\"'»”’)]」』）"

#: What is said of a text, and the value from which on more says no more.
TEXT_CAPS: dict[str, float] = {
    "width": 300,
    "is_wide": 1,
    "is_narrow": 1,
    "ends_sentence": 1,
    "ends_colon": 1,
    "ends_ellipsis": 1,
    "ends_question": 1,
    "ends": 8,
    "commas": 8,
    "digit_share": 1,
    "separators": 4,
    "quotes": 4,
    "upper_share": 1,
    "starts_lower": 1,
    "has_date": 1,
    "link_share": 1,
    "bold_share": 1,
    "after_break": 1,
    "repeated": 1,
    "is_title": 1,
}


def text_rows(blocks: Sequence[Block], titles: Collection[str]) -> list[list[float]]:
    """Return what is said of each text, in the order of `TEXT_CAPS`.

    Args:
        blocks: The blocks of a page.
        titles: The page's titles, case-folded.
    """
    counts = Counter(block.text for block in blocks)
    return [
        [*_row(block), counts[block.text] > 1, block.text.casefold() in titles] for block in blocks
    ]


def _row(block: Block) -> list[float]:
    text, chars, wide = block.text, len(block.text), width(block.text)
    begin = text[:_LOOKED_AT_CHARS]
    kinds = dict.fromkeys(("end", "comma", "separator", "quote", "digit", "upper", "other"), 0)
    for char, times in Counter(begin).items():
        kinds[_kind(char)] += times
    last = text.rstrip(_CLOSERS)[-1:]
    return [
        wide,
        wide >= BODY_WIDTH,
        wide < _NARROW_WIDTH,
        last != "" and _kind(last) == "end",
        last in {":", "："},
        text.endswith(("…", "...", "[...]", "[…]")),
        last in {"?", "？", "؟", "\u037e"},
        kinds["end"],
        kinds["comma"],
        kinds["digit"] / len(begin),
        kinds["separator"],
        kinds["quote"],
        kinds["upper"] / len(begin),
        begin[0].islower(),
        kinds["digit"] > 1 and _DATE.search(begin) is not None,
        block.link_chars / chars,
        block.bold_chars / chars,
        block.after_break,
    ]


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Return what a character is counted as."""
    if _SENTENCE_TERMINAL.match(char):
        return "end"
    if char in _COMMAS:
        return "comma"
    if char in _SEPARATORS:
        return "separator"
    return "quote" if char in _QUOTES else _CATEGORIES.get(unicodedata.category(char), "other")
