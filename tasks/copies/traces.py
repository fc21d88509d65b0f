"""The features of all documents as arrays, weighed by how rare they are."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

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
#: are told from common ones in a corpus of five documents, too.
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


@dataclass(frozen=True)
class Traces:
    """Documents (sorted by `doc_id`) and the features that two languages share.

    Attributes:
        doc_ids: One per document; all else refers to documents by their place here.
        languages: Codes, one per document.
        letters: Length of each document.
        norms: For each document and group, the squared rarities of all its features, also of
            those that no other document has: sharing three of a hundred is little.
        starts: Where each document's occurrences begin; one more than documents.
        codes: Feature of each occurrence, a place in `names`.
        places: Where it stands in its document, 0 to 1.
        weights: Rarity by the root of how often the document has it.
        names: The features, sorted.
        groups: Their groups.
        postings: How many documents have each.
    """

    doc_ids: list[str]
    languages: Integers
    letters: Floats
    norms: Floats
    starts: Integers
    codes: Integers
    places: Floats
    weights: Floats
    names: list[str]
    groups: Integers
    postings: Integers


def traces_of(story_features: pl.LazyFrame) -> Traces:
    """Return the features of documents as arrays, in an order that depends on no input order."""
    documents = story_features.select("doc_id", "language", "letters").sort("doc_id").collect()
    known = _known_features(story_features, len(documents))
    names = known.filter(pl.col("languages") > 1)
    names = names.with_columns(code=pl.int_range(pl.len(), dtype=pl.Int64))
    numbered = documents.lazy().select("doc_id", document=pl.int_range(pl.len(), dtype=pl.Int64))
    found = _occurrences(story_features, numbered, names)
    counts = np.bincount(found["document"].to_numpy(), minlength=len(documents))
    return Traces(
        doc_ids=documents["doc_id"].to_list(),
        languages=documents["language"].rank("dense").cast(pl.Int64).to_numpy(),
        letters=documents["letters"].to_numpy(),
        norms=_norms(story_features, numbered, known, len(documents)),
        starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        codes=found["code"].to_numpy(),
        places=found["place"].to_numpy(),
        weights=found["rarity"].to_numpy() / np.sqrt(found["times"].to_numpy()),
        names=names["feature"].to_list(),
        groups=names["group"].to_numpy(),
        postings=names["postings"].to_numpy(),
    )


def _known_features(story_features: pl.LazyFrame, documents: int) -> pl.DataFrame:
    """Return features that are not too common: `feature, languages, postings, rarity, group`."""
    each = story_features.select("language", feature=pl.col("features").list.unique())
    counted = (
        each.explode("feature")
        .drop_nulls()
        .group_by("feature")
        .agg(pl.len().cast(pl.Int64).alias("postings"), languages=pl.n_unique("language"))
        .sort("feature")
        .collect(engine="streaming")
    )
    kind = counted["feature"].str.split_exact(":", 1).struct.field("field_0")
    return counted.with_columns(
        rarity=_rarity(counted["feature"], counted["postings"], documents),
        group=kind.replace_strict(GROUPS, return_dtype=pl.Int64),
    ).filter(pl.col("rarity") >= MIN_RARITY)


def _rarity(features: pl.Series, postings: pl.Series, documents: int) -> pl.Series:
    shares = features.replace_strict(
        _common_shares(), default=UNCOMMON_SHARE, return_dtype=pl.Float64
    ).to_numpy()
    expected = postings.to_numpy() + BACKGROUND_DOCUMENTS * shares
    rarity = np.log((documents + BACKGROUND_DOCUMENTS) / expected)
    return pl.Series("rarity", np.minimum(rarity, MAX_RARITY), pl.Float64)


@lru_cache(maxsize=1)
def _common_shares() -> dict[str, float]:
    shares: dict[str, float] = json.loads(COMMON_FEATURES.read_text())
    return shares


def _occurrences(
    story_features: pl.LazyFrame, numbered: pl.LazyFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return `document, code, place, rarity, times`, by document and feature."""
    return (
        story_features.select("doc_id", feature="features", place="places")
        .explode("feature", "place")
        .join(names.lazy().select("feature", "code", "rarity"), on="feature")
        .join(numbered, on="doc_id")
        .select("document", "code", "place", "rarity")
        .with_columns(times=pl.len().over("document", "code"))
        .sort("document", "code", "place")
        .collect()
    )


def _norms(
    story_features: pl.LazyFrame, numbered: pl.LazyFrame, known: pl.DataFrame, documents: int
) -> Floats:
    """Return the sums of squared rarities; of integers, so that no order plays a part."""
    squared = known.lazy().select("feature", "group", squared=_thousandths("rarity") ** 2)
    sums = (
        story_features.select("doc_id", feature=pl.col("features").list.unique())
        .explode("feature")
        .join(squared, on="feature")
        .join(numbered, on="doc_id")
        .group_by("document", "group")
        .agg(pl.col("squared").sum())
        .collect(engine="streaming")
    )
    norms = np.zeros((documents, GROUP_COUNT))
    norms[sums["document"].to_numpy(), sums["group"].to_numpy()] = sums["squared"].to_numpy() / 1e6
    return norms


def _thousandths(column: str) -> pl.Expr:
    return (pl.col(column) * 1000).round().cast(pl.Int64)
