"""Find documents that stand within a longer one: a teaser in its article, a quotation.

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
import scipy

from expectations.working_tables import CLEAN_DOCUMENTS, CONTAINMENTS, DUPLICATES, SIGNATURES
from tasks.copies.find_duplicates import Indices, by_rank
from tasks.copies.find_novelties import texts_of
from tasks.copies.shingles import Hashes, ShingleWidths, normalised, shingle_hashes
from tasks.copies.sign import FINGERPRINT, read_fingerprints
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage

#: Documents that share a fingerprint and are still compared.
MOST_HOLDERS = 64
#: Fingerprints looked up at once: some 40 bytes each while they are sorted.
FINGERPRINTS_AT_ONCE = 2_000_000
#: Documents whose candidates are counted at once.
DOCUMENTS_AT_ONCE = 2_048
#: Longer documents that a shorter one is verified against.
CANDIDATES = 3
#: Least share of its fingerprints that a candidate has in common: an excerpt has all of them,
#: and a third if a tenth of its tokens is changed.
MIN_SHARED = 0.2
#: Pairs whose texts are in memory at once.
PAIRS_AT_ONCE = 5_000
_SHARED = {"inner": pl.Int64, "outer": pl.Int64, "shared": pl.Int64}


@stage(
    reads=[
        SIGNATURES.only("doc_id", "source_uri", "text_chars", "fingerprints"),
        DUPLICATES.only("doc_id"),
        CLEAN_DOCUMENTS.only("doc_id", "text"),
    ],
    writes=[CONTAINMENTS],
    packages=["regex", "rensa", "scipy"],
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
    counts = pl.Series(fingerprints.bin.size() // FINGERPRINT.itemsize, dtype=pl.Int64)
    holders = _holders(fingerprints, counts.to_numpy())
    shared = [_shared(holders, start) for start in range(0, len(counts), DOCUMENTS_AT_ONCE)]
    pairs = pl.concat(shared) if shared else pl.DataFrame(schema=_SHARED)
    return (
        pairs.filter(pl.col("shared") >= MIN_SHARED * counts.gather(pairs["inner"]))
        .sort("inner", "shared", "outer", descending=[False, True, False])
        .group_by("inner", maintain_order=True)
        .head(CANDIDATES)
        .select("inner", "outer")
    )


def _shared(holders: "scipy.sparse.csr_array", start: int) -> pl.DataFrame:
    """Return `inner, outer, shared` of some documents and the longer ones, which come before."""
    rows = holders[start : start + DOCUMENTS_AT_ONCE]
    product = (rows @ holders[: start + rows.shape[0]].T).tocoo()
    comes_before = product.col < product.row + start
    pairs = {"inner": product.row + start, "outer": product.col, "shared": product.data}
    return pl.DataFrame({name: values[comes_before] for name, values in pairs.items()}, _SHARED)


def _holders(fingerprints: pl.Series, counts: Indices) -> "scipy.sparse.csr_array":
    """Return documents by the fingerprints that several have and not too many: 1 for each."""
    values = read_fingerprints(b"".join(fingerprints))
    owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    slices = 1 + len(values) // FINGERPRINTS_AT_ONCE
    width = 0
    rows, columns = [owners[:0]], [owners[:0]]
    for remainder in range(slices):
        chosen = np.flatnonzero(values % slices == remainder)
        grouped = chosen[np.argsort(values[chosen], kind="stable")]
        begins = np.diff(values[grouped].astype(np.int64), prepend=-1) != 0
        sizes = np.bincount(np.cumsum(begins) - 1)
        is_kept = (sizes > 1) & (sizes <= MOST_HOLDERS)
        rows.append(owners[grouped[np.repeat(is_kept, sizes)]])
        columns.append(
            np.repeat(np.arange(width, width + is_kept.sum(), dtype=np.int32), sizes[is_kept])
        )
        width += int(is_kept.sum())
    held = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(held[0]), np.int32)
    return scipy.sparse.csr_array((ones, held), shape=(len(counts), width))


def _slices(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the pairs in parts, those of one longer document together."""
    return pairs.sort("outer", "doc_id").iter_slices(PAIRS_AT_ONCE)


def _with_shares(
    pairs: pl.DataFrame, clean_documents: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Add `contained_share`, of the texts themselves."""
    texts = texts_of(pairs, "contained_in", clean_documents)
    shingles = {doc_id: _shingles(text, settings) for doc_id, text in texts.items()}
    shares = [
        float(np.isin(shingles[inner], shingles[outer], assume_unique=True).mean())
        for inner, outer in pairs.select("doc_id", "contained_in").iter_rows()
    ]
    return pairs.with_columns(pl.Series("contained_share", shares, pl.Float64))


def _shingles(text: str, settings: DuplicateSettings) -> Hashes:
    widths = ShingleWidths(settings.tokens_per_shingle, settings.complex_letters_per_shingle)
    read = normalised(text)[: settings.max_compared_chars]
    return np.unique(shingle_hashes([read], widths)[0])
