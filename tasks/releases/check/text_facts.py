"""How damaged a text is, by measures that do not know how it was cleaned.

Polars expressions on whole columns: its regular expressions run in linear time.
"""

import polars as pl
from ftfy.badness import badness

#: C0 but tab and line feed, and DEL. What decoding errors leave of C1 counts as mojibake.
CONTROL_CHARACTERS = r"[\x00-\x08\x0b-\x1f\x7f]"
#: What the first two bytes of a UTF-8 sequence are in Latin-1 or Windows-1252, and C1: a text
#: without any has no mojibake; French (`é »`) has many and none is, so ftfy decides.
MOJIBAKE_SUSPECTS = "[\u0080-\u009f]|[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
#: Ends of sentences in the scripts that have them; a text without any repeats whole lines.
_SENTENCE = "[^.!?…。．！？｡।॥؟۔።፧။\n]+"


def quality_facts(documents: pl.DataFrame, sentence_chars: int) -> pl.DataFrame:
    """Measure the texts of documents.

    Args:
        documents: At least `doc_id, text`.
        sentence_chars: Characters of a sentence that counts as repeated.

    Returns:
        One row per document: doc_id, has_control_characters, and as shares of the
        characters from 0 to 1 replaced_share, mojibake_share, repeated_share.
    """
    documents = documents.select("doc_id", "text").unique("doc_id")
    text = pl.col("text")
    chars = pl.max_horizontal(text.str.len_chars(), 1)
    measured = documents.select(
        "doc_id",
        has_control_characters=text.str.contains(CONTROL_CHARACTERS),
        replaced_share=text.str.count_matches("\ufffd", literal=True) / chars,
        mojibake_share=_mojibake(text) / chars,
    )
    repeated = _repeated_shares(documents, sentence_chars)
    measured = measured.join(repeated, on="doc_id", how="left")
    return measured.with_columns(pl.col("repeated_share").fill_null(0.0))


def _mojibake(text: pl.Expr) -> pl.Expr:
    """Count the sequences that ftfy takes for mojibake, in the texts that may have some."""
    suspects = pl.when(text.str.contains(MOJIBAKE_SUSPECTS)).then(text)
    return suspects.map_elements(badness, return_dtype=pl.Int64).fill_null(0)


def _repeated_shares(documents: pl.DataFrame, sentence_chars: int) -> pl.DataFrame:
    """Return per document which share of its longer sentences' characters are copies."""
    sentences = (
        documents.select("doc_id", sentence=pl.col("text").str.extract_all(_SENTENCE))
        .explode("sentence")
        .with_columns(pl.col("sentence").str.strip_chars())
        .filter(pl.col("sentence").str.len_chars() >= sentence_chars)
    )
    copies = sentences.group_by("doc_id", "sentence").agg(copies=pl.len())
    chars = pl.col("sentence").str.len_chars()
    repeated = (chars * (pl.col("copies") - 1)).sum()
    share = repeated / (chars * pl.col("copies")).sum()
    return copies.group_by("doc_id").agg(repeated_share=share)
