"""What the text of a block looks like, in any script: width, sentence ends, marks, case."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

import regex

from tasks.pages.blocks import Block
from tasks.writing.measures import width
from tasks.writing.vocabulary import DATE_IN_DIGITS, SENTENCE_ENDS

#: Running text: so wide, or half as wide and a sentence (as `tasks.clean.lines`).
BODY_WIDTH = 80
_NARROW_WIDTH = 25
#: Characters are counted in so many; dates are looked for there.
_LOOKED_AT_CHARS = 200

_SENTENCE_TERMINAL = regex.compile(f"[{SENTENCE_ENDS}]")
_COMMAS = frozenset(",;،؛、，；・፣፤၊")
_SEPARATORS = frozenset("|/·•›»>→©")
_QUOTES = frozenset('"「」『』《》')
#: What a character is counted as, a letter each.
_END, _COMMA, _SEPARATOR, _QUOTE, _DIGIT, _UPPER, _OTHER = "ecsqduo"
_CATEGORIES = {"Lu": _UPPER, "Nd": _DIGIT, "Pi": _QUOTE, "Pf": _QUOTE}
_DATE = re.compile(DATE_IN_DIGITS)
_CLOSERS = "\"'»”’)]」』）"


class _Kinds(dict[int, str]):
    """What a character is counted as, worked out when it first occurs."""

    def __missing__(self, codepoint: int) -> str:
        return self.setdefault(codepoint, _kind(chr(codepoint)))


def _kind(char: str) -> str:
    if _SENTENCE_TERMINAL.match(char):
        return _END
    if char in _COMMAS:
        return _COMMA
    if char in _SEPARATORS:
        return _SEPARATOR
    return _QUOTE if char in _QUOTES else _CATEGORIES.get(unicodedata.category(char), _OTHER)


_KINDS = _Kinds()

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
    kinds = begin.translate(_KINDS)
    digits = kinds.count(_DIGIT)
    last = text.rstrip(_CLOSERS)[-1:]
    return [
        wide,
        wide >= BODY_WIDTH,
        wide < _NARROW_WIDTH,
        last.translate(_KINDS) == _END,
        last in {":", "："},
        text.endswith(("…", "...", "[...]", "[…]")),
        last in {"?", "？", "؟", "\u037e"},
        kinds.count(_END),
        kinds.count(_COMMA),
        digits / len(begin),
        kinds.count(_SEPARATOR),
        kinds.count(_QUOTE),
        kinds.count(_UPPER) / len(begin),
        begin[0].islower(),
        digits > 1 and _DATE.search(begin) is not None,
        block.link_chars / chars,
        block.bold_chars / chars,
        block.after_break,
    ]
