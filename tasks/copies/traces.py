"""Put the features of all documents into arrays, weighed by how rare they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tasks.copies.entries import (
    Booleans,
    Cells,
    Counts,
    Floats,
    Integers,
    Part,
    joined,
    joined_cells,
    ordered,
    read_part,
    starts_of,
)

#: Kinds of features that are weighed together.
GROUPS = {
    "number": 0,
    "month": 0,
    "weekday": 0,
    "word": 1,
    "sound": 2,
    "concept": 3,
    "place": 4,
    "han": 5,
}
GROUP_COUNT = 6
#: How common features are in news, measured by `benchmarks.stories --train`: so that rare ones
#: are told apart from common ones even in a corpus of five documents.
COMMON_FEATURES = Path(__file__).with_name("common_features.json")
#: What the table counts for against the corpus itself: as many documents as it was made of.
BACKGROUND_DOCUMENTS = 600
#: Share of a feature that the table does not have: one in two hundred documents.
UNCOMMON_SHARE = 0.005
#: Features of more than 30 % of documents say nothing of a story: log(1 / .3).
MIN_RARITY = 1.2
#: A feature is not taken to be rarer because a corpus is large: what is rare tells a story
#: apart already, and scores stay on the scale that the model knows.
MAX_RARITY = 5.0
#: Documents whose features are put into arrays at once: some 100 MB of text and numbers.
DOCUMENTS_AT_ONCE = 4096


@dataclass(frozen=True)
class Traces:
    """Documents (sorted by `doc_id`) and the features that two languages share.

    An entry is a feature of a document.

    Attributes:
        doc_ids: One per document; all else refers to documents by their index here.
        languages: Codes, one per document.
        letters: Length of each document.
        norms: For each document and group, the squared rarities of all its features, also of
            those that no other document has: sharing three of a hundred is little.
        starts: Where each document's entries begin; one more than documents.
        codes: Feature of each entry, an index into `names`, rising within a document.
        times: How often the document has it.
        cells: Where it stands, for each of `VIEWS`.
        names: The features, sorted.
        groups: Their groups.
        postings: How many documents have each.
        rarity: How rare each is.
    """

    doc_ids: pl.Series
    languages: Integers
    letters: Floats
    norms: Floats
    starts: Integers
    codes: Counts
    times: Counts
    cells: tuple[Cells, ...]
    names: pl.Series
    groups: Integers
    postings: Integers
    rarity: Floats

    def weights(self, entries: Integers) -> Floats:
        """Return the rarity of entries by the root of how often their documents have them."""
        return self.rarity[self.codes[entries]] / np.sqrt(self.times[entries])


@dataclass(frozen=True)
class _Features:
    """All features, sorted by name: as in `Traces`, and which of them are kept."""

    names: pl.Series
    codes: Integers
    groups: Integers
    postings: Integers
    rarity: Floats
    is_kept: Booleans

    @property
    def numbers(self) -> Integers:
        """By code, the index of a feature among those that are kept; -1 for the others."""
        return self.table(np.where(self.is_kept, np.cumsum(self.is_kept) - 1, -1), -1)

    def table(self, values: npt.NDArray[Any], other: float) -> npt.NDArray[Any]:
        """Return values of features by code, another for codes that are none's."""
        by_code = np.full(self.codes.max(initial=-1) + 1, other, values.dtype)
        by_code[self.codes] = values
        return by_code


def traces_of(story_features: pl.LazyFrame) -> Traces:
    """Return the features of documents as arrays, in an order that depends on no input order."""
    documents = story_features.select("doc_id", "language", "letters").sort("doc_id").collect()
    languages = documents["language"].rank("dense").cast(pl.Int64).to_numpy()
    parts = [
        read_part(story_features, documents[start : start + DOCUMENTS_AT_ONCE])
        for start in range(0, max(len(documents), 1), DOCUMENTS_AT_ONCE)
    ]
    features = _features(parts, languages)
    is_kept, numbers = features.is_kept, features.numbers
    norms = _norms(parts, features)
    # What is all there is of the documents is held once: each part is let go of when it is read.
    kept = [ordered(parts.pop(0), numbers) for _ in range(len(parts))]
    counts, codes, times, cells = ([*column] for column in zip(*kept, strict=True))
    del kept
    views = [[*view] for view in zip(*cells, strict=True)]
    del cells
    return Traces(
        doc_ids=documents["doc_id"],
        languages=languages,
        letters=documents["letters"].to_numpy(),
        norms=norms,
        starts=starts_of(joined(counts)),
        codes=joined(codes),
        times=joined(times),
        cells=tuple(joined_cells(view) for view in views),
        names=features.names.filter(pl.Series(is_kept)),
        groups=features.groups[is_kept],
        postings=features.postings[is_kept],
        rarity=features.rarity[is_kept],
    )


def _features(parts: Sequence[Part], languages: Integers) -> _Features:
    """Return the features of all documents, given the languages of these."""
    named = pl.concat([part.names for part in parts]).unique("code")
    named = named.with_columns(pl.col("name").cast(pl.String)).sort("name")
    codes, names = named["code"].to_numpy(), named["name"]
    size = codes.max(initial=-1) + 1
    postings = np.sum([np.bincount(part.codes, minlength=size) for part in parts], axis=0)[codes]
    rarity = _rarity(names, postings, len(languages))
    kinds = names.str.split_exact(":", 1).struct.field("field_0")
    return _Features(
        names=names,
        codes=codes,
        groups=kinds.replace_strict(GROUPS, return_dtype=pl.Int64).to_numpy(),
        postings=postings,
        rarity=rarity,
        is_kept=(rarity >= MIN_RARITY) & _is_shared(parts, languages, size)[codes],
    )


def _rarity(features: pl.Series, postings: Integers, documents: int) -> Floats:
    shares = features.replace_strict(
        _common_shares(), default=UNCOMMON_SHARE, return_dtype=pl.Float64
    ).to_numpy()
    expected = postings + BACKGROUND_DOCUMENTS * shares
    rarity: Floats = np.log((documents + BACKGROUND_DOCUMENTS) / expected)
    return np.minimum(rarity, MAX_RARITY)


@lru_cache(maxsize=1)
def _common_shares() -> dict[str, float]:
    shares: dict[str, float] = json.loads(COMMON_FEATURES.read_text("utf-8"))
    return shares


def _is_shared(parts: Sequence[Part], languages: Integers, size: int) -> Booleans:
    """Tell of codes below `size` which features documents in two languages have."""
    one_of = np.zeros(size, np.int64)
    is_shared = np.zeros(size, np.bool_)
    start = 0
    for part in parts:
        spoken = languages[start + part.owners]
        is_new = one_of[part.codes] == 0
        one_of[part.codes[is_new]] = spoken[is_new]
        is_shared[part.codes[spoken != one_of[part.codes]]] = True
        start += len(part.counts)
    return is_shared


def _norms(parts: Sequence[Part], features: _Features) -> Floats:
    """Return the sums of squared rarities; of integers, so that no order plays a part."""
    thousandths = np.where(features.rarity >= MIN_RARITY, (features.rarity * 1000).round(), 0)
    squared, groups = features.table(thousandths**2, 0), features.table(features.groups, 0)
    sums = [
        np.bincount(
            part.owners * GROUP_COUNT + groups[part.codes],
            squared[part.codes],
            len(part.counts) * GROUP_COUNT,
        )
        for part in parts
    ]
    norms: Floats = np.concatenate(sums).reshape(-1, GROUP_COUNT) / 1e6
    return norms
