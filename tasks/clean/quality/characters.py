"""What the characters of a text are, as shares of those that are not white space."""

import functools

import numpy as np
import numpy.typing as npt
import polars as pl
import regex

#: Marks belong to letters. The number sign is punctuation to Unicode; Gopher counts it as a symbol.
_PATTERNS = {
    "letter_share": r"[\p{L}\p{M}]+",
    "digit_share": r"\p{Nd}+",
    "symbol_share": r"[\p{S}#]+",
}
_SPACE = r"\p{White_Space}+"


def character_shares(texts: pl.DataFrame) -> pl.DataFrame:
    """Measure the characters of texts.

    Counted by a table of all characters: patterns take five times as long.

    Args:
        texts: `doc_id, text`.

    Returns:
        `doc_id, letter_share, digit_share, symbol_share`, a row per text, in their order; nulls
        for a text of nothing but white space.
    """
    joined = "".join(f"{text}\n" for text in texts["text"])  # a line break is white space
    kinds = _character_kinds()[np.frombuffer(joined.encode("utf-32-le"), np.uint32)]
    lengths = texts["text"].str.len_chars().cast(pl.Int64).to_numpy() + 1
    starts = np.cumsum(lengths) - lengths
    spaces, *counts = (
        np.add.reduceat(kinds == kind, starts, dtype=np.int64)
        for kind in range(1, len(_PATTERNS) + 2)
    )
    columns = dict(zip(_PATTERNS, counts, strict=True))
    visible = pl.col("visible")
    return texts.select(
        "doc_id",
        visible=pl.Series(lengths - spaces),
        **{n: pl.Series(c) for n, c in columns.items()},
    ).select("doc_id", *(pl.when(visible > 0).then(pl.col(n) / visible).alias(n) for n in columns))


@functools.cache
def _character_kinds() -> npt.NDArray[np.uint8]:
    """Return by code point 1 for white space, 2 and on for the patterns, 0 for all else."""
    every_character = "".join(map(chr, range(0x110000)))
    kinds = np.zeros(len(every_character), np.uint8)
    for kind, pattern in enumerate((_SPACE, *_PATTERNS.values()), 1):
        for run in regex.finditer(pattern, every_character):
            kinds[run.start() : run.end()] = kind
    return kinds
