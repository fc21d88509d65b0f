"""Find lines that recur over a site.

Reads line_traces; writes site_lines.

A line recurs if it stands in enough documents of its site, of which copies count as one: those
that agree on the smallest hash of the shingles of their own lines (MinHash, Broder 1997), which
are those that few documents have. So ten crawls of an article, or ten versions of it, do not make
its sentences recur.

Sites are counted one batch after the other, so that memory does not grow with the corpus but with
its largest site.
"""

from collections.abc import Iterator

import polars as pl

from expectations.working_tables import LINE_TRACES, SITE_LINES
from tasks.settings import SiteSettings
from tasks.steps.stage import stage

#: Lines that are held at once, where sites are smaller: a million take 100 to 200 MiB and
#: a second (`benchmarks.site_lines`).
BATCH_LINES = 10_000_000


@stage(
    reads=[LINE_TRACES],
    writes=[SITE_LINES],
    whole=True,
)
def find_site_lines(line_traces: pl.LazyFrame, settings: SiteSettings) -> pl.DataFrame:
    """Find the lines that recur over the sites of a corpus.

    Args:
        line_traces: The traces of all documents, in any order.
        settings: How often a line must recur.

    Returns:
        `site_lines`, sorted by key: the kept segments that hold such a line. Those of a site
        depend on the documents of this site only.
    """
    found = [
        _recurring(line_traces.filter(pl.col("site").is_in(sites)), settings)
        for sites in _batches(line_traces, settings)
    ]
    return pl.concat([SITE_LINES.empty(), *found]).sort(SITE_LINES.key)


def _batches(line_traces: pl.LazyFrame, settings: SiteSettings) -> Iterator[list[str]]:
    """Yield the sites that have enough documents, as many at once as may be held."""
    sites = (
        line_traces.group_by("site")
        .agg(documents=pl.len(), lines=pl.col("line_hashes").list.len().sum())
        .filter(pl.col("documents") >= settings.min_documents)
        .sort("site")
        .collect(engine="streaming")
    )
    batch = (pl.col("lines").cast(pl.Int64).cum_sum() - 1) // BATCH_LINES
    for _, together in sites.group_by(batch, maintain_order=True):
        yield together["site"].to_list()


def _recurring(traces: pl.LazyFrame, settings: SiteSettings) -> pl.DataFrame:
    """Return rows of `site_lines` for some sites."""
    documents = traces.collect(engine="streaming").with_row_index("document")
    lines = documents.select(
        "document",
        pl.col("site").rank("dense").cast(pl.UInt32),
        segment_index="segment_indexes",
        line="line_hashes",
        shingle="shingle_hashes",
        width="widths",
    ).explode("segment_index", "line", "shingle", "width")
    return (
        lines.filter(pl.col("width") > 0)
        .join(_recurring_lines(lines, settings), on=["site", "line"])
        .join(documents.select("document", "doc_id"), on="document")
        .select(SITE_LINES.column_names)
    )


def _recurring_lines(lines: pl.DataFrame, settings: SiteSettings) -> pl.DataFrame:
    """Return `site, line, is_usual` of the lines that enough different documents have."""
    often = lines.group_by("site", "line").len().filter(pl.col("len") >= settings.min_documents)
    bodies = _bodies(lines, lines.join(often, on=["site", "line"], how="anti"))
    counts = _different(lines.join(often, on=["site", "line"], how="semi"), bodies, "site", "line")
    sites = _different(lines.unique("document"), bodies, "site")
    share = pl.col("different") / pl.col("different_of_site")
    return (
        counts.join(sites, on="site", suffix="_of_site")
        .filter(pl.col("different") >= settings.min_documents, share >= settings.min_share)
        .select("site", "line", is_usual=share >= settings.min_usual_share)
    )


def _bodies(lines: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return `document, body`, which copies have in common.

    Args:
        lines: All lines of the documents.
        own: Those that few documents have. They stand for a document if they are half of it.
    """
    sums = pl.col("shingle").filter(pl.col("width") > 0).min(), pl.col("width").sum()
    every = lines.group_by("document").agg(*sums)
    known = every.join(
        own.group_by("document").agg(*sums), on="document", how="left", suffix="_own"
    )
    is_own = 2 * pl.col("width_own").fill_null(0) >= pl.col("width")
    return known.select("document", body=pl.when(is_own).then("shingle_own").otherwise("shingle"))


def _different(lines: pl.DataFrame, bodies: pl.DataFrame, *groups: str) -> pl.DataFrame:
    """Return how many documents each group of lines is of, copies counting as one."""
    of_bodies = lines.join(bodies, on="document").group_by(*groups)
    return of_bodies.agg(different=pl.col("body").n_unique())
