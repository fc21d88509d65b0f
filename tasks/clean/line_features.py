"""What a line of plain text looks like, as numbers that mean the same in every script.

Widths count an ideograph as two letters, sentence ends are Unicode's, and what a script does not
have (case in Arabic, sentence ends in Thai) is zero, as the model was trained to see it.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import regex
from numpy.typing import NDArray

from tasks.clean.lines import ends_sentence
from tasks.clean.phrases import is_edge_phrase, is_phrase, starts_or_ends_as_phrase
from tasks.clean.segment import Segment
from tasks.writing.measures import width
from tasks.writing.vocabulary import DATE_IN_DIGITS, SENTENCE_STOPS

Matrix = NDArray[np.float64]

#: What a flattened list leaves before its items.
_BULLET = regex.compile(r"[*+\-o•·●▪■◦‣–—»›>→]\s")
_ADDRESS = regex.compile(r"(?:https?://|www\.|@)\S|\S@\S+\.\S")
_SEPARATOR = regex.compile(r"\s[|/·•›»>→–—-]\s|[|›»→•]")
_COMMA = regex.compile(r"[,;،؛、，；・：፣፤၊]")
_INNER_END = regex.compile(rf"[{SENTENCE_STOPS}](?=[\p{{Pe}}\p{{Pf}}\p{{Pi}}\"']*\s|\p{{Lo}})")
_QUOTE = regex.compile(r"[\p{Pi}\p{Pf}\"「」『』《》]")
_NUMBER = regex.compile(r"\p{Nd}+")
_DATE = regex.compile(DATE_IN_DIGITS)
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_RIGHTS = regex.compile(r"©|\(c\)|®", regex.IGNORECASE)

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
    "has_layout",
    "main_indent",
    "indent_distance",
    "gap_before",
    "gap_after",
    "same_indent_before",
    "same_indent_after",
)


def line_features(segments: Sequence[Segment]) -> Matrix:
    """Return one row per line, one column per name in `COLUMNS`; no lines: no rows."""
    if not segments:
        return np.zeros((0, len(COLUMNS)))
    texts = [segment.text for segment in segments]
    counts = Counter(texts)
    words = [_WORD.findall(text) for text in texts]
    own = [_own_features(text, found) for text, found in zip(texts, words, strict=True)]
    widths = np.array([width(text) for text in texts], dtype=np.float64)
    company = [[float(counts[text] > 1)] for text in texts]
    letters = [
        [sum(map(len, found)) / len(text), min(sum(map(len, found)) / max(len(found), 1), 12) / 12]
        for text, found in zip(texts, words, strict=True)
    ]
    return np.hstack(
        [
            _width_features(widths),
            np.array(own),
            np.array(company),
            np.array(letters),
            _layout_features(segments, widths),
        ]
    )


def _width_features(widths: Matrix) -> Matrix:
    log_width = np.minimum(np.log2(1 + widths), 10) / 10
    return np.stack([log_width, widths >= 80, widths < 25], axis=1).astype(np.float64)


def _own_features(text: str, words: Sequence[str]) -> list[float]:
    tail = text.rstrip("\"'»”’)]")[-1:]
    digits = sum(map(len, _NUMBER.findall(text)))
    short = len(text) <= 80
    return [
        float(ends_sentence(text)),
        float(tail in {":", "："}),
        float(tail == "…" or text.endswith(("...", "[...]", "[…]"))),
        float(tail in {"?", "？", "؟", "\u037e"}),
        _capped(len(_INNER_END.findall(text)), 8),
        _capped(len(_COMMA.findall(text)), 8),
        digits / len(text),
        _capped(len(_NUMBER.findall(text)), 8),
        float(_DATE.search(text) is not None),
        float(_BULLET.match(text) is not None),
        float(_ADDRESS.search(text) is not None),
        _capped(len(_SEPARATOR.findall(text)), 4),
        _capped(len(_QUOTE.findall(text)), 4),
        float(_RIGHTS.search(text) is not None),
        *_case_features(text, words),
        float(short and is_phrase(text)),
        float(short and is_edge_phrase(text)),
        float(short and starts_or_ends_as_phrase(text)),
    ]


def _case_features(text: str, words: Sequence[str]) -> list[float]:
    """Return the shares of capitals and of capitalised words, and whether it starts small."""
    upper = sum(char.isupper() for char in text[:200])
    capital = sum(word[0].isupper() for word in words)
    first = words[0][0] if words else ""
    return [upper / len(text[:200]), capital / max(len(words), 1), float(first.islower())]


def _capped(count: int, most: int) -> float:
    return min(count, most) / most


def _layout_features(segments: Sequence[Segment], widths: Matrix) -> Matrix:
    """Return indentation and blank lines; zero for text that has no indentation."""
    count = len(segments)
    indents = np.array([segment.indent or 0 for segment in segments], dtype=np.float64)
    if not indents.any():
        return np.zeros((count, 7))
    main = _main_indent(indents, widths)
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
