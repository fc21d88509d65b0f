"""Texts cut into pieces that a model can hold, where sentences seem to end."""

from typing import NamedTuple

import regex

from tasks.writing.vocabulary import IDEOGRAPHIC_STOPS, SENTENCE_STOPS

#: After a full stop only where white space follows: `U.S. Steel` may be cut, `example.com` not.
#: The stops of Chinese and Japanese need none.
_ENDS = (
    regex.compile(rf"\n+|[{IDEOGRAPHIC_STOPS}]+\p{{P}}*\s*|[{SENTENCE_STOPS}]+\p{{P}}*\s+"),
    regex.compile(r"\s+"),
)


class Piece(NamedTuple):
    """A part of a text and the code point at which it begins."""

    start: int
    text: str


def cut_pieces(text: str, max_chars: int) -> list[Piece]:
    """Cut a text into pieces of at most `max_chars` code points; blank pieces are left out.

    A piece ends where the last sentence within the limit seems to end; else at the last white
    space; else at the limit. Pieces of half the limit or less are not made for that.
    """
    pieces, start = [], 0
    while start < len(text):
        end = _end_of_piece(text, start, max_chars)
        pieces.append(Piece(start, text[start:end]))
        start = end
    return [piece for piece in pieces if piece.text.strip()]


def _end_of_piece(text: str, start: int, max_chars: int) -> int:
    limit = start + max_chars
    if len(text) <= limit:
        return len(text)
    for pattern in _ENDS:
        ends = [match.end() for match in pattern.finditer(text, limit - max_chars // 2, limit)]
        if ends:
            return ends[-1]
    return limit
