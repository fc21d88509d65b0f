"""Find documents of low quality, by the limits of their language."""

import polars as pl

from tasks.settings.clean import QualityLimits, QualitySettings
from tasks.writing.languages import KNOWN_TAGS

#: Signals are shown so exactly where they say why a document was dropped.
_DECIMALS = 3


class UnknownQualityLanguage(ValueError):
    """The settings hold limits for a language that is not in the vocabulary."""


def refuse_unknown_languages(settings: QualitySettings) -> None:
    """Make sure that limits are set for languages of the vocabulary only.

    Raises:
        UnknownQualityLanguage: There is another.
    """
    unknown = sorted(settings.languages.keys() - KNOWN_TAGS)
    if unknown:
        raise UnknownQualityLanguage(
            f"setting quality.languages: {', '.join(unknown)} is no language tag; allowed are "
            f"{', '.join(sorted(KNOWN_TAGS))}"
        )


def broken_limits(measured: pl.DataFrame, settings: QualitySettings) -> pl.DataFrame:
    """Say which documents break a limit, and which limits; none with the profile `none`.

    Args:
        measured: `doc_id, language` and the signals.
        settings: The profile and its limits.

    Returns:
        `doc_id, detail` of these documents, e.g. `symbol_share 0.31 > 0.1`.

    Raises:
        UnknownQualityLanguage: As `refuse_unknown_languages`.
    """
    refuse_unknown_languages(settings)
    if settings.profile == "none":
        return measured.select("doc_id", detail=pl.lit("")).clear()
    judged = measured.join(_limits(measured["language"], settings), on="language", how="left")
    breaches = pl.concat_str(_breaches(), separator="; ", ignore_nulls=True)
    return judged.select("doc_id", detail=breaches).filter(pl.col("detail") != "")


def _limits(languages: pl.Series, settings: QualitySettings) -> pl.DataFrame:
    rows = [{"language": tag, **settings.limits(tag)} for tag in languages.unique().sort()]
    limits = dict.fromkeys(QualityLimits.model_fields, pl.Float64)
    return pl.DataFrame(rows, schema={"language": pl.String, **limits})


def _breaches() -> list[pl.Expr]:
    """Return an expression per limit: what breaks it, in words, or null."""
    return [_breach(*name.split("_", maxsplit=1)) for name in QualityLimits.model_fields]


def _breach(bound: str, signal: str) -> pl.Expr:
    value, limit = pl.col(signal), pl.col(f"{bound}_{signal}")
    is_broken, sign = (value < limit, "<") if bound == "min" else (value > limit, ">")
    shown = pl.format(f"{signal} {{}} {sign} {{}}", value.round(_DECIMALS), limit)
    return pl.when(is_broken).then(shown)
