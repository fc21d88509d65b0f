"""Find contained documents: a teaser in its article, a quotation in what quotes it.

Reads `signatures`, `duplicates` and `clean_documents`; writes `containments`.

1. Duplicates are left out: their representatives stand for them.
2. Documents that share a fingerprint are candidates, the shorter within the longer. A
   fingerprint of more than `MOST_HOLDERS` documents is a phrase of the language or of a site
   and leads nowhere, so that the cost is linear in the number of fingerprints.
3. The few candidates that share most are verified on the texts: the share of the distinct
   shingles of the shorter that stand in the longer (containment, Broder 1997).

Documents go by rank as in `tasks.copies.find_duplicates`, so the order of rows plays no part.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from expectations.working_tables import CLEAN_DOCUMENTS, CONTAINMENTS, DUPLICATES, SIGNATURES
from tasks.copies.find_duplicates import Indices, by_rank
from tasks.copies.fingerprints import read_fingerprints
from tasks.copies.shingles import Hashes, ShingleWidths, normalised, shingle_hashes
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage

#: Documents that share a fingerprint and are still compared.
MOST_HOLDERS = 64
#: Fingerprints looked up at once: 16 bytes each while they are sorted.
FINGERPRINTS_AT_ONCE = 8_000_000
#: Longer documents that a shorter one is verified against.
CANDIDATES = 3
#: Least share of its fingerprints that a candidate has in common: an excerpt has all of them,
#: and a third if a tenth of its tokens is changed.
MIN_SHARED = 0.2
#: Pairs whose texts are in memory at once.
PAIRS_AT_ONCE = 5_000


@stage(
    reads=[SIGNATURES, DUPLICATES, CLEAN_DOCUMENTS.only("doc_id", "text")],
    writes=[CONTAINMENTS],
    whole=True,
)
def find_contained(
    signatures: pl.LazyFrame,
    duplicates: pl.LazyFrame,
    clean_documents: pl.LazyFrame,
    settings: DuplicateSettings,
) -> pl.DataFrame:
    """Find the documents that stand nearly whole within a longer one.

    Args:
        signatures: All of `signatures`, in any order.
        duplicates: All of `duplicates`.
        clean_documents: All of `clean_documents`; only `doc_id` and `text` are read.
        settings: Shingle widths and the least share.

    Returns:
        `containments`, sorted by `doc_id`: a row for each contained document, with the longer
        one that holds most of it (ties: the longest).
    """
    known = signatures.join(duplicates, on="doc_id", how="anti")
    ranked = by_rank(known).select("doc_id", "fingerprints").collect()
    pairs = _candidates(ranked["fingerprints"])
    doc_ids = ranked["doc_id"]
    named = pairs.select(
        "outer", doc_id=doc_ids.gather(pairs["inner"]), contained_in=doc_ids.gather(pairs["outer"])
    )
    verified = [_with_shares(part, clean_documents, settings) for part in _slices(named)]
    return (
        pl.concat([named.clear().with_columns(contained_share=pl.lit(0.0)), *verified])
        .filter(pl.col("contained_share") >= settings.min_contained_share)
        .sort("doc_id", "contained_share", "outer", descending=[False, True, False])
        .unique("doc_id", keep="first", maintain_order=True)
        .select(CONTAINMENTS.column_names)
    )


def _candidates(fingerprints: pl.Series) -> pl.DataFrame:
    """Return `inner, outer`: for each document the longer ones that share most with it."""
    counts = (fingerprints.bin.size() // 4).to_numpy().astype(np.int64)
    values = read_fingerprints(b"".join(fingerprints))
    owners = np.repeat(np.arange(len(counts)), counts)
    slices = 1 + len(values) // FINGERPRINTS_AT_ONCE
    shared = [
        _counted(*_holders(values[chosen], owners[chosen]))
        for chosen in (values % slices == place for place in range(slices))
    ]
    sums = pl.concat(shared).group_by("inner", "outer").agg(pl.col("shared").sum())
    enough = pl.col("shared") >= MIN_SHARED * pl.Series(counts).gather(sums["inner"])
    return (
        sums.filter(enough)
        .sort("inner", "shared", "outer", descending=[False, True, False])
        .group_by("inner", maintain_order=True)
        .head(CANDIDATES)
        .select("inner", "outer")
    )


def _counted(outer: Indices, inner: Indices) -> pl.DataFrame:
    pairs = pl.DataFrame({"inner": inner, "outer": outer})
    return pairs.group_by("inner", "outer").agg(shared=pl.len())


def _holders(values: Indices, owners: Indices) -> tuple[Indices, Indices]:
    """Return the pairs of documents that share a fingerprint, the longer one first."""
    order = np.argsort(values, kind="stable")
    grouped, held_by = values[order], owners[order]
    begins = np.concatenate((np.ones(1, bool), grouped[1:] != grouped[:-1]))[: len(grouped)]
    sizes = np.bincount(np.cumsum(begins) - 1)
    is_rare = np.repeat(sizes <= MOST_HOLDERS, sizes)
    grouped, held_by = grouped[is_rare], held_by[is_rare]
    outer, inner = [held_by[:0]], [held_by[:0]]
    places = np.arange(len(grouped))
    for step in range(1, MOST_HOLDERS):
        places = places[places < len(grouped) - step]
        places = places[grouped[places] == grouped[places + step]]
        outer.append(held_by[places])
        inner.append(held_by[places + step])
    return np.concatenate(outer), np.concatenate(inner)


def _slices(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the pairs in parts, those of one longer document together."""
    return pairs.sort("outer", "doc_id").iter_slices(PAIRS_AT_ONCE)


def _with_shares(
    pairs: pl.DataFrame, clean_documents: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Add `contained_share`, of the texts themselves."""
    named = pl.concat([pairs["doc_id"], pairs["contained_in"]]).unique().to_frame("doc_id")
    texts = (
        clean_documents.select("doc_id", "text")
        .join(named.lazy(), on="doc_id", how="semi")
        .collect(engine="streaming")
    )
    shingles = {doc_id: _shingles(text, settings) for doc_id, text in texts.iter_rows()}
    shares = [
        float(np.isin(shingles[inner], shingles[outer], assume_unique=True).mean())
        for inner, outer in pairs.select("doc_id", "contained_in").iter_rows()
    ]
    return pairs.with_columns(pl.Series("contained_share", shares, pl.Float64))


def _shingles(text: str, settings: DuplicateSettings) -> Hashes:
    widths = ShingleWidths(settings.tokens_per_shingle, settings.complex_letters_per_shingle)
    read = normalised(text)[: settings.max_compared_chars]
    return np.unique(shingle_hashes([read], widths)[0])
