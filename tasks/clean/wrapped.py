"""Find the lines of plain text that are one paragraph, wrapped at a width, and make one of them.

Who wraps a text breaks a line where the next word would not fit. So a block of lines is wrapped
if that is so of nearly all its lines, and if its sentences run over their ends: by small letters
that follow where no sentence ended, or, in scripts without capitals, by sentences that end within
lines. Poems, lists, tables, code and dialogue break elsewhere and stay as they are.

A word that a hyphen parts goes on (`tasks.clean.hyphens`), also where lines are ragged.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from tasks.clean.hyphens import joined, parts_word
from tasks.writing.measures import ends_sentence, main_writing, may_be_wide
from tasks.writing.vocabulary import (
    IDEOGRAPHIC_LETTERS,
    SENTENCE_STOPS,
    UNSPACED_LETTERS,
    WIDE_LETTERS,
)

LINE_BREAK = regex.compile(r"[\n\r\v\f\x1c-\x1e\u2028\u2029]+")

#: Widths at which people and programs wrap: the columns of a newspaper to the lines of a terminal.
_MIN_WIDTH, _MAX_WIDTH = 28, 132
#: Least width of a line that one other line goes on from: shorter ones are captions and verse.
_MIN_PAIR_WIDTH = 50
#: Share of a block's breaks that must be where the next word would not fit: all but the ends of
#: paragraphs that are not parted by a blank line.
_MIN_FULL_SHARE = 0.75
#: Share of the breaks without a sentence's end after which small letters must follow; in German,
#: with its nouns, it is .6.
_MIN_SMALL_SHARE = 0.35
#: Columns by which a line of ideographs may be short of the width: two that may not begin a line.
_IDEOGRAPHIC_SLACK = 4
#: Share of the lines of a block without capitals that may end with a sentence.
_MAX_ENDING_SHARE = 0.5
#: Share of its breaks at which the writing may change: a line of a long paragraph may be of names.
_MAX_CHANGING_SHARE = 0.25

#: What a line begins with that goes on from none: bullets, quotes, cells, markup, rules.
_ITEM = regex.compile(
    r"[*•·▪▫◦‣⁃●○■□◆✓✔>|#§†‡<{}\\@/]|-+(?=\p{L})|[-–—―]+\s*(?=[\"'“«„]?\p{Lu})|={2}|~{2}|-{2,}$"
    r"|https?:"
)
#: The same, unless the sentence before is not at its end and no other line of the block begins so:
#: a number, an initial, a speaker.
_PERHAPS_ITEM = regex.compile(
    r"\(?(?:\d{1,3}|\p{L}|[ivxIVX]{1,4})[.)](?=\s)|\[[^\]]{0,12}\]|\d{1,2}:\d\d|[-–—―]+\s"
    r"|\p{Lu}[\p{L}. ]{0,24}:\s"
)
#: What only code, tables and forms have: cells, braces, comparisons, leaders.
_LAYOUT = regex.compile(r"\t|\S {3,}\S|[{}]|\);$|[=!<>+&|]=|\.{4,}|_{3,}|\|.*\||</?\w++[^<>]*+>")
#: Georgian is written in small letters alone: they say nothing of where a sentence begins.
_SMALL = regex.compile(r"[\"'“”„«‘’(\[]*(?!\p{Georgian})\p{Ll}")
_ADDRESS = regex.compile(r"[^\s@]++@\S|www\.")
_CASED = regex.compile(r"(?!\p{Georgian})[\p{Lu}\p{Ll}\p{Lt}]")
_INNER_STOP = regex.compile(
    rf"[{SENTENCE_STOPS}][\"'”»’)]*(?:\s|(?=[{IDEOGRAPHIC_LETTERS}]))\S|[。！？]\S"
)
_IDEOGRAPH = rf"{IDEOGRAPHIC_LETTERS}\u3000-\u303f\uff00-\uffee"
_UNSPACED = rf"{UNSPACED_LETTERS}\u3000-\u303f\uff00-\uffee"
_WIDE = regex.compile(rf"[{WIDE_LETTERS}\u3000-\u303f\uff00-\uff60]")
_ONE_UNSPACED = regex.compile(f"[{_UNSPACED}]")
#: What of a word must stand in one line before signs that may each begin one.
_UNSPACED_WORD = regex.compile(f"([^{_UNSPACED}]*)[{_UNSPACED}]", regex.V1)
_IDEOGRAPHIC = regex.compile(f"[{_IDEOGRAPH}]")
_LETTERS = regex.compile(r"[\p{L}\p{M}\s,.，。、]")
#: Letters, spaces and commas among the characters of a line, and of a block: tables have fewer.
_MIN_LETTER_SHARE = 0.6
_MIN_LETTER_SHARE_OF_BLOCK = 0.85


@dataclass(frozen=True)
class Line:
    """A line of a plain text.

    Attributes:
        start: Where it begins in the text, without the blanks before it.
        end: One past its last character.
        text: What it says.
        indent: Blanks before it.
        gap: Blank lines before it.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: int


