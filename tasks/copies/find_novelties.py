"""Find the near copies that say something new, so that they are searched for names, too.

Reads `duplicates` and `clean_documents`; writes `novelties`.

A near copy that only lacks or rewords something of the document that represents it names nobody
whom that does not. One with another name or paragraph does: a later report in which a paragraph
was added, the same announcement for another town. What is new is what may be part of a name and
stands nowhere in the text that is repeated: a word with a capital, wherever it stands; a word of a
script that has no capitals; a word in katakana; a run of letters where words are not parted.
Numbers are no names.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import polars as pl
import regex

from expectations.working_tables import CLEAN_DOCUMENTS, DUPLICATES, NOVELTIES
from tasks.settings import DuplicateSettings
from tasks.steps.stage import stage
from tasks.writing.vocabulary import UNSPACED_LETTERS

#: Pairs whose texts are in memory at once.
PAIRS_AT_ONCE = 1_000
#: Of a script without capitals about every other new word is part of a name or beside one.
CAPITALLESS_WEIGHT = 0.5
#: Letters in a run where words are not parted, and what a new run counts: another name of two or
#: three letters makes five or six new ones, as do one or two other words that are no names.
RUN_LETTERS = 4
RUN_WEIGHT = 0.25
_WORD = regex.compile(
    rf"[[\p{{L}}\p{{M}}]--[{UNSPACED_LETTERS}]]{{2,}}|[\p{{Katakana}}ー]{{2,}}", regex.VERSION1
)
# Katakana is written for names and other foreign words.
_CAPITAL = regex.compile(r"[\p{Lu}\p{Lt}\p{Katakana}]")
# Georgian's letters are all small to Unicode: its capitals are for whole headlines.
_CAPITALLESS = regex.compile(r"[\p{Lo}\p{Georgian}]")
_RUN = regex.compile(f"[{UNSPACED_LETTERS}]+")


@stage(
    reads=[
        DUPLICATES.only("doc_id", "duplicate_of", "duplicate_kind"),
        CLEAN_DOCUMENTS.only("doc_id", "text"),
    ],
    writes=[NOVELTIES],
    packages=["regex"],
    whole=True,
)
def find_novelties(
    duplicates: pl.LazyFrame, clean_documents: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Find the near copies that say something that their representative does not.

    Args:
        duplicates: All of `duplicates`; exact copies and superseded versions say nothing new.
        clean_documents: All of `clean_documents`; only `doc_id` and `text` are read.
        settings: How much must be new.

    Returns:
        `novelties`, sorted by `doc_id`: a row for each near copy that says enough that is new.
    """
    near = duplicates.filter(duplicate_kind="near").select("doc_id", "duplicate_of").collect()
    found = [_with_new_words(pairs, clean_documents, settings) for pairs in _slices(near)]
    return (
        pl.concat([NOVELTIES.empty(), *found])
        .filter(pl.col("new_words") >= settings.min_new_words)
        .sort("doc_id")
    )


def _slices(near: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the pairs in parts, those of one representative together."""
    return near.sort("duplicate_of", "doc_id").iter_slices(PAIRS_AT_ONCE)


def _with_new_words(
    pairs: pl.DataFrame, clean_documents: pl.LazyFrame, settings: DuplicateSettings
) -> pl.DataFrame:
    """Return `novelties` of some pairs, those with nothing new among them."""
    compared = pl.col("text").str.head(settings.max_compared_chars)
    texts = texts_of(pairs, "duplicate_of", clean_documents.with_columns(compared))
    counts = [
        new_words(texts[copy], texts[original])
        for copy, original in pairs.select("doc_id", "duplicate_of").iter_rows()
    ]
    return pairs.select("doc_id").with_columns(pl.Series("new_words", counts, pl.Float64))


def texts_of(pairs: pl.DataFrame, other: str, documents: pl.LazyFrame) -> dict[str, str]:
    """Return the texts of both documents of each pair, by their id.

    Args:
        pairs: `doc_id` and the column named in `other`, which is a `doc_id`, too.
        other: That column.
        documents: `doc_id, text`, those of all pairs among them.
    """
    named = pl.concat([pairs["doc_id"], pairs[other]]).unique().to_frame("doc_id")
    texts = documents.select("doc_id", "text").join(named.lazy(), on="doc_id", how="semi")
    return dict(texts.collect(engine="streaming").iter_rows())


class _Words(NamedTuple):
    """What stands in a text: what white space parts, words without their capitals, runs."""

    tokens: set[str]
    words: set[str]
    runs: set[str]


@lru_cache(maxsize=1)
def _words_of(text: str) -> _Words:
    """Return what stands in a representative: its copies are looked at one after the other."""
    return _Words(set(text.split()), set(map(str.casefold, _WORD.findall(text))), _runs(text))


def new_words(text: str, other: str) -> float:
    """Return how many words that may be part of a name a text has that another lacks, weighted."""
    known = _words_of(other)
    rest = "\n".join(set(text.split()) - known.tokens)  # few, in a copy
    new = {word for word in _WORD.findall(rest) if word.casefold() not in known.words}
    capitals = {word.casefold() for word in new if _CAPITAL.match(word)}
    capitalless = {word for word in new if _CAPITALLESS.match(word)} - capitals
    runs = _runs(rest) - known.runs
    return len(capitals) + CAPITALLESS_WEIGHT * len(capitalless) + RUN_WEIGHT * len(runs)


def _runs(text: str) -> set[str]:
    return {
        run[start : start + RUN_LETTERS]
        for run in _RUN.findall(text)
        for start in range(max(len(run) - RUN_LETTERS, 0) + 1)
    }
