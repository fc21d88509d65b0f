"""What the characters of a text are, as shares of those that are not white space."""

import polars as pl

_SPACE = r"\s"
_NEITHER_LETTER_NOR_SPACE = r"[^\p{L}\p{M}\s]"
_DIGIT = r"\p{Nd}"
#: The number sign is punctuation to Unicode; Gopher counts it as a symbol.
_SYMBOL = r"[\p{S}#]"


def character_shares(text: pl.Expr) -> list[pl.Expr]:
    """Return `letter_share` (marks included), `digit_share` and `symbol_share` of texts.

    White space is not counted; a text of nothing else has nulls.
    """
    visible = text.str.len_chars() - text.str.count_matches(_SPACE)
    letters = visible - text.str.count_matches(_NEITHER_LETTER_NOR_SPACE)
    digits, symbols = text.str.count_matches(_DIGIT), text.str.count_matches(_SYMBOL)
    counts = {"letter_share": letters, "digit_share": digits, "symbol_share": symbols}
    return [
        pl.when(visible > 0).then(count / visible).alias(name) for name, count in counts.items()
    ]
