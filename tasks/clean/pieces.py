"""Cut a segment into what repeats earlier text and what does not.

Copies are found in folded letters (no white space, no quotation marks, no case); here their
ends are carried back to the text, to between two words.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import regex

from tasks.clean.repair import repaired
from tasks.clean.segment import Segment
from tasks.writing.measures import width
from tasks.writing.vocabulary import UNSPACED_LETTERS

#: Width of what is left of a copied paragraph that is worth a segment: a title of two ideographs.
MIN_REST_WIDTH = 4
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_WORD = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}--[{UNSPACED_LETTERS}]]+", regex.V1)
#: What a copy may have otherwise: white space, quotation marks, format and control characters.
_IGNORED = regex.compile(r"[\s\p{Quotation_Mark}\p{Pi}\p{Pf}\p{Cf}\p{Cc}`´]")


class _Folding(dict[int, str]):
    """The letters that a character is compared by, worked out when it first occurs."""

    def __missing__(self, codepoint: int) -> str:
        char = chr(codepoint)
        is_ignored = _IGNORED.match(char) is not None
        folded = "" if is_ignored else unicodedata.normalize("NFKD", char).casefold()
        return self.setdefault(codepoint, folded)


FOLDING = _Folding()


def cut_copies(segment: Segment, copied: Sequence[tuple[int, int]]) -> list[tuple[Segment, bool]]:
    """Return the parts of a segment, each with whether it is copied.

    Args:
        segment: A kept segment.
        copied: Stretches of its folded letters, in order and apart.
    """
    parts = _merged(segment.text, _parts(segment.text, copied))
    if len(parts) == 1:
        return [(segment, parts[0][2])]
    cut = _cut_at(segment, [start for start, _, _ in parts[1:]])
    if not all(part.text for part in cut):
        # Where a part begins in the raw text is not known: keep the whole rather than guess.
        return [(segment, False)]
    return [(part, is_copy) for part, (_, _, is_copy) in zip(cut, parts, strict=True)]


def _parts(text: str, copied: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    letters_after = list(accumulate(len(FOLDING[ord(char)]) for char in text))
    ends = [0]
    for start, end in copied:
        ends.append(_boundary(text, letters_after, start, rest_is_before=True))
        ends.append(_boundary(text, letters_after, end, rest_is_before=False))
    ends.append(len(text))
    for number, (start, end) in enumerate(pairwise(ends)):
        if text[start:end].strip():
            yield start, end, number % 2 == 1


def _boundary(text: str, letters_after: list[int], letter: int, *, rest_is_before: bool) -> int:
    """Return where in the text to cut before a folded letter: at a space, never inside a word."""
    if letter == 0:
        return 0
    if letter == letters_after[-1]:
        return len(text)
    before, after = bisect_left(letters_after, letter) + 1, bisect_right(letters_after, letter)
    between = text[before:after]
    spaces = [position for position, char in enumerate(between, before) if char.isspace()]
    if spaces:
        return spaces[0]
    return _outside_word(text, before, rest_is_before=rest_is_before)


def _outside_word(text: str, position: int, *, rest_is_before: bool) -> int:
    """Return the position, moved out of a word so that the word stays with the rest."""
    word = next((match for match in _WORD.finditer(text) if match.end() > position), None)
    if word is None or word.start() >= position:
        return position
    return word.end() if rest_is_before else word.start()


def _merged(text: str, parts: Iterator[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Join neighbours of one kind, after counting what is too small to tell for copied."""
    merged: list[tuple[int, int, bool]] = []
    for start, end, is_copy in parts:
        copied = is_copy or width(_NOT_LETTERS.sub("", text[start:end])) < MIN_REST_WIDTH
        if merged and merged[-1][2] == copied:
            merged[-1] = (merged[-1][0], end, copied)
        else:
            merged.append((start, end, copied))
    return merged


def _cut_at(segment: Segment, cuts: Sequence[int]) -> list[Segment]:
    """Return the parts of a segment, each saying what its raw text says on its own.

    Mojibake and entities are told by the whole of a line: a part may be repaired otherwise than
    within it.

    Args:
        segment: The segment.
        cuts: Where a part begins in its text, but for the first.

    Returns:
        The parts; one or more without text if the place of a cut in the raw text is not known.
    """
    raw = segment.text if segment.raw is None else segment.raw
    if segment.raw is not None:
        cuts = [_raw_cut(raw, segment.text, cut) for cut in cuts]
    return [_part(segment, raw, *bounds) for bounds in pairwise([0, *cuts, len(raw)])]


def _part(segment: Segment, raw: str, start: int, end: int) -> Segment:
    piece = raw[start:end].strip()
    text = repaired(piece)
    is_from_repaired_markup = segment.is_repaired and segment.raw is None
    part = replace(
        segment,
        text=text,
        is_repaired=is_from_repaired_markup or piece != text,
        raw=None if piece == text else piece,
    )
    if segment.start_char is None:
        return replace(part, raw=None)
    start_char = segment.start_char + raw.index(piece, start)
    return replace(part, start_char=start_char, end_char=start_char + len(piece))


def _raw_cut(raw: str, text: str, cut: int) -> int:
    """Return where to cut a raw text that was repaired to `text`, so that one side says the same.

    Returns:
        The place; 0 if neither what is before it nor what is after it says the same on its own.
    """
    before, after = text[:cut].rstrip(), text[cut:].lstrip()
    places = range(len(raw) + 1)
    end = bisect_right(places, len(before), key=lambda end: len(repaired(raw[:end]))) - 1
    if repaired(raw[:end]) == before:
        return end
    start = bisect_left(places, -len(after), key=lambda start: -len(repaired(raw[start:])))
    return start if repaired(raw[start:]) == after else 0
