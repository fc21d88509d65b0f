"""Find personal data in segments, and take it out of them if that is asked for.

Reads tagged_segments; writes clean_segments and found_personal_data.
"""

from collections.abc import Iterator

import polars as pl

from expectations.working_tables import CLEAN_SEGMENTS, FOUND_PERSONAL_DATA, TAGGED_SEGMENTS
from tasks.clean.personal_data import Span, find_spans, hinted_kinds, redact
from tasks.clean.segment import placed
from tasks.settings.clean import PersonalDataSettings
from tasks.steps.stage import stage

_Row = tuple[str, int, str, list[Span]]


@stage(
    reads=[TAGGED_SEGMENTS],
    writes=[CLEAN_SEGMENTS, FOUND_PERSONAL_DATA],
    packages=["babel", "phonenumbers", "regex"],
)
def find_personal_data(
    tagged_segments: pl.DataFrame, settings: PersonalDataSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find the personal data of documents.

    Args:
        tagged_segments: All segments of some documents, in any order.
        settings: What to look for, and whether to replace it: by its kind in brackets, in
            dropped segments, too.

    Returns:
        `clean_segments`, the same segments, with other texts and positions if it was replaced;
        and `found_personal_data`, a row per span of a kept segment, with offsets in
        `documents.text`. Both sorted by key; a row depends on the rows of its document only.
    """
    segments = tagged_segments.sort(CLEAN_SEGMENTS.key)
    searched = list(_searched(segments, settings))
    if settings.redact:
        searched = [
            (doc_id, index, *redact(text, spans)) for doc_id, index, text, spans in searched
        ]
        segments = _replaced(segments, searched)
    positions = segments.filter("kept").select(*CLEAN_SEGMENTS.key, "document_start_char")
    starts = {(doc_id, index): start for doc_id, index, start in positions.iter_rows()}
    rows = [
        (doc_id, starts[doc_id, index] + span.start, starts[doc_id, index] + span.end, *span[2:])
        for doc_id, index, _, spans in searched
        if (doc_id, index) in starts
        for span in spans
    ]
    found = pl.DataFrame(rows, schema=FOUND_PERSONAL_DATA.polars_schema, orient="row")
    return segments, found.sort(FOUND_PERSONAL_DATA.key)


def _searched(segments: pl.DataFrame, settings: PersonalDataSettings) -> Iterator[_Row]:
    """Yield key, text and spans of the segments that hold personal data."""
    hints = hinted_kinds(pl.col("text"), settings.kinds)
    if not hints:
        return
    names = [hint.meta.output_name() for hint in hints]
    columns = segments.select(*CLEAN_SEGMENTS.key, "text", "language", *hints)
    for row in columns.filter(pl.any_horizontal(names)).iter_rows(named=True):
        kinds = [kind for kind in settings.kinds if row[kind]]
        spans = find_spans(row["text"], row["language"], kinds)
        if spans:
            yield row["doc_id"], row["segment_index"], row["text"], spans


def _replaced(segments: pl.DataFrame, rows: list[_Row]) -> pl.DataFrame:
    """Return the segments with the texts of the rows, and with the positions that follow."""
    key = list(CLEAN_SEGMENTS.key)
    schema = {name: CLEAN_SEGMENTS.polars_schema[name] for name in [*key, "text"]}
    texts = pl.DataFrame([row[:3] for row in rows], schema=schema, orient="row")
    replaced = segments.update(texts, on=key)
    return placed(replaced.with_columns(text_chars=pl.col("text").str.len_chars().cast(pl.Int64)))
