"""Measure how damaged a text is, without knowing how it was cleaned.

Polars expressions on a whole column: its regular expressions run in linear time.
"""

import polars as pl

#: C0 but tab and line feed, and DEL. What decoding errors leave of C1 counts as mojibake.
CONTROL_CHARACTERS = r"[\x00-\x08\x0b-\x1f\x7f]"
#: What the first two bytes of a UTF-8 sequence are in Latin-1 or Windows-1252, and C1: a text
#: without any has no mojibake; French (`é »`) has many and none is, so ftfy decides.
MOJIBAKE_SUSPECTS = "[\u0080-\u009f]|[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
#: Elements of HTML whose tags are left where a field of HTML was read as text.
_TAGS = (
    "a|abbr|article|aside|b|blockquote|body|br|center|code|dd|div|dl|dt|em|figcaption|figure|font"
    "|h[1-6]|hr|html|i|iframe|img|li|link|meta|ol|p|pre|script|section|small|span|strong|style|sub"
    "|sup|table|tbody|td|th|thead|tr|u|ul|video"
)
#: Markup that was read as text. A bare `<b>` is not among it: manuals speak of it in a sentence.
_MARKUP = (
    rf"</(?:{_TAGS})\s*>|<(?:{_TAGS})\s[^<>]*=[^<>]*>|<(?:br|hr)\s*/?>"
    r"|\[/[a-z]+(?:_[a-z0-9]+)*\]|\[[a-z]+(?:_[a-z0-9]+)*\s[^\[\]]*=[^\[\]]*\]"
    r"|&(?:nbsp|quot|amp|lt|gt|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
)
_TITLE = r"(?i)<title(?:\s[^<>]*)?>\s*[^<\s]"
#: A title that comes later is that of a picture.
_HEAD_CHARS = 20_000
#: Characters to a word where words are not spaced: Chinese, Japanese, Thai.
_CHARS_PER_WORD = 2
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


def markup_share(text: pl.Expr) -> pl.Expr:
    """Return which share of the characters is markup that was read as text, from 0 to 1."""
    bare = text.str.replace_all(_MARKUP, "").str.len_chars()
    return 1 - bare / _chars(text)


def has_title(markup: pl.Expr) -> pl.Expr:
    """Return whether a page has a title in its markup."""
    return markup.str.slice(0, _HEAD_CHARS).str.contains(_TITLE)


def words_per_line(text: pl.Expr, words: pl.Expr) -> pl.Expr:
    """Return the mean number of words of a line; where words are not spaced, as if they were."""
    lines = text.str.count_matches("\n", literal=True) + 1
    return pl.coalesce(words, text.str.len_chars() / _CHARS_PER_WORD) / lines


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
