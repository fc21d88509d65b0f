"""Find the versions of a page that was fetched several times.

Reads `signatures` and `raw_documents`, writes `versions`.

1. Documents of one `url` and one `format` that say when they were fetched are those of a page, in
   the order of fetching; as long as the text stays the same, it is one version.
2. Two texts of one moment show that the address names a place where many texts stand (a thread, an
   author's page): none of them is a version of another.
3. What is no page itself, but a record that names an address (a line of JSON, a row, a feed's
   entry), must also be like the version before it, as near copies are: some records name the page
   that they stand on.

The version that was fetched last is the current one. Versions are no near copies of each other:
only the current one is compared with other pages (`tasks.copies.find_duplicates`). A page that says
again what it said before has a third version.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import SIGNATURES, VERSIONS
from tasks.copies.find_duplicates import similarity
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage

#: Formats whose records are pages, whatever their markup (docs/ingest.md).
_PAGE_FORMATS = ("html", "mhtml", "warc")
_PAGE = ("url", "format")


@stage(
    reads=[
        SIGNATURES.only("doc_id", "source_uri", "exact_sha256", "minhash"),
        RAW_DOCUMENTS.only("doc_id", "url", "fetched_at", "format"),
    ],
    writes=[VERSIONS],
    packages=["regex", "scipy"],
    whole=True,
)
def find_versions(
    signatures: pl.LazyFrame, raw_documents: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Find the versions of each page that was fetched several times.

    Args:
        signatures: All of `signatures`, in any order.
        raw_documents: All of `raw_documents`; `doc_id, url, fetched_at, format` are read.
        settings: How alike two versions of a record are that is no page.

    Returns:
        `versions`, sorted by `doc_id`: a row for each document whose page was fetched several
        times, also where it said the same each time. No such page: no rows.
    """
    fetched = raw_documents.select("doc_id", *_PAGE, "fetched_at").drop_nulls()
    pages = (
        signatures.join(fetched, on="doc_id")
        .filter(pl.len().over(_PAGE) > 1)
        .with_columns(texts=pl.col("exact_sha256").n_unique().over(*_PAGE, "fetched_at"))
        .filter(pl.col("texts").max().over(_PAGE) == 1)
        .sort(*_PAGE, "fetched_at", "source_uri", "doc_id")
        .collect()
    )
    pages = pages.with_columns(
        is_changed=_differs_from_the_last(pages), is_alike=_is_like_the_last(pages, settings)
    )
    is_page = pl.col("format").is_in(_PAGE_FORMATS)
    are_alike = (~pl.col("is_changed") | pl.col("is_alike")).all().over(_PAGE)
    pages = pages.filter(is_page | are_alike)
    return _as_versions(pages.with_columns(version=pl.col("is_changed").cum_sum()))


def _differs_from_the_last(pages: pl.DataFrame) -> pl.Series:
    """Tell which rows begin a version: the first of a page, and those whose text changed."""
    is_other = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(name).shift()) for name in (*_PAGE, "exact_sha256")
    )
    return pages.select(is_other).to_series()


def _is_like_the_last(pages: pl.DataFrame, settings: DuplicateSettings) -> pl.Series:
    """Tell which rows are like the row before, of whatever page; the first of a page counts so."""
    is_first = pages.select(pl.struct(_PAGE).ne_missing(pl.struct(_PAGE).shift())).to_series()
    is_signed = pages["minhash"].bin.size() == settings.num_permutations
    both = (is_signed & is_signed.shift(fill_value=False)).to_numpy()
    here = np.flatnonzero(both)
    alike: npt.NDArray[np.bool_] = np.zeros(len(pages), bool)
    signed = np.frombuffer(b"".join(pages["minhash"].filter(is_signed)), np.uint8)
    places = np.cumsum(is_signed.to_numpy()) - 1
    rows = signed.reshape(-1, settings.num_permutations)
    likeness = similarity(rows, places[here - 1], places[here])
    alike[here] = likeness >= settings.min_similarity
    return is_first | pl.Series(alike)


def _as_versions(pages: pl.DataFrame) -> pl.DataFrame:
    """Link each document with the first of the version before, and of the last of its page."""
    heads = pages.unique("version", keep="first", maintain_order=True).select(
        *_PAGE, "version", head="doc_id", before=pl.col("doc_id").shift().over(_PAGE)
    )
    last = heads.group_by(_PAGE).agg(
        current=pl.col("head").last(), last_version=pl.col("version").last()
    )
    return (
        pages.join(heads.select("version", version_of="before"), on="version")
        .join(last, on=_PAGE)
        .with_columns(
            superseded_by=pl.when(pl.col("version") < pl.col("last_version")).then("current"),
            first_fetched_at=pl.col("fetched_at").min().over(_PAGE),
        )
        .select(VERSIONS.column_names)
        .sort("doc_id")
    )
