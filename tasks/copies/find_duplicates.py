"""Find the documents that repeat another, exactly or nearly.

Reads `signatures` and `versions`, writes `duplicates`.

0. A version of a page that a later one supersedes is no copy of anything: what represents the later
   one stands for it, too.
1. Documents are ranked (longest first), and all that follows goes by rank, so the order
   of the rows in the input plays no part.
2. Documents with one `exact_sha256` become one.
3. Signatures are cut into bands; documents that agree on a band are candidates (locality
   sensitive hashing, Indyk and Motwani 1998). In a band each document is compared with
   its next few by rank and with the first only, so that ten thousand copies of one page
   cost ten thousand comparisons, not fifty million; those left out meet through others.
4. Candidates whose estimated similarity reaches `min_similarity` are linked, unless one is so
   much shorter (`min_length_ratio`) that it is an excerpt: `tasks.copies.find_contained` finds it;
   or they state other numbers or names (`min_shared_facts`): reports of one template.
5. Linked documents form a component; its best-ranked document represents it. A chain of
   links can lead far away (A like B, B like C, A unlike C), so a member must itself be
   somewhat like the representative (`min_representative_similarity`), no excerpt of it and no
   other report of its template;
   those that are not get a representative among themselves, in the same way, until none is
   left. The lower bound leaves room for two copies that each lost a tenth of the original.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from expectations.working_tables import DUPLICATES, SIGNATURES, SUPERSEDED, VERSIONS
from tasks.copies.facts import fact_rows, shared_facts
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage

Signatures = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]

# How many of its next by rank a document is compared with inside a band. Copies are of
# nearly one length, hence neighbours by rank, even when strangers share their band.
NEIGHBOURS = 3
# Pairs compared at once: some 16 MB for each side at 256 bytes a signature.
PAIRS_AT_ONCE = 65_536
# How often two bytes agree that have nothing to do with each other.
CHANCE = 1 / 256


@dataclass(frozen=True)
class _Documents:
    """Documents by rank: a row of bytes and one of facts each, and the length of the text."""

    signatures: Signatures
    facts: npt.NDArray[np.uint32]
    text_chars: Indices


@stage(
    reads=[
        SIGNATURES.only("doc_id", "source_uri", "text_chars", "exact_sha256", "minhash", "facts"),
        VERSIONS.only("doc_id", "superseded_by"),
    ],
    writes=[DUPLICATES],
    packages=["regex", "scipy"],
    whole=True,
)
def find_duplicates(
    signatures: pl.LazyFrame, versions: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Find the documents that repeat another, exactly or nearly, or are earlier versions of one.

    Args:
        signatures: All of `signatures`, in any order.
        versions: All of `versions`.
        settings: Bands and thresholds.

    Returns:
        `duplicates`, sorted by `doc_id`: a row for each document but the representatives.

    Raises:
        ValueError: A signature is not of `num_permutations` bytes.
    """
    superseded = versions.filter(pl.col("superseded_by").is_not_null()).collect()
    ranked = _ranked(signatures.join(superseded.lazy(), on="doc_id", how="anti")).collect()
    signed = ranked.filter(pl.col("rank") == pl.col("first"), pl.col("minhash").bin.size() > 0)
    leaders = _leaders(_documents(signed, settings.num_permutations), settings)
    led = signed.select(first="rank", leader=signed["rank"].gather(leaders))
    members = ranked.drop("minhash", "facts").join(
        led, on="first", how="left", maintain_order="left"
    )
    members = members.with_columns(pl.col("leader").fill_null(pl.col("first")))
    duplicates = _as_duplicates(members)
    return pl.concat([duplicates, _stood_for(superseded, duplicates)]).sort("doc_id")


def by_rank(signatures: pl.LazyFrame) -> pl.LazyFrame:
    """Sort the longest texts first, then by address: of two, the first may represent the other."""
    return signatures.sort("text_chars", "source_uri", "doc_id", descending=[True, False, False])


def _ranked(signatures: pl.LazyFrame) -> pl.LazyFrame:
    """Rank the documents, and name the first of each exact text."""
    return (
        by_rank(signatures)
        .with_columns(rank=pl.int_range(pl.len()))
        .select(
            "rank",
            pl.col("rank").min().over("exact_sha256").alias("first"),
            "doc_id",
            "exact_sha256",
            "minhash",
            "facts",
            "text_chars",
        )
    )


def _as_duplicates(members: pl.DataFrame) -> pl.DataFrame:
    leaders = members.select(pl.col("doc_id", "exact_sha256").gather(pl.col("leader")))
    same_text = members["exact_sha256"] == leaders["exact_sha256"]
    return (
        members.select(
            "doc_id",
            "rank",
            "leader",
            duplicate_of=leaders["doc_id"],
            duplicate_kind=pl.when(same_text).then(pl.lit("exact")).otherwise(pl.lit("near")),
        )
        .filter(pl.col("rank") != pl.col("leader"))
        .select(DUPLICATES.column_names)
    )