def unwrapped(text: str) -> str:
    """Return a paragraph as one line; a line as it is."""
    if LINE_BREAK.search(text) is None:
        return text
    lines = list(filter(None, (line.strip() for line in LINE_BREAK.split(text))))
    if text.isascii() and "-" not in text:  # no word is parted, and all are spaced
        return " ".join(lines)
    together = ""
    for line in lines:
        together = _joint(together, line, text) if together else line
    return together


def _joint(before: str, after: str, around: str) -> str:
    if (one := joined(before, after, around)) is not None:
        return one
    last = before[-1:]
    if _IDEOGRAPHIC.match(last) or _IDEOGRAPHIC.match(after):
        return before + after
    is_unspaced = _ONE_UNSPACED.match(last) and _ONE_UNSPACED.match(after)
    return before + after if is_unspaced else f"{before} {after}"


def paragraphs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the first line of each paragraph of a text and one past its last.

    Args:
        lines: The lines of the text that are not blank, in order.
    """
    if len(lines) < 2:
        return [(number, number + 1) for number in range(len(lines))]
    blocks = [_Block(block) for block in _blocks(lines)]
    wrapped_widths = [block.width for block in blocks if block.is_wrapped]
    usual = max(wrapped_widths, default=None)
    goes_on = [False]
    for block in blocks:
        goes_on += block.goes_on(usual)
        goes_on.append(False)
    starts = [n for n, (going, _) in enumerate(zip(goes_on, lines, strict=False)) if not going]
    return list(pairwise([*starts, len(lines)]))


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines that no blank line parts."""
    block = [lines[0]]
    for line in lines[1:]:
        if line.gap:
            yield block
            block = []
        block.append(line)
    yield block


