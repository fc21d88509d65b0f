"""What the words of a text are, in scripts that part them by spaces."""

import polars as pl

from tasks.clean.quality.stop_words import stop_words
from tasks.writing.vocabulary import UNSPACED_SCRIPTS

#: The joiners stand inside words of Persian and of Indic scripts.
_WORD = r"[\p{L}\p{M}\p{N}\u200c\u200d]+"
_WRITTEN = ["language", "script"]


def word_signals(texts: pl.DataFrame) -> pl.DataFrame:
    """Measure the words of texts.

    Args:
        texts: `doc_id, text, language, script`.

    Returns:
        `doc_id, word_count, mean_word_chars, stop_word_share`, a row per text in a script
        with words. `stop_word_share` is null for a language without a list of stop words.
    """
    words = pl.col("text").str.to_lowercase().str.extract_all(_WORD)
    spaced = texts.filter(~pl.col("script").is_in(UNSPACED_SCRIPTS))
    spaced = spaced.select("doc_id", "language", "script", word=words)
    listed = _stop_words(spaced)
    return (
        spaced.select("doc_id", "language", "script", word_count=pl.col("word").list.len())
        .join(_counts(spaced, listed), on="doc_id", how="left")
        .join(listed.select(*_WRITTEN, is_listed=True).unique(), on=_WRITTEN, how="left")
        .select(
            "doc_id",
            pl.col("word_count").cast(pl.Int64),
            mean_word_chars=pl.col("word_chars") / pl.col("word_count"),
            stop_word_share=pl.when("is_listed").then(pl.col("stops") / pl.col("word_count")),
        )
    )


def _counts(texts: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Count the letters of the words and the stop words of each text that has any words."""
    words = texts.explode("word").filter(pl.col("word").is_not_null())
    marked = words.join(listed.with_columns(is_stop=True), on=[*_WRITTEN, "word"], how="left")
    return marked.group_by("doc_id").agg(
        word_chars=pl.col("word").str.len_chars().sum(), stops=pl.col("is_stop").sum()
    )


def _stop_words(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the stop words of the languages and scripts of texts: `language, script, word`."""
    rows = [
        (language, script, word)
        for language, script in texts.select(_WRITTEN).unique().sort(_WRITTEN).iter_rows()
        for word in sorted(stop_words(language, script))
    ]
    schema = dict.fromkeys([*_WRITTEN, "word"], pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")
