"""Take from documents what they say in another language than their own.

A segment is foreign if its language is certain and none that may be confused with the document's,
or if it is in another script.
"""

import polars as pl

from tasks.clean.foreign import MIN_CONFIDENCE
from tasks.writing.measures import writing_of
from tasks.writing.related import are_related
from tasks.writing.scripts import NO_LETTERS

#: What is read of `clean_segments`.
SEGMENT_COLUMNS = (
    "doc_id",
    "segment_index",
    "text",
    "kept",
    "language",
    "language_confidence",
    "script",
)
_UNKNOWN = "und"


def with_own_text(documents: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Return documents, the text of those with foreign segments without these.

    Args:
        documents: `doc_id`, `text`, `language`, `script`, in any order.
        segments: `SEGMENT_COLUMNS` of their segments, in any order.
    """
    told = documents.select("doc_id", spoken="language", written="script")
    kept = segments.filter("kept").select(SEGMENT_COLUMNS).join(told, on="doc_id")
    kept = kept.join(_foreign_kinds(kept), on=_KIND, how="left")
    is_sure = pl.col("language_confidence") >= MIN_CONFIDENCE
    kept = kept.with_columns(
        is_own=~(pl.col("is_other_script") | (pl.col("is_other_language") & is_sure))
    )
    some_foreign = kept.filter(~pl.col("is_own").all().over("doc_id")).sort(
        "doc_id", "segment_index"
    )
    own = some_foreign.group_by("doc_id", maintain_order=True).agg(
        own_text=pl.col("text").filter("is_own").str.join("\n")
    )
    return (
        documents.join(own, on="doc_id", how="left", maintain_order="left")
        .with_columns(text=pl.coalesce("own_text", "text"))
        .drop("own_text")
    )


_KIND = ("spoken", "written", "language", "script")


def _foreign_kinds(kept: pl.DataFrame) -> pl.DataFrame:
    """Say for each language and script beside those of a document whether they are others."""
    kinds = kept.select(_KIND).unique()
    rows = [
        (*kind, _is_other_language(kind[0], kind[2]), _is_other_script(kind[1], kind[3]))
        for kind in kinds.iter_rows()
    ]
    flags = {"is_other_language": pl.Boolean(), "is_other_script": pl.Boolean()}
    return pl.DataFrame(rows, schema={**kinds.schema, **flags}, orient="row")


def _is_other_language(spoken: str, language: str) -> bool:
    return _UNKNOWN not in {spoken, language} and not (
        spoken == language or are_related(spoken, language)
    )


def _is_other_script(written: str, script: str) -> bool:
    writings = {writing_of(written), writing_of(script)}
    return NO_LETTERS not in writings and len(writings) > 1
