"""Put the features of some documents into arrays: which, how often, and where they stand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
#: Narrow types for what there is much of: numbers of features, how often, bins.
Counts = npt.NDArray[np.int32]
Bins = npt.NDArray[np.uint8]
Number = TypeVar("Number", bound=np.generic)
#: From positions (0 to 1) and the letters of their documents to bins, still with a fraction.
View = Callable[[Floats, Floats], Floats]


#: Bins of the relative view: 5 % of a text, about a sentence of a short one.
RELATIVE_BINS = 20
#: Bins of the view from the beginning grow with the distance, as its uncertainty does:
#: LOG_BINS to each doubling or so, the first as long as a short sentence (LOG_LETTERS).
LOG_BINS, LOG_LETTERS = 6.0, 200.0
VIEWS: tuple[View, ...] = (
    lambda positions, _letters: positions * RELATIVE_BINS,
    lambda positions, letters: np.log1p(positions * letters / LOG_LETTERS) * LOG_BINS,
)


#: More than the bins of any view: a text of a billion letters has 93.
BIN_LIMIT = 256
#: More than there are features, and than 32 bits can number: one is for the sign.
CODE_LIMIT = 2**31


@dataclass(frozen=True)
class Cells:
    """Where entries stand in their documents in one view.

    Attributes:
        starts: Where each entry's cells begin; one more than entries.
        bins: Bin of each cell, rising within an entry.
        times: How often the document has the feature there.
    """

    starts: Integers | Counts
    bins: Bins
    times: Counts


@dataclass(frozen=True)
class Part:
    """The features of some documents, before it is known how rare they are.

    Attributes:
        counts: How many entries each document has.
        codes: Feature of each entry, a number that is the same in all parts.
        times: How often the document has it.
        bins: For each of `VIEWS` the bins in which occurrences stand, entry by entry.
        names: `code, name` of the features.
    """

    counts: Integers
    codes: Counts
    times: Counts
    bins: tuple[Bins, ...]
    names: pl.DataFrame

    @property
    def owners(self) -> Integers:
        """The document of each entry."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def read_part(story_features: pl.LazyFrame, documents: pl.DataFrame) -> Part:
    """Read the features of documents that follow each other by `doc_id`."""
    ids = documents["doc_id"]
    rows = (
        story_features.filter(pl.col("doc_id").is_between(pl.lit(ids.min()), pl.lit(ids.max())))
        .select("doc_id", "features", "positions")
        .collect()
    )
    if not rows["doc_id"].is_sorted():
        rows = rows.sort("doc_id")
    # Equal strings have equal codes, in all parts: each is hashed once.
    features = rows["features"].explode(empty_as_null=False).cast(pl.Categorical)
    distinct = features.unique()
    codes = features.to_physical().cast(pl.Int32).to_numpy()
    owners = np.repeat(np.arange(len(rows)), rows["features"].list.len().to_numpy())
    keys = owners * CODE_LIMIT + codes
    order = np.argsort(keys, kind="stable")
    positions = rows["positions"].explode(empty_as_null=False).to_numpy()[order]
    letters = documents["letters"].to_numpy()[owners]
    begins = _begins(keys[order])
    return Part(
        counts=np.bincount(owners[begins], minlength=len(documents)),
        codes=codes[order][begins],
        times=_runs(begins),
        bins=tuple(np.floor(view(positions, letters)).astype(np.uint8) for view in VIEWS),
        names=pl.DataFrame({"code": distinct.to_physical().cast(pl.Int64), "name": distinct}),
    )


class Ordered(NamedTuple):
    """The kept features of some documents, as in `Traces`."""

    counts: Integers
    codes: Counts
    times: Counts
    cells: tuple[Cells, ...]


def ordered(part: Part, numbers: Integers) -> Ordered:
    """Return the entries of features that are kept, by document and number.

    Args:
        part: The features of some documents.
        numbers: By code, the number of a feature in `Traces`, or -1.
    """
    numbers = numbers[part.codes]
    kept = np.flatnonzero(numbers >= 0)
    order = kept[np.argsort(part.owners[kept] * CODE_LIMIT + numbers[kept])]
    rank = np.full(len(numbers), -1)
    rank[order] = np.arange(len(order))
    entries = np.repeat(rank, part.times)
    occurring = entries >= 0
    return Ordered(
        counts=np.bincount(part.owners[order], minlength=len(part.counts)),
        codes=numbers[order].astype(np.int32),
        times=part.times[order],
        cells=tuple(
            _part_cells(entries[occurring], bins[occurring], len(order)) for bins in part.bins
        ),
    )


def _part_cells(entries: Integers, bins: Bins, count: int) -> Cells:
    """Return in which bins entries stand.

    Args:
        entries: The entry of each occurrence, in any order.
        bins: Its bin.
        count: How many entries there are.
    """
    keys = np.sort(entries * BIN_LIMIT + bins)
    begins = _begins(keys)
    cells = keys[begins]
    counts = np.bincount(cells // BIN_LIMIT, minlength=count)
    return Cells(starts_of(counts), (cells % BIN_LIMIT).astype(np.uint8), _runs(begins))


def joined(parts: list[npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """Put arrays together, and empty the list of them: they may be large."""
    together = np.concatenate(parts)
    parts.clear()
    return together


def joined_cells(parts: list[Cells]) -> Cells:
    """Put the cells of parts together, and empty the list of them."""
    counts, bins, times = (
        [np.diff(part.starts) for part in parts],
        [part.bins for part in parts],
        [part.times for part in parts],
    )
    parts.clear()
    starts = starts_of(joined(counts))
    return Cells(_narrow(starts), joined(bins), joined(times))


def _narrow(starts: Integers) -> Integers | Counts:
    """Return numbers in half the memory if they are small enough."""
    return starts.astype(np.int32) if starts[-1] < CODE_LIMIT else starts


def _begins(keys: Integers) -> Booleans:
    """Tell which of sorted keys is the first of its own."""
    is_first: Booleans = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    return is_first


def _runs(begins: Booleans) -> Counts:
    """Return how long the runs are that begin somewhere."""
    return np.diff(np.flatnonzero(np.append(begins, True))).astype(np.int32)


def starts_of(counts: Integers) -> Integers:
    """Return where runs of some lengths begin, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
