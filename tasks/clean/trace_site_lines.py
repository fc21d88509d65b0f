"""Trace the lines of documents: which site they stand in, and a hash of each line.

Reads raw_documents, page_metadata and cut_segments; writes line_traces. What is counted over
a whole corpus are these hashes, never the text.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import CUT_SEGMENTS, LINE_TRACES, PAGE_METADATA
from tasks.clean.folding import fold
from tasks.copies.shingles import ShingleWidths, normalised, shingle_hashes
from tasks.steps.stage import stage
from tasks.writing.characters import batches, table_of_patterns
from tasks.writing.measures import widths

#: The host of an address, without what is said of the user, the port and `www.`.
_HOST = r"(?i)^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(?:www\.)?(\[[^\]/?#]*\]|[^/?#:\[]+)"
#: What a line is counted by, and of it what it must have.
_KINDS = table_of_patterns((r"[\p{M}\p{N}]", r"\p{L}"))
_LETTER = 2
#: 64 bits: of a site of a hundred million different lines, two agree with a chance of 1 in 3,700.
_HASH_BYTES = 8
#: Shingles as copies are found by (`DuplicateSettings`), in the beginning of a line.
_SHINGLE = ShingleWidths(tokens=3, complex_letters=6)
_HASHED_CHARS = 2000
#: Hashing takes some 60 bytes a character: 8 MB.
_CHARS_AT_ONCE = 1 << 17


@stage(
    reads=[
        RAW_DOCUMENTS.only("doc_id", "url", "site"),
        PAGE_METADATA.only("doc_id", "canonical_url", "site"),
        CUT_SEGMENTS.only("doc_id", "segment_index", "text", "kept", "reason"),
    ],
    writes=[LINE_TRACES],
    packages=["babel", "regex"],
)
def trace_site_lines(
    raw_documents: pl.DataFrame, page_metadata: pl.DataFrame, cut_segments: pl.DataFrame
) -> pl.DataFrame:
    """Trace the lines of the documents that name their site, those dropped as chrome, too.

    What is plainly chrome in most documents is chrome in those, too, where it was in doubt.

    Args:
        raw_documents: Some documents; `doc_id`, `url` and `site` are read.
        page_metadata: What their markup says, one row per document.
        cut_segments: Their segments, in any order.

    Returns:
        `line_traces`, sorted by `doc_id`: one row per document with a site and a kept line
        that has letters. A row depends on the rows of its document only.
    """
    seen = cut_segments.filter(pl.col("kept") | (pl.col("reason") == "chrome"))
    seen = seen.join(_sites(raw_documents, page_metadata), on="doc_id")
    texts = seen["text"].to_list()
    lines = seen.select(
        "doc_id",
        "site",
        pl.col("segment_index").alias("segment_indexes"),
        pl.Series("line_hashes", line_hashes(texts), pl.Int64),
        _smallest_shingles(texts).alias("shingle_hashes"),
        (widths(seen["text"]) * seen["kept"]).alias("widths"),
    )
    return (
        lines.drop_nulls("line_hashes")
        .sort("doc_id", "segment_indexes")
        .group_by("doc_id", "site", maintain_order=True)
        .all()
        .filter(pl.col("widths").list.max() > 0)
        .select(LINE_TRACES.column_names)
    )


def _sites(raw_documents: pl.DataFrame, page_metadata: pl.DataFrame) -> pl.DataFrame:
    """Return `doc_id, site` of the documents that have one."""
    records = raw_documents.select("doc_id", "url", "site")
    known = records.join(page_metadata, on="doc_id", how="left", suffix="_of_page")
    hosts = [pl.col(name).str.extract(_HOST) for name in ("url", "canonical_url")]
    names = [pl.col(name).str.strip_chars() for name in ("site", "site_of_page")]
    site = pl.coalesce(*hosts, *names).str.to_lowercase().str.strip_chars_end(".")
    return known.select("doc_id", site=site).filter(pl.col("site").str.len_bytes() > 0)


def line_hash(text: str) -> int | None:
    """Return what a line is counted by, as `line_hashes` does."""
    return next(line_hashes([text]))


def line_hashes(texts: Sequence[str]) -> Iterator[int | None]:
    """Yield what each line is counted by, whatever its bullets, spaces and case.

    None: it has no letter. A row of figures may recur, and is no chrome for that.
    """
    for batch in batches(map(len, texts)):
        lines = fold(texts[batch])
        kinds = _KINDS[lines.points]
        kept = kinds > 0
        letters = lines.points[kept].tobytes().decode("utf-32-le")
        ends, letters_before = (
            np.concatenate(([0], np.cumsum(flags)))[lines.bounds].tolist()
            for flags in (kept, kinds == _LETTER)
        )
        for line, (first, last) in zip(pairwise(ends), pairwise(letters_before), strict=True):
            yield None if first == last else _hash(letters[slice(*line)])


def _hash(letters: str) -> int:
    digest = hashlib.blake2b(letters.encode(), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)


def _smallest_shingles(texts: list[str]) -> pl.Series:
    """Return the smallest hash of the shingles of each line; null: it has too few words."""
    begun = [text[:_HASHED_CHARS] for text in texts]
    found = [pl.Series(dtype=pl.Int64())]
    for batch in batches(map(len, begun), _CHARS_AT_ONCE):
        hashes, offsets = shingle_hashes([normalised(text) for text in begun[batch]], _SHINGLE)
        smallest = np.zeros(len(offsets) - 1, np.int64)
        has_some = np.diff(offsets) > 0
        if has_some.any():
            signed = hashes.view(np.int64)
            smallest[has_some] = np.minimum.reduceat(signed, offsets[:-1][has_some])
        found.append(pl.select(pl.when(pl.Series(has_some)).then(pl.Series(smallest))).to_series())
    return pl.concat(found)
