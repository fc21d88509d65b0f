"""Measure lines in any script: their width, their writing, whether they end as a sentence."""

import re
from collections.abc import Sequence

import polars as pl
import regex

from tasks.writing.scripts import commonest_scripts, dominant_script, script_counts
from tasks.writing.vocabulary import CLOSERS, EAST_ASIAN_SCRIPTS, SENTENCE_ENDS, WIDE_LETTERS

#: Width of a line of running text. Every heading and menu line of the seeds is narrower; with it
#: cleaning dropped no line of 610 news texts in ten languages (measured on NTREX-128's documents).
BODY_LINE_WIDTH = 80
_WIDE = regex.compile(f"[{WIDE_LETTERS}]+")
#: Every wide letter, and little else that alphabets are written with: four times as fast to search
#: for as wide letters are to count.
_MAY_BE_WIDE = re.compile("[\u02ea\u02eb\u1100-\u11ff\u2e80-\U0010ffff]")
#: Characters that Polars does not know yet, and `regex` may.
UNASSIGNED = r"\p{Cn}"
#: How a sentence ends its line, for Polars and `regex`. The number may be that of a note.
SENTENCE_END = rf"[{SENTENCE_ENDS}][{CLOSERS}\d]*$"
#: Matched from the end of the line on: three times as fast as searched for.
_SENTENCE_END = regex.compile(SENTENCE_END, regex.REVERSE)


def width(text: str) -> int:
    """Return the length of a text in letters, an ideograph or syllable counting as two."""
    return len(text) + (sum(map(len, _WIDE.findall(text))) if may_be_wide(text) else 0)


def may_be_wide(text: str) -> bool:
    """Return whether a text may have characters of two columns: false of most that have none."""
    return not text.isascii() and _MAY_BE_WIDE.search(text) is not None


def widths(texts: pl.Series) -> pl.Series:
    """Return the width of each text (Int64), as `width` does."""
    counted = texts.str.len_chars() + texts.str.count_matches(f"[{WIDE_LETTERS}]")
    is_doubtful = texts.str.contains(UNASSIGNED)
    exact = pl.Series(map(width, texts.filter(is_doubtful)), dtype=pl.Int64)
    return counted.cast(pl.Int64).scatter(is_doubtful.arg_true(), exact)


def ends_sentence(text: str) -> bool:
    """Return whether the line ends with sentence-final punctuation of any script."""
    return _SENTENCE_END.match(text) is not None


def is_body_line(text: str) -> bool:
    """Return whether a line is running text: long, or half as long and ending as a sentence."""
    line_width = len(text) if len(text) >= BODY_LINE_WIDTH else width(text)
    return line_width >= BODY_LINE_WIDTH or (
        2 * line_width >= BODY_LINE_WIDTH and ends_sentence(text)
    )


def edges(is_body: Sequence[bool]) -> tuple[int, int]:
    """Return the first body line and one past the last; (0, n) if no line is a body line.

    What stands before and after is the edge of a document. A text of short lines only (a
    poem, a list, a dialogue) is all body.
    """
    if True not in is_body:
        return 0, len(is_body)
    return is_body.index(True), len(is_body) - list(reversed(is_body)).index(True)


def writing_of(script: str) -> str:
    """Return the script, those of East Asia as one (`Hani`): a line of kana is not foreign."""
    return "Hani" if script in EAST_ASIAN_SCRIPTS else script


def main_writing(text: str) -> str:
    """Return the writing of most of a text (`Zyyy`: no letters)."""
    # Only the text tells which East Asian script it is, and it does not matter here.
    return writing_of(dominant_script(script_counts(text), ""))


def main_writings(texts: Sequence[str]) -> list[str]:
    """Return the writing of most of each text, as `main_writing` does."""
    return commonest_scripts(texts)
