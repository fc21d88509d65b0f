"""Parts of bounded size: ranges of `doc_id`, which is a hash and so evenly spread.

The number of ranges is a power of two that depends on the number of documents only.
A table's parts follow one another in the order of its key, and a document stands in the
same range of every table.
"""

from dataclasses import dataclass

#: Hex digits of a range's bounds: up to 2**32 ranges.
_BOUND_DIGITS = 8


@dataclass(frozen=True)
class Range:
    """The documents with `lower <= doc_id < upper`; `upper` is None in the last range."""

    index: int
    count: int

    @property
    def lower(self) -> str:
        """The smallest `doc_id` prefix of the range."""
        return _bound(self.index, self.count)

    @property
    def upper(self) -> str | None:
        """The smallest `doc_id` prefix after the range."""
        return _bound(self.index + 1, self.count) if self.index + 1 < self.count else None


def _bound(index: int, count: int) -> str:
    return format(index * (16**_BOUND_DIGITS // count), f"0{_BOUND_DIGITS}x")


def ranges_for(documents: int, part_documents: int) -> list[Range]:
    """Return the fewest ranges that hold about `part_documents` documents or fewer each.

    One range for an empty table.
    """
    count = 1
    while documents > count * part_documents:
        count *= 2
    return [Range(index, count) for index in range(count)]
