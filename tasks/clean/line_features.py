"""Describe lines of plain text by numbers that mean the same in every script.

Widths count an ideograph as two letters, sentence ends are Unicode's, and what a script does not
have (case in Arabic, sentence ends in Thai) is zero, as the model was trained to see it.
"""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.clean.chrome import is_edge_phrase, is_phrase, starts_or_ends_as_phrase
from tasks.clean.segment import Segment
from tasks.writing.measures import SENTENCE_END, widths
from tasks.writing.vocabulary import DATE_IN_DIGITS, SENTENCE_STOPS

Matrix = NDArray[np.float64]

# Patterns are Polars'.
#: What a flattened list leaves before its items.
_BULLET = r"^[*+\-o•·●▪■◦‣–—»›>→]\s"
_ADDRESS = r"(?:https?://|www\.|@)\S|\S@\S+\.\S"
_SEPARATOR = r"\s[|/·•›»>→–—-]\s|[|›»→•]"
_COMMA = r"[,;،؛、，；・：፣፤၊]"
_INNER_END = rf"[{SENTENCE_STOPS}](?:[\p{{Pe}}\p{{Pf}}\p{{Pi}}\"']*\s|\p{{Lo}})"
_QUOTE = r"[\p{Pi}\p{Pf}\"「」『』《》]"
_RIGHTS = r"(?i)©|\(c\)|®"
_ELLIPSIS = r"(?:\.\.\.|\[\.\.\.\]|\[…\])$"
_CLOSING = "\"'»”’)]"
_LETTER = r"[\p{L}\p{M}]"
_CAPITAL_WORD = r"(?:^|[^\p{L}\p{M}])[\p{Uppercase}&&\p{L}]"
_STARTS_LOWER = r"^[^\p{L}\p{M}]*[\p{Lowercase}&&[\p{L}\p{M}]]"
#: What is counted in a line, and up to how many.
_COUNTED = {
    "inner_ends": (_INNER_END, 8),
    "commas": (_COMMA, 8),
    "numbers": (r"\p{Nd}+", 8),
    "separators": (_SEPARATOR, 4),
    "quotes": (_QUOTE, 4),
}
#: By width, the logarithm that says how wide a line is: 1 from 1,023 letters on.
_LOG_WIDTHS = [math.log2(1 + width) / 10 for width in range(1024)]
#: Case is looked at in this many characters, phrases in lines no longer than that.
_CASE_CHARS, _PHRASE_CHARS = 200, 80

_LAYOUT = (
    "has_layout",
    "main_indent",
    "indent_distance",
    "gap_before",
    "gap_after",
    "same_indent_before",
    "same_indent_after",
)
#: What the numbers of a line are, in their order: all from -1 to 1.
COLUMNS = (
    "log_width",
    "is_wide",
    "is_narrow",
    "ends_sentence",
    "ends_colon",
    "ends_ellipsis",
    "ends_question",
    "inner_ends",
    "commas",
    "digit_share",
    "numbers",
    "has_date",
    "bullet",
    "address",
    "separators",
    "quotes",
    "rights",
    "upper_share",
    "capital_words",
    "starts_lower",
    "phrase",
    "edge_phrase",
    "phrase_bound",
    "repeated",
    "letter_share",
    "mean_word",
    *_LAYOUT,
)


def line_features(segments: Sequence[Segment]) -> Matrix:
    """Return one row per line, one column per name in `COLUMNS`; no lines: no rows."""
    return features_of_documents([segments])[0]


def features_of_documents(documents: Sequence[Sequence[Segment]]) -> list[Matrix]:
    """Return the features of the lines of each document, as `line_features` does."""
    lines = pl.DataFrame(
        {
            "document": [number for number, lines in enumerate(documents) for _ in lines],
            "line": [segment.text for lines in documents for segment in lines],
        },
        schema={"document": pl.Int64(), "line": pl.String()},
    )
    line_widths = widths(lines["line"])
    found = lines.select(*_signs(), *_counts(), width=line_widths)
    columns = {column.name: column.to_numpy().astype(np.float64) for column in found}
    columns |= (
        _phrase_features(lines["line"]) | _shares(columns) | _width_features(columns["width"])
    )
    texts = np.stack([columns[name] for name in COLUMNS[: -len(_LAYOUT)]], axis=1)
    ends = [0, *accumulate(map(len, documents))]
    return [
        np.hstack([texts[begin:end], _layout_features(segments, columns["width"][begin:end])])
        for segments, (begin, end) in zip(documents, pairwise(ends), strict=True)
    ]


