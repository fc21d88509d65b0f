"""Trace stories: find what of each text survives translation, and where it stands.

Reads `clean_documents` and `clean_segments`, writes `story_features`: numbers and dates as
values, words in Latin letters, the sounds of names, places of the gazetteer, concepts with an
emoji, and for Chinese and Japanese pairs of Han characters. `resolve_stories` weighs what two
documents share by how rare it is and whether it stands at the same positions.

What a document says in another language than its own is not read: a disclaimer or a quotation that
two documents share word for word is no evidence that one translates the other.

Texts of one language are read together, and each distinct word of them once.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from expectations.working_tables import CLEAN_DOCUMENTS, CLEAN_SEGMENTS, STORY_FEATURES
from tasks.copies.features import (
    han_places,
    kana_features,
    may_begin_place,
    number_features,
    unspaced_features,
    word_features,
)
from tasks.copies.own_text import SEGMENT_COLUMNS, with_own_text
from tasks.copies.texts import (
    ANY_KANA,
    HAN,
    HANGUL,
    KANA,
    LATIN,
    LETTER,
    NUMBER,
    WORD,
    Floats,
    Texts,
    join_texts,
)
from tasks.copies.words import is_unspaced
from tasks.settings import StorySettings
from tasks.steps.stage import stage

#: Shorter Latin words are articles and prepositions; in a text of another script all are names.
MIN_LATIN_LETTERS, MIN_FOREIGN_LATIN_LETTERS = 4, 2
#: Latin letters to a character of a translation, as measured on the 61 stories of NTREX-128:
#: a Chinese text is 2.8 times shorter than its English one, a Japanese one 2.1 times.
HAN_LETTERS, KANA_LETTERS, HANGUL_LETTERS = 2.7, 1.7, 2.2
#: Characters read at once, some 50 bytes of arrays each.
BATCH_CHARS = 1_000_000
#: The word that scales a number (`million`) ends within this many characters of it.
SCALE_CHARS = 24
_FOUND = {"start": pl.Int64, "feature": pl.String}
#: From the columns that make a token to the names of its features.
_Features = Callable[[tuple[Any, ...]], Sequence[str]]


@stage(
    reads=[
        CLEAN_DOCUMENTS.only("doc_id", "text", "language", "script"),
        CLEAN_SEGMENTS.only(*SEGMENT_COLUMNS),
    ],
    writes=[STORY_FEATURES],
    packages=["anyascii", "babel", "regex"],
)
def trace_stories(
    clean_documents: pl.DataFrame, clean_segments: pl.DataFrame, settings: StorySettings
) -> pl.DataFrame:
    """Find the traces of a story in what each document says in its own language.

    Args:
        clean_documents: `clean_documents`, or some of its rows, in any order.
        clean_segments: The segments of these.
        settings: How much of a text is read.

    Returns:
        `story_features`, one row per document, sorted by `doc_id`; none if nobody asks.
    """
    if not (settings.enabled and settings.translations):
        return STORY_FEATURES.empty()
    documents = (
        with_own_text(clean_documents, clean_segments)
        .select("doc_id", "language", text=pl.col("text").str.slice(0, settings.max_compared_chars))
        .sort("language", "doc_id")
    )
    traced = [_traced(batch, settings.max_features) for batch in _batches(documents)]
    return pl.concat([STORY_FEATURES.empty(), *traced]).sort("doc_id")


def _batches(documents: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield documents of one language, so many that their texts are read at once."""
    chars = pl.col("text").str.len_chars().cast(pl.Int64).cum_sum().over("language")
    for _, batch in documents.group_by("language", chars // BATCH_CHARS, maintain_order=True):
        yield batch


def _traced(documents: pl.DataFrame, max_features: int) -> pl.DataFrame:
    """Return `story_features` of documents of one language; at least one."""
    texts = join_texts(documents["text"].to_list())
    found = _in_order(pl.concat(_features(texts, documents["language"][0])))
    starts = found["start"].to_numpy()
    owners = texts.owners(starts)
    within = starts - texts.starts[owners]
    lists = (
        found.select(owner=owners, features="feature", positions=within / texts.lengths[owners])
        .group_by("owner")
        .agg(pl.col("features", "positions").head(max_features))
    )
    return (
        documents.select("doc_id", "language", owner=pl.int_range(pl.len(), dtype=pl.Int64))
        .with_columns(letters=_letters(texts))
        .join(lists, on="owner", how="left")
        .with_columns(pl.col("features", "positions").fill_null([]))
        .select(STORY_FEATURES.column_names)
        .match_to_schema(STORY_FEATURES.polars_schema)
    )


def _in_order(found: pl.DataFrame) -> pl.DataFrame:
    """Sort features by start, and those of one start by name; each once."""
    names = pl.Enum(found["feature"].unique().sort())
    ordered = found.with_columns(pl.col("feature").cast(names)).sort("start", "feature")
    return ordered.unique(maintain_order=True).with_columns(pl.col("feature").cast(pl.String))


def _letters(texts: Texts) -> Floats:
    """Return how long texts are in letters of an alphabet, so that translations are alike."""
    han, kana, hangul = (texts.count(kind) for kind in (HAN, ANY_KANA, HANGUL))
    more = han * (HAN_LETTERS - 1) + kana * (KANA_LETTERS - 1) + hangul * (HANGUL_LETTERS - 1)
    letters: Floats = (texts.lengths + more).round()
    return letters


def _features(texts: Texts, language: str) -> Iterator[pl.DataFrame]:
    """Yield every feature of texts of one language: `start` (a code point), `feature`."""
    yield _of_words(texts, language)
    yield _of_kana(texts, language)
    yield _of_numbers(texts, language)
    yield from _of_han(texts, language)
    if is_unspaced(language):
        yield _of_unspaced(texts, language)


def _of_words(texts: Texts, language: str) -> pl.DataFrame:
    starts, ends = texts.runs(WORD)
    is_latin = 2 * texts.count(LATIN) > texts.count(LETTER)
    min_latin = np.where(is_latin, MIN_LATIN_LETTERS, MIN_FOREIGN_LATIN_LETTERS)
    words = pl.DataFrame(
        {
            "start": starts,
            "word": texts.cut(starts, ends),
            "min_latin": min_latin[texts.owners(starts)],
        }
    )
    return _named(
        words, ["word", "min_latin"], lambda token: word_features(token[0], language, token[1])
    )


def _of_kana(texts: Texts, language: str) -> pl.DataFrame:
    starts, ends = texts.runs(KANA)
    words = pl.DataFrame({"start": starts, "word": texts.cut(starts, ends)})
    return _named(words, ["word"], lambda token: kana_features(token[0], language))


def _named(tokens: pl.DataFrame, token: list[str], features: _Features) -> pl.DataFrame:
    """Return `start, feature` of tokens, asking for those of each distinct token once."""
    distinct = tokens.select(token).unique()
    named = _spread(distinct, [features(row) for row in distinct.iter_rows()])
    return tokens.join(named, on=token).select("start", "feature")


def _spread(rows: pl.DataFrame, features: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Return the rows with a `feature` each, as often as they have one."""
    counts = np.fromiter(map(len, features), np.int64, len(features))
    each = rows[np.repeat(np.arange(len(rows)), counts)]
    return each.with_columns(pl.Series("feature", [*chain.from_iterable(features)], pl.String))


def _of_numbers(texts: Texts, language: str) -> pl.DataFrame:
    starts, ends = texts.runs(NUMBER)
    limits = np.minimum(ends + SCALE_CHARS, texts.ends[texts.owners(starts)])
    numbers = zip(texts.cut(starts, ends), texts.cut(ends, limits), strict=True)
    names = [number_features(number, after, language) for number, after in numbers]
    return _spread(pl.DataFrame({"start": starts}), names)


def _of_han(texts: Texts, language: str) -> Iterator[pl.DataFrame]:
    """Yield pairs of Han characters, then the places that are called by two and more."""
    is_han = (texts.flags & HAN) > 0
    starts = np.flatnonzero(is_han[:-1] & is_han[1:])
    pairs = pl.DataFrame({"start": starts, "pair": texts.cut(starts, starts + 2)})
    yield pairs.select("start", feature="han:" + pl.col("pair"))
    likely = [pair for pair in pairs["pair"].unique() if may_begin_place(pair)]
    found = [
        (start, name)
        for start in pairs.filter(pl.col("pair").is_in(likely))["start"]
        for name in han_places(texts.joined, start, language)
    ]
    yield pl.DataFrame(found, _FOUND, orient="row")


def _of_unspaced(texts: Texts, language: str) -> pl.DataFrame:
    found = [
        (begin + start, name)
        for begin, end in zip(texts.starts.tolist(), texts.ends.tolist(), strict=True)
        for start, name in unspaced_features(texts.joined[begin:end], language)
    ]
    return pl.DataFrame(found, _FOUND, orient="row")
