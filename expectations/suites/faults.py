"""Say which faults of reading and cleaning a program can see in a document.

Each is one that readers of published tables found in some corpus. A sound source can have a few:
a manual that shows HTML, a poem, a list; so all but the dates only warn.
"""

from dataclasses import replace
from functools import partial

import polars as pl

from expectations.moments import LATEST
from expectations.suites import damage
from expectations.suites.expectation import Expectation, Frames, Thresholds, holds, within

#: How much later than it was fetched a page may say that it was published: a zone left out.
_MOST_AHEAD = pl.duration(days=1)


def with_faults(documents: pl.LazyFrame, frames: Frames) -> pl.LazyFrame:
    """Add what `fault_expectations` compare.

    Args:
        documents: Rows of `documents`.
        frames: The tables they come from; `raw_documents` is read.
    """
    text = pl.col("text")
    return documents.join(_titled(frames), on="doc_id", how="left").with_columns(
        markup_share=damage.markup_share(text),
        line_count=text.str.count_matches("\n", literal=True) + 1,
        words_per_line=damage.words_per_line(text, pl.col("word_count")),
        letters=pl.col("letter_share").fill_null(0.0) * pl.col("text_chars"),
    )


def _titled(frames: Frames) -> pl.LazyFrame:
    """Return the documents without a title whose page has one."""
    untitled = frames["documents"].filter(pl.col("title").is_null()).select("doc_id")
    pages = frames["raw_documents"].filter("is_markup").join(untitled, on="doc_id", how="semi")
    titled = pages.filter(damage.has_title(pl.col("text")))
    return titled.select("doc_id", page_has_title=True).unique("doc_id")


def fault_expectations(thresholds: Thresholds) -> list[Expectation]:
    """Return the expectations on faults of documents."""
    warn = partial(_warning, thresholds)
    return [
        _date_is_plausible(),
        warn(_published_before_fetched()),
        warn(_no_markup(thresholds), "max_markup_share"),
        warn(_no_menu(thresholds), "min_menu_lines", "max_menu_words"),
        warn(_has_language(thresholds), "min_tagged_letters"),
        warn(_title_is_taken()),
    ]


def _warning(thresholds: Thresholds, expectation: Expectation, *settings: str) -> Expectation:
    """Return an expectation that warns if more than a share of the documents break it."""
    return replace(
        expectation,
        tolerated_share=thresholds["tolerated_share"],
        thresholds=(*settings, "tolerated_share"),
        guards="the source, a warning",
    )


def _date_is_plausible() -> Expectation:
    return holds(
        "published_at_is_plausible",
        pl.col("published_at").is_null() | (pl.col("published_at") < LATEST),
        f"A date from {LATEST:%Y} on is a placeholder, and would be the newest of all.",
        "published_at",
    )


def _published_before_fetched() -> Expectation:
    latest = pl.col("fetched_at") + _MOST_AHEAD
    return holds(
        "published_before_fetched",
        (pl.col("published_at") <= latest).fill_null(value=True),
        "What was published a day or more after it was fetched has a wrong date.",
        "published_at",
        "fetched_at",
    )


def _no_markup(thresholds: Thresholds) -> Expectation:
    return within(
        "markup_share_is_low",
        "markup_share",
        None,
        thresholds["max_markup_share"],
        "Tags that close or have attributes, `[shortcodes]` and `&nbsp;` are markup that was read "
        "as text; a manual may show some.",
    )


def _no_menu(thresholds: Thresholds) -> Expectation:
    has_lines = pl.col("line_count") >= thresholds["min_menu_lines"]
    return holds(
        "is_no_menu",
        ~(has_lines & (pl.col("words_per_line") < thresholds["max_menu_words"])),
        "Several lines of a few words each are a menu, or a list, and no text.",
        "words_per_line",
    )


def _has_language(thresholds: Thresholds) -> Expectation:
    is_long = pl.col("letters") >= thresholds["min_tagged_letters"]
    return holds(
        "long_text_has_language",
        ~((pl.col("language") == "und") & is_long),
        "A text as long as that is in some language, so `und` means that tagging failed, or that "
        "it is code, or in a language outside the vocabulary.",
        "language",
        "text_chars",
    )


def _title_is_taken() -> Expectation:
    return holds(
        "title_of_page_is_taken",
        pl.col("page_has_title").is_null(),
        "A page that has a title gives it to its document.",
    )
