"""What the lines of a text are: ended, repeated, bullet points, cut off."""

import polars as pl

from tasks.writing.vocabulary import CLOSERS, SENTENCE_ENDS, STOPLESS_SCRIPTS

_CLOSING = f"[{CLOSERS}]*$"
_TERMINATED = f"[{SENTENCE_ENDS}]{_CLOSING}"
#: Armenian ends sentences with `։`, for which many type a colon.
_COLON_SCRIPT, _COLON = "Armn", rf":{_CLOSING}"
_CUT_OFF = rf"(?:[\u2026\u22ef]|\.\.\.|。。。){_CLOSING}"
#: No dashes: a line of dialogue begins with one in most of Europe.
_BULLET = r"^[•‣⁃⁌⁍∙▪▫▶►▸◀◂■□◆◇●○◦★☆✓✔✗➢➤➔→⇒※・·*]"


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