def _phrase_features(lines: pl.Series) -> dict[str, Matrix]:
    """Return whether lines are, begin or end as phrases of page furniture."""
    short = lines.str.len_chars() <= _PHRASE_CHARS
    tests: dict[str, Callable[[str], bool]] = {
        "phrase": is_phrase,
        "edge_phrase": is_edge_phrase,
        "phrase_bound": starts_or_ends_as_phrase,
    }
    return {
        name: np.array([may and holds(line) for line, may in zip(lines, short, strict=True)], float)
        for name, holds in tests.items()
    }


def _signs() -> list[pl.Expr]:
    """Return what is true of a line or not: how it begins and ends, and what stands in it."""
    line = pl.col("line")
    tail = line.str.strip_chars_end(_CLOSING).str.tail(1)
    return [
        line.str.contains(SENTENCE_END).alias("ends_sentence"),
        tail.is_in([":", "："]).alias("ends_colon"),
        ((tail == "…") | line.str.contains(_ELLIPSIS)).alias("ends_ellipsis"),
        tail.is_in(["?", "？", "؟", "\u037e"]).alias("ends_question"),
        line.str.contains(DATE_IN_DIGITS).alias("has_date"),
        line.str.contains(_BULLET).alias("bullet"),
        line.str.contains(_ADDRESS).alias("address"),
        line.str.contains(_RIGHTS).alias("rights"),
        line.str.contains(_STARTS_LOWER).alias("starts_lower"),
        (pl.len().over("document", "line") > 1).alias("repeated"),
    ]


def _counts() -> list[pl.Expr]:
    """Return how often something stands in a line, as whole numbers."""
    line, begin = pl.col("line"), pl.col("line").str.slice(0, _CASE_CHARS)
    found = {name: line.str.count_matches(pattern) for name, (pattern, _) in _COUNTED.items()}
    found |= {
        "digits": line.str.count_matches(r"\p{Nd}"),
        "letters": line.str.count_matches(_LETTER),
        "words": line.str.count_matches(f"{_LETTER}+"),
        "capitals": line.str.count_matches(_CAPITAL_WORD),
        "upper": begin.str.count_matches(r"\p{Uppercase}"),
        "chars": line.str.len_chars(),
    }
    return [count.alias(f"count_of_{name}") for name, count in found.items()]


def _shares(columns: dict[str, Matrix]) -> dict[str, Matrix]:
    """Return the counts as shares of a line, or of the most that is counted.

    Divided by NumPy: Polars divides by a constant in another way where there is one row only.
    """
    count = {name.removeprefix("count_of_"): column for name, column in columns.items()}
    words, chars = np.maximum(count["words"], 1), np.maximum(count["chars"], 1)
    return {
        **{name: np.minimum(count[name], most) / most for name, (_, most) in _COUNTED.items()},
        "digit_share": count["digits"] / chars,
        "upper_share": count["upper"] / np.minimum(chars, _CASE_CHARS),
        "capital_words": count["capitals"] / words,
        "letter_share": count["letters"] / chars,
        "mean_word": np.minimum(count["letters"] / words, 12) / 12,
    }


def _width_features(line_widths: Matrix) -> dict[str, Matrix]:
    # From a list: a vector's logarithms differ by where in it they stand.
    logs = np.array(_LOG_WIDTHS)[np.minimum(line_widths, len(_LOG_WIDTHS) - 1).astype(np.intp)]
    return {
        "log_width": logs,
        "is_wide": (line_widths >= 80).astype(np.float64),
        "is_narrow": (line_widths < 25).astype(np.float64),
    }


def _layout_features(segments: Sequence[Segment], line_widths: Matrix) -> Matrix:
    """Return indentation and blank lines; zero for text that has no indentation."""
    count = len(segments)
    indents = np.array([segment.indent or 0 for segment in segments], dtype=np.float64)
    if not indents.any():
        return np.zeros((count, 7))
    main = _main_indent(indents, line_widths)
    gaps = np.array([min(segment.gap or 0, 3) for segment in segments], dtype=np.float64) / 3
    steps = np.append(np.diff(indents) == 0, False)
    return np.stack(
        [
            np.ones(count),
            indents == main,
            np.clip(indents - main, -16, 16) / 16,
            gaps,
            np.append(gaps[1:], 1.0),
            np.insert(steps[:-1], 0, False),
            steps,
        ],
        axis=1,
    ).astype(np.float64)


def _main_indent(indents: Matrix, widths: Matrix) -> float:
    """Return the indentation of most of the text in lines that are wide."""
    weights = np.where(widths >= 80, widths, 0)
    levels = np.unique(indents)
    totals = [weights[indents == level].sum() for level in levels]
    return float(levels[int(np.argmax(totals))])
