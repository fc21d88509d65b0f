"""Declare the quality signals: columns of `documents` that say what its text is like."""

from expectations.schema import FLOAT, INTEGER, Column

_SHARE_OF_CHARS = "share of the visible characters of `text`"
_SHARE_OF_LINES = "share of the lines of `text`"
_SHARE_OF_RUNS = "of the runs of five words (letters, in scripts without spaces) the share"
#: Measured of every document (docs/quality.md); null where a signal has no meaning.
QUALITY_SIGNALS = tuple(
    Column(name, INTEGER if name == "word_count" else FLOAT, meaning, nullable=True)
    for name, meaning in (
        ("letter_share", f"{_SHARE_OF_CHARS} that are letters or marks"),
        ("digit_share", f"{_SHARE_OF_CHARS} that are digits"),
        ("symbol_share", f"{_SHARE_OF_CHARS} that are symbols"),
        ("terminal_line_share", f"{_SHARE_OF_LINES} that end as sentences do; null: Thai, Lao"),
        ("ellipsis_line_share", f"{_SHARE_OF_LINES} that end in an ellipsis"),
        ("bullet_line_share", f"{_SHARE_OF_LINES} that begin with a bullet"),
        ("repeated_line_share", f"{_SHARE_OF_LINES} that stand earlier in it"),
        ("repeated_line_chars_share", "the same, weighted by length"),
        ("word_count", "words; null: a script without spaces"),
        ("mean_word_chars", "mean length of the words; null: a script without spaces"),
        ("stop_word_share", "stop words among the words; null: no list for language and script"),
        ("repeated_run_share", f"{_SHARE_OF_RUNS} that stand earlier; null: shorter than a run"),
        ("top_run_share", f"{_SHARE_OF_RUNS} that are the commonest one, 0 if none comes again"),
    )
)
