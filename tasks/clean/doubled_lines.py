"""Find paragraphs that are each said again at once: p1 p1 p2 p2, in the same lines or others."""

from bisect import bisect_left
from collections.abc import Sequence

from tasks.clean.copies import Copy

#: Least share of the distinct text that must be said again at once.
MIN_SHARE_OF_PAIRS = 0.9
#: Lines of a paragraph that is said again at once: twenty wrapped lines are a long one.
MOST_LINES_AT_ONCE = 20


def doubled_lines(letters: str, bounds: Sequence[int]) -> list[Copy]:
    """Return the second of lines that are said again at once, if nearly all of the text is.

    Args:
        letters: The folded letters of a document.
        bounds: Where each line begins in them, and their length.
    """
    copies: list[Copy] = []
    seen: set[str] = set()
    line_starts = frozenset(bounds)
    index = 0
    while index + 2 < len(bounds):
        middle = _end_of_lines_said_again(letters, bounds, index, line_starts)
        if middle is None:
            index += 1
            continue
        copy = Copy(bounds[index], middle, 2 * middle - bounds[index])
        text = letters[copy.source : copy.source_end]
        if text not in seen:
            copies.append(copy)
            seen.add(text)
        index = bisect_left(bounds, copy.end)
    size = sum(map(len, copies))
    return copies if size >= MIN_SHARE_OF_PAIRS * (len(letters) - size) else []


def _end_of_lines_said_again(
    letters: str, bounds: Sequence[int], index: int, line_starts: frozenset[int]
) -> int | None:
    """Return where some lines from a line on end whose letters the next lines repeat; or None."""
    start = bounds[index]
    for middle in bounds[index + 1 : index + 1 + MOST_LINES_AT_ONCE]:
        end = 2 * middle - start
        if end > len(letters):
            return None
        may_be = middle > start and end in line_starts and letters[start] == letters[middle]
        if may_be and letters.startswith(letters[start:middle], middle):
            return middle
    return None