class _Block:
    """Lines that no blank line parts, and what their ends say."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._set_measure(_columns)
        self._is_wide = min(self.width, self._width_of(len)) > _MAX_WIDTH
        self._breaks = self._found_breaks()
        self.is_wrapped = self._is_wrapped()
        if not self.is_wrapped and not self._is_wide and self._is_partly_wide():
            self._set_measure(len)  # wrapped by characters, not by columns
            self.is_wrapped = self._is_wrapped()

    def _set_measure(self, measure: Callable[[str], int]) -> None:
        self._measure = measure
        self.width = self._width_of(measure)

    def _width_of(self, measure: Callable[[str], int]) -> int:
        return max((measure(line.text) for line in self._lines if _may_wrap(line.text)), default=0)

    def _is_partly_wide(self) -> bool:
        return any(_columns(line.text) != len(line.text) for line in self._lines)

    def _found_breaks(self) -> "list[_Break]":
        if self._is_wide:
            return [_Break(one, other) for one, other in pairwise(self._lines)]
        perhaps = [_PERHAPS_ITEM.match(line.text) is not None for line in self._lines]
        return [
            _Break(one, other, is_item=is_item and sum(perhaps) > 1)
            for (one, other), is_item in zip(pairwise(self._lines), perhaps[1:], strict=True)
        ]

    def _is_wrapped(self) -> bool:
        if len(self._lines) < 2 or not _MIN_WIDTH <= self.width <= _MAX_WIDTH:
            return False
        breaks = [one for one in self._breaks if not one.begins_item]
        full = sum(one.is_full(self.width, self._measure) for one in breaks)
        if not breaks or full < _MIN_FULL_SHARE * len(breaks) or not self._is_prose():
            return False
        if sum(one.is_layout for one in breaks) > (1 - _MIN_FULL_SHARE) * len(breaks):
            return False
        cased = sum(_has_case(line.text) for line in self._lines)
        is_cased = 2 * cased > len(self._lines)
        return self._runs_on(breaks) if is_cased else self._is_of_sentences(breaks, full)

    def _is_prose(self) -> bool:
        text = "".join(line.text for line in self._lines)
        return len(_LETTERS.findall(text)) >= _MIN_LETTER_SHARE_OF_BLOCK * len(text)

    def _runs_on(self, breaks: "Sequence[_Break]") -> bool:
        """Whether small letters follow where no sentence ended."""
        small = sum(one.runs_on for one in breaks)
        is_open = sum(not one.ends_sentence for one in breaks)
        if len(breaks) == 1 and self._measure(self._lines[0].text) < _MIN_PAIR_WIDTH:
            return False
        return small > 0 and small >= _MIN_SMALL_SHARE * is_open

    def _is_of_sentences(self, breaks: "Sequence[_Break]", full: int) -> bool:
        """Whether lines without capitals are of one text: its sentences end within them."""
        others = sum(one.changes_writing for one in breaks)
        if full < len(breaks) or others > _MAX_CHANGING_SHARE * len(breaks):
            return False
        ending = sum(one.ends_sentence for one in breaks)
        last = ends_sentence(self._lines[-1].text)
        if len(breaks) == 1:
            first = self._lines[0].text
            is_open = _INNER_STOP.search(first) is not None and not ending and last
            return is_open and self._measure(first) >= _MIN_PAIR_WIDTH and not breaks[0].turns
        inner = any(_INNER_STOP.search(line.text) for line in self._lines)
        return ending <= _MAX_ENDING_SHARE * len(breaks) and (inner or last)

    def goes_on(self, usual: int | None) -> list[bool]:
        """Return for each line but the first whether it goes on from the one before it.

        Args:
            usual: The width at which other blocks of the text are wrapped; None: none is.
        """
        if self._is_wide:
            return [one.parts_word for one in self._breaks]
        wraps_at = self.width if self.is_wrapped else usual
        if wraps_at is not None and self.width > wraps_at:
            wraps_at = None
        return [
            one.goes_on(wraps_at, self._measure, is_sure=self.is_wrapped) for one in self._breaks
        ]


@dataclass(frozen=True)
class _Break:
    """The end of a line and the beginning of the next.

    Attributes:
        is_item: Whether the next is one of several that begin with a number, a name or a dash.
    """

    before: Line
    after: Line
    is_item: bool = False

    @property
    def begins_item(self) -> bool:
        """Whether the next line is an item."""
        return self.is_item or _ITEM.match(self.after.text) is not None

    @property
    def is_layout(self) -> bool:
        """Whether the next line is an item, or either a cell or code."""
        return self.begins_item or _is_layout(self.before.text) or _is_layout(self.after.text)

    @property
    def parts_word(self) -> bool:
        """Whether a hyphen parts a word at it."""
        return parts_word(self.before.text, self.after.text)

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence may end at it."""
        return ends_sentence(self.before.text) or self.before.text.endswith(":")

    @property
    def turns(self) -> bool:
        """Whether the next line is in another writing than the last word before it."""
        before, after = self.before.text.rsplit(None, 1)[-1], self.after.text.split(None, 1)[0]
        return main_writing(before) != main_writing(after)

    @property
    def changes_writing(self) -> bool:
        """Whether most of the next line is in another writing than most of this one."""
        return main_writing(self.before.text) != main_writing(self.after.text)

    @property
    def runs_on(self) -> bool:
        """Whether a sentence runs over it, by its letters."""
        text = self.after.text
        # An address begins with a small letter wherever it stands.
        is_small = _SMALL.match(text) is not None and _ADDRESS.match(text) is None
        return self.parts_word or (is_small and not self.ends_sentence)

    def is_full(self, wraps_at: int, measure: Callable[[str], int]) -> bool:
        """Whether the next word would not have fit."""
        used = measure(self.before.text)
        word = self.after.text.partition(" ")[0]  # no line breaks at a no-break space
        if (unspaced := _UNSPACED_WORD.match(word)) is not None:
            return used + max(_IDEOGRAPHIC_SLACK, measure(unspaced[1])) > wraps_at
        return used + 1 + measure(word) > wraps_at or self.parts_word

    def goes_on(
        self, wraps_at: int | None, measure: Callable[[str], int], *, is_sure: bool
    ) -> bool:
        """Whether the next line goes on from this one.

        Args:
            wraps_at: The width of its block or of the text; None: it is not wrapped.
            measure: How wide a text is.
            is_sure: Whether the block itself is wrapped.
        """
        if self.is_layout or wraps_at is None or self.parts_word:
            return self.parts_word and not self.is_layout
        if self._begins_paragraph():
            return False
        if not self.is_full(wraps_at, measure):
            return is_sure and self.runs_on and not self._begins_perhaps_item()
        return is_sure or not (self.ends_sentence and self._begins_perhaps_item())

    def _begins_perhaps_item(self) -> bool:
        return _PERHAPS_ITEM.match(self.after.text) is not None

    def _begins_paragraph(self) -> bool:
        """Whether the next line is set in, and does not hang from an item."""
        begins_item = _ITEM.match(self.before.text) or _PERHAPS_ITEM.match(self.before.text)
        return self.after.indent > self.before.indent and begins_item is None


def _columns(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    return len(text) + (len(_WIDE.findall(text)) if may_be_wide(text) else 0)


def _may_wrap(text: str) -> bool:
    return " " in text or _ONE_UNSPACED.match(text) is not None


def _has_case(text: str) -> bool:
    """Whether a line has capitals and small letters to tell by."""
    cased = _CASED.findall(text)
    return 2 * len(cased) > len(text.replace(" ", "")) and not text.isupper()


def _is_layout(text: str) -> bool:
    if _LAYOUT.search(text) is not None:
        return True
    if len(text) < _MIN_WIDTH:
        return False  # the last line of a paragraph may be a number
    return len(_LETTERS.findall(text)) < _MIN_LETTER_SHARE * len(text)