def _stood_for(superseded: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    """Return superseded versions as DUPLICATES: of their current version, or what that repeats."""
    current = duplicates.select(superseded_by="doc_id", repeated="duplicate_of")
    return superseded.join(current, on="superseded_by", how="left").select(
        "doc_id",
        duplicate_of=pl.coalesce("repeated", "superseded_by"),
        duplicate_kind=pl.lit(SUPERSEDED),
    )


def _documents(ranked: pl.DataFrame, num_permutations: int) -> _Documents:
    minhashes = ranked["minhash"]
    if (minhashes.bin.size() != num_permutations).any():
        raise ValueError(
            f"a signature is not of duplicates.num_permutations = {num_permutations} bytes: "
            "sign the documents again with these settings"
        )
    signatures = np.frombuffer(b"".join(minhashes), np.uint8)
    return _Documents(
        signatures.reshape(len(minhashes), num_permutations),
        fact_rows(ranked["facts"].to_list()),
        ranked["text_chars"].to_numpy(),
    )


def _leaders(documents: _Documents, settings: DuplicateSettings) -> Indices:
    """Return the representative of each document."""
    components = _components(documents, settings)
    leaders = np.arange(len(components))
    sizes = np.bincount(components, minlength=len(components))
    pending = np.flatnonzero(sizes[components] > 1)
    pending = pending[np.argsort(components[pending], kind="stable")]
    while len(pending):
        first = _group_starts(components[pending])
        leader = pending[first]
        near = _are_copies(
            documents, pending, leader, settings.min_representative_similarity, settings
        )
        shares = shared_facts(documents.facts, pending, leader)
        near &= shares >= settings.min_shared_facts
        leaders[pending[near]] = leader[near]
        pending = pending[~near]
    return leaders


def _components(documents: _Documents, settings: DuplicateSettings) -> Indices:
    """Label each document with the component that its links put it in."""
    labels = np.arange(len(documents.signatures))
    for keys in _band_keys(documents.signatures, settings.permutations_per_band):
        left, right = _candidates(keys)
        apart = labels[left] != labels[right]
        left, right = left[apart], right[apart]
        linked = _are_copies(documents, left, right, settings.min_similarity, settings)
        left, right = left[linked], right[linked]
        same = _state_the_same(documents, left, right, settings)
        if same.any():
            labels = _merged(labels, left[same], right[same])
    return labels


def _are_copies(
    documents: _Documents,
    left: Indices,
    right: Indices,
    min_similarity: float,
    settings: DuplicateSettings,
) -> npt.NDArray[np.bool_]:
    """Tell which pairs are alike, and neither an excerpt of the other.

    Of two texts that do not repeat themselves, the similarity cannot exceed the ratio of the
    lengths: where it does, the longer text says the same several times.
    """
    alike = similarity(documents.signatures, left, right)
    lengths = documents.text_chars[left], documents.text_chars[right]
    ratio = np.minimum(*lengths) / np.maximum(*lengths)
    return (alike >= min_similarity) & (np.maximum(alike, ratio) >= settings.min_length_ratio)


def _state_the_same(
    documents: _Documents, left: Indices, right: Indices, settings: DuplicateSettings
) -> npt.NDArray[np.bool_]:
    """Tell which pairs are no two reports of one template: the less alike, the more they share."""
    alike = similarity(documents.signatures, left, right)
    shares = shared_facts(documents.facts, left, right)
    enough = shares + settings.similarity_weight * alike >= settings.min_facts_and_similarity
    return enough & (shares >= settings.min_shared_facts)


def _band_keys(signatures: Signatures, width: int) -> Iterator[npt.NDArray[np.uint64]]:
    count, length = signatures.shape
    for start in range(0, length - width + 1, width):
        padded = np.zeros((count, 8), np.uint8)
        padded[:, :width] = signatures[:, start : start + width]
        yield padded.view("<u8")[:, 0]


def _candidates(keys: npt.NDArray[np.uint64]) -> tuple[Indices, Indices]:
    """Return pairs of one key: each with its next few, and with the first of them all."""
    order = np.argsort(keys, kind="stable")
    grouped = keys[order]
    pairs = [(order[_group_starts(grouped)], order)]
    for step in range(1, NEIGHBOURS + 1):
        same = grouped[:-step] == grouped[step:]
        pairs.append((order[:-step][same], order[step:][same]))
    left = np.concatenate([pair[0] for pair in pairs])
    right = np.concatenate([pair[1] for pair in pairs])
    return left, right


def _group_starts(grouped: npt.NDArray[np.generic]) -> Indices:
    """Return for each position in a sequence of runs the position where its run begins."""
    positions = np.arange(len(grouped))
    begins = np.concatenate((np.ones(1, bool), grouped[1:] != grouped[:-1]))[: len(grouped)]
    return np.maximum.accumulate(np.where(begins, positions, 0))


def _merged(labels: Indices, left: Indices, right: Indices) -> Indices:
    links = (np.ones(len(left), bool), (labels[left], labels[right]))
    graph = scipy.sparse.coo_array(links, shape=(len(labels), len(labels)))
    _, components = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return components[labels].astype(np.int64)


def similarity(signatures: Signatures, left: Indices, right: Indices) -> npt.NDArray[np.float64]:
    """Estimate the Jaccard similarity of pairs of documents from their signatures.

    Args:
        signatures: One row of bytes per document.
        left: Rows, one per pair.
        right: The other rows, of the same shape.

    Returns:
        A float per pair, at most 1; a little below 0 where fewer bytes agree than chance
        has it.
    """
    agreeing = np.empty(len(left), np.float64)
    for start in range(0, len(left), PAIRS_AT_ONCE):
        pairs = slice(start, start + PAIRS_AT_ONCE)
        agreeing[pairs] = (signatures[left[pairs]] == signatures[right[pairs]]).sum(axis=1)
    share: npt.NDArray[np.float64] = agreeing / signatures.shape[1]
    return (share - CHANCE) / (1 - CHANCE)
