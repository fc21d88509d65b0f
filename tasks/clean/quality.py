"""Measure the quality of documents' texts by signals that are defined for every script.

What they are measured by is in the literature: Gopher (Rae et al. 2021, table A1), C4 (Raffel
et al. 2020), RefinedWeb (Penedo et al. 2023), FineWeb 2 (Penedo et al. 2025). Where a signal
has no meaning in a script or a language, it is null. `docs/quality.md` has the definitions.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from tasks.copies.shingles import ShingleWidths, shingle_hashes
from tasks.writing.characters import BATCH_CHARS, batches, code_points, table_of_patterns
from tasks.writing.scripts import script_of
from tasks.writing.vocabulary import (
    CLOSERS,
    SENTENCE_ENDS,
    STOPLESS_SCRIPTS,
    UNSPACED_SCRIPTS,
)

#: Marks belong to letters. The number sign is punctuation to Unicode; Gopher counts it as a symbol.
_PATTERNS = {
    "letter_share": r"[\p{L}\p{M}]",
    "digit_share": r"\p{Nd}",
    "symbol_share": r"[\p{S}#]",
}
_KINDS = table_of_patterns((*_PATTERNS.values(), r"\p{White_Space}"))
_CLOSING = f"[{CLOSERS}]*$"
_TERMINATED = f"[{SENTENCE_ENDS}]{_CLOSING}"
#: Armenian ends sentences with `։`, for which many type a colon.
_COLON_SCRIPT, _COLON = "Armn", rf":{_CLOSING}"
_CUT_OFF = rf"(?:[\u2026\u22ef]|\.\.\.|。。。){_CLOSING}"
#: No dashes: a line of dialogue begins with one in most of Europe.
_BULLET = r"^[•‣⁃⁌⁍∙▪▫▶►▸◀◂■□◆◇●○◦★☆✓✔✗➢➤➔→⇒※・·*]"
#: A run is of words, in scripts without spaces of letters, as near duplicates are found by
#: (`tasks.copies.shingles`): different sentences share no runs, in any script. Gopher judges runs
#: of 2 to 10 words: 5 is the least that chance rarely repeats. A word of the complex scripts has
#: about five letters; an ideograph is half a word, so runs are short there, and shares higher: .26
#: at most in 122 news texts, .15 in 488 of other scripts.
RUN = ShingleWidths(tokens=5, complex_letters=20)
#: Runs are counted by 48 bits of their hashes: of a text of ten thousand, two agree by chance in
#: one text of six million.
_NUMBER_BITS = 16
_RUN_SHARES = {"repeated_run_share": pl.Float64(), "top_run_share": pl.Float64()}
#: The joiners stand inside words of Persian and of Indic scripts.
_WORD = r"[\p{L}\p{M}\p{N}\u200c\u200d]+"
_WRITTEN = ["language", "script"]
#: Function words by language, as spaCy lists them (`training.write_stop_words`).
STOP_WORDS_FILE = Path(__file__).parent / "stop_words.tsv"
#: Shorter lists say nothing: of the words of prose, those of Malayalam (9 words), Telugu (46)
#: and Korean (58) are less than .06, all others .1 and more (paragraphs of NTREX-128).
MIN_WORDS = 60


def measure_quality(documents: pl.DataFrame) -> pl.DataFrame:
    """Measure the texts of documents.

    Args:
        documents: `doc_id, text, language, script`; each text's lines are its segments.

    Returns:
        `doc_id` and a column per signal, one row per document, sorted by `doc_id`. A row
        depends on that document only.
    """
    texts = documents.select("doc_id", "text", "language", "script").sort("doc_id")
    shares = character_shares(texts)
    for signals in (line_signals(texts), word_signals(texts), run_shares(texts)):
        shares = shares.join(signals, on="doc_id", how="left", maintain_order="left")
    return shares


def character_shares(texts: pl.DataFrame) -> pl.DataFrame:
    """Measure the characters of texts.

    Counted by a table of characters: patterns take five times as long.

    Args:
        texts: `doc_id, text`.

    Returns:
        `doc_id, letter_share, digit_share, symbol_share`, a row per text, in their order; nulls
        for a text of nothing but white space.
    """
    points, starts = code_points(texts["text"].to_list())
    kinds = _KINDS[points]
    *counts, spaces = (
        np.add.reduceat(kinds == kind, starts, dtype=np.int64)
        for kind in range(1, len(_PATTERNS) + 2)
    )
    columns = dict(zip(_PATTERNS, counts, strict=True))
    visible = pl.col("visible")
    return texts.select(
        "doc_id",
        # A line break after each text is white space.
        visible=pl.Series(np.diff(starts, append=len(points)) - spaces),
        **{n: pl.Series(c) for n, c in columns.items()},
    ).select("doc_id", *(pl.when(visible > 0).then(pl.col(n) / visible).alias(n) for n in columns))


def line_signals(texts: pl.DataFrame) -> pl.DataFrame:
    """Measure the lines of texts.

    Args:
        texts: `doc_id, text, script`.

    Returns:
        `doc_id` with shares of the lines that are not blank: `terminal_line_share` (null in
        scripts without full stops), `ellipsis_line_share`, `bullet_line_share`,
        `repeated_line_share` (lines that stand earlier in the text), and
        `repeated_line_chars_share`: the same, weighted by length. No row for a blank text.
    """
    line = pl.col("line")
    lines = (
        texts.select("doc_id", "script", line=pl.col("text").str.split("\n"))
        .explode("line")
        .with_columns(line.str.strip_chars())
        .filter(line != "")
        .with_columns(chars=line.str.len_chars())
    )
    by_colon = (pl.col("script") == _COLON_SCRIPT) & line.str.contains(_COLON)
    repeated = ~pl.struct("doc_id", "line").is_first_distinct()
    facts = lines.select(
        "doc_id",
        "script",
        "chars",
        terminal=line.str.contains(_TERMINATED) | by_colon,
        ellipsis=line.str.contains(_CUT_OFF),
        bullet=line.str.contains(_BULLET),
        repeated=repeated,
    )
    return facts.group_by("doc_id").agg(_has_stops(_share("terminal")), *_line_shares())


def _line_shares() -> list[pl.Expr]:
    chars = pl.col("chars")
    repeated_chars = chars.filter("repeated").sum() / chars.sum()
    shares = [_share(name) for name in ("ellipsis", "bullet", "repeated")]
    return [*shares, repeated_chars.alias("repeated_line_chars_share")]


def _share(name: str) -> pl.Expr:
    return (pl.col(name).sum() / pl.len()).alias(f"{name}_line_share")


def _has_stops(share: pl.Expr) -> pl.Expr:
    return pl.when(~pl.col("script").first().is_in(STOPLESS_SCRIPTS)).then(share)


def run_shares(texts: pl.DataFrame) -> pl.DataFrame:
    """Measure the runs of texts.

    Args:
        texts: `doc_id, text`, one row per document.

    Returns:
        `doc_id` with shares of the runs of five: `repeated_run_share`, those that stand
        earlier in the text, and `top_run_share`, those that are the commonest one (0 if none
        comes again). No row for a text that is shorter than a run.
    """
    lower = texts["text"].str.to_lowercase()
    # Each counted with some more letters: no batch has more texts than there are numbers for them.
    sizes = (lower.str.len_chars() + (BATCH_CHARS >> _NUMBER_BITS)).to_list()
    shares = [_shares_of_runs(lower[batch].to_list()) for batch in batches(sizes)]
    columns = pl.concat([pl.DataFrame(schema=_RUN_SHARES), *shares])
    found = texts.select("doc_id").hstack(columns)
    return found.filter(pl.col("top_run_share").is_not_null())


def _shares_of_runs(texts: list[str]) -> pl.DataFrame:
    """Return the shares of runs that come again, a row per text; null if it has no run."""
    hashes, offsets = shingle_hashes(texts, RUN)
    # A text's number above, most of the hash below: sorted, what comes again stands together.
    numbers = np.repeat(np.arange(len(texts), dtype=np.uint64), np.diff(offsets))
    hash_bits = np.uint64(64 - _NUMBER_BITS)
    keys = np.sort(numbers << hash_bits | hashes >> np.uint64(_NUMBER_BITS))
    firsts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    counts = np.diff(firsts, append=len(keys))
    owners = (keys[firsts] >> hash_bits).astype(np.int64)
    most = np.zeros(len(texts), np.int64)
    np.maximum.at(most, owners, counts)
    distinct = np.bincount(owners, minlength=len(texts))
    runs = pl.Series(np.diff(offsets))
    columns = pl.DataFrame({"runs": runs, "distinct": distinct, "most": most})
    most_again = pl.when(pl.col("most") > 1).then("most").otherwise(0)
    return columns.select(
        repeated_run_share=pl.when(pl.col("runs") > 0).then(
            (pl.col("runs") - pl.col("distinct")) / pl.col("runs")
        ),
        top_run_share=pl.when(pl.col("runs") > 0).then(most_again / pl.col("runs")),
    )


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


@lru_cache(maxsize=512)
def stop_words(language: str, script: str) -> frozenset[str]:
    """Return the stop words of a language, lower-case; none if no list of the script is of use.

    Args:
        language: BCP-47 tag.
        script: What the text is written in: a Serbian list in Cyrillic is no use for Latin.
    """
    words = _listed_words().get(language, "")
    is_written_so = script_of(words) == script
    listed = frozenset(words.split())
    return listed if len(listed) >= MIN_WORDS and is_written_so else frozenset()


@lru_cache(maxsize=1)
def _listed_words() -> dict[str, str]:
    """Return the words of each language, a space between them."""
    lines = STOP_WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))
