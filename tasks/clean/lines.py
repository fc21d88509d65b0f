"""What a line looks like, in any script: its width, whether it ends as a sentence, its script."""

from collections import Counter
from collections.abc import Sequence

import regex

from tasks.writing.measures import width
from tasks.writing.scripts import dominant_script, script_counts
from tasks.writing.vocabulary import CLOSERS, EAST_ASIAN_SCRIPTS, SENTENCE_ENDS

#: Width of a line of running text. Every heading and menu line of the seeds is narrower; with it
#: cleaning dropped no line of 610 news texts in ten languages (measured on NTREX-128's documents).
BODY_LINE_WIDTH = 80
#: The number may be that of a note.
_SENTENCE_END = regex.compile(rf"[{SENTENCE_ENDS}][{CLOSERS}\d]*$")


def ends_sentence(text: str) -> bool:
    """Return whether the line ends with sentence-final punctuation of any script."""
    return _SENTENCE_END.search(text) is not None


def writing_of(script: str) -> str:
    """Return the script, those of East Asia as one (`Hani`): a line of kana is not foreign."""
    return "Hani" if script in EAST_ASIAN_SCRIPTS else script


def writings(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the writing of all lines together and that of each (`Zyyy`: no letters)."""
    counts = [script_counts(line) for line in lines]
    total = sum(counts, Counter[str]())
    # Which of the East Asian scripts it is takes the text to tell, and does not matter here.
    each = [writing_of(dominant_script(count, "")) for count in counts]
    return writing_of(dominant_script(total, "")), each


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
