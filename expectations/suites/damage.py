"""Measure how damaged a text is, without knowing how it was cleaned.

Polars expressions on a whole column: its regular expressions run in linear time.
"""

import polars as pl

#: C0 but tab and line feed, and DEL. What decoding errors leave of C1 counts as mojibake.
CONTROL_CHARACTERS = r"[\x00-\x08\x0b-\x1f\x7f]"
#: What the first two bytes of a UTF-8 sequence are in Latin-1 or Windows-1252, and C1: a text
#: without any has no mojibake; French (`é »`) has many and none is, so ftfy decides.
MOJIBAKE_SUSPECTS = "[\u0080-\u009f]|[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
#: A sentence, up to its end in the scripts that mark it; elsewhere a line.
_SENTENCE = "[^.!?…。．！？｡।॥؟۔።፧။\n]+"


def replaced_share(text: pl.Expr) -> pl.Expr:
    """Return which share of the characters could not be decoded, from 0 to 1."""
    return text.str.count_matches("\ufffd", literal=True) / _chars(text)


def mojibake_share(text: pl.Expr) -> pl.Expr:
    """Return how many sequences per character ftfy takes for mojibake.

    Only the texts that may have some are looked at, which is one in many.
    """
    suspects = pl.when(text.str.contains(MOJIBAKE_SUSPECTS)).then(text)
    found = suspects.map_elements(_badness, return_dtype=pl.Int64).fill_null(0)
    return found / _chars(text)


def _badness(text: str) -> int:
    from ftfy.badness import badness  # noqa: PLC0415 (compiles long regular expressions)

    return badness(text)


def repeated_shares(documents: pl.LazyFrame, sentence_chars: int) -> pl.LazyFrame:
    """Measure how much of longer sentences are copies of others in the same document.

    Sentences are grouped as rows: as lists within each document they take seven times as long.

    Args:
        documents: At least `doc_id, text`.
        sentence_chars: Characters of a sentence that counts.

    Returns:
        `doc_id, repeated_share`, the share of the characters of such sentences, from 0 to 1;
        no row for a document without any.
    """
    sentences = (
        documents.select("doc_id", sentence=pl.col("text").str.extract_all(_SENTENCE))
        .unique("doc_id")
        .explode("sentence")
        .with_columns(pl.col("sentence").str.strip_chars())
        .filter(pl.col("sentence").str.len_chars() >= sentence_chars)
    )
    copies = sentences.group_by("doc_id", "sentence").agg(copies=pl.len())
    chars = pl.col("sentence").str.len_chars()
    repeated = (chars * (pl.col("copies") - 1)).sum()
    share = repeated / (chars * pl.col("copies")).sum()
    return copies.group_by("doc_id").agg(repeated_share=share)


def _chars(text: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(text.str.len_chars(), 1)
