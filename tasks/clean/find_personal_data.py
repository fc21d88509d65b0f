"""Find personal data in segments, and take it out of them if that is asked for.

Reads raw_documents, page_metadata and tagged_segments; writes clean_segments and
found_personal_data. Which countries' telephone numbers are looked for is asked of the whole
document: a contact line has no language of its own.
"""

from collections.abc import Iterator

import polars as pl

from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import (
    CLEAN_SEGMENTS,
    FOUND_PERSONAL_DATA,
    PAGE_METADATA,
    TAGGED_SEGMENTS,
)
from tasks.clean.personal_data import Span, find_spans, hinted_kinds, redact, regions_of
from tasks.clean.segment import is_block, placed
from tasks.settings.clean import PersonalDataSettings
from tasks.steps.stage import stage

_Row = tuple[str, int, str, list[Span]]


@stage(
    reads=[
        RAW_DOCUMENTS.only("doc_id", "url", "declared_language"),
        PAGE_METADATA.only("doc_id", "canonical_url", "declared_language"),
        TAGGED_SEGMENTS,
    ],
    writes=[CLEAN_SEGMENTS, FOUND_PERSONAL_DATA],
    packages=["babel", "phonenumbers", "regex"],
)
def find_personal_data(
    raw_documents: pl.DataFrame,
    page_metadata: pl.DataFrame,
    tagged_segments: pl.DataFrame,
    settings: PersonalDataSettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find the personal data of documents.

    Args:
        raw_documents: The records that the segments were cut from.
        page_metadata: What their markup says, one row per document.
        tagged_segments: All segments of some documents, in any order.
        settings: What to look for, and whether to replace it: by its kind in brackets, in
            dropped segments, too.

    Returns:
        `clean_segments`, the same segments, with other texts and positions if it was replaced;
        and `found_personal_data`, a row per span of a kept segment, with offsets in
        `documents.text`. Both sorted by key; a row depends on the rows of its document only.
    """
    segments = tagged_segments.sort(CLEAN_SEGMENTS.key)
    records = raw_documents.join(page_metadata, on="doc_id", how="left", suffix="_of_page")
    searched = list(_searched(segments, records, settings))
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


def _searched(
    segments: pl.DataFrame, records: pl.DataFrame, settings: PersonalDataSettings
) -> Iterator[_Row]:
    """Yield key, text and spans of the segments that hold personal data."""
    hints = hinted_kinds(pl.col("text"), settings.kinds)
    if not hints:
        return
    names = [hint.meta.output_name() for hint in hints]
    # What is dropped is searched only to redact it.
    looked_at = segments if settings.redact else segments.filter("kept")
    columns = looked_at.select(*CLEAN_SEGMENTS.key, "text", "language", *hints)
    hinted = columns.filter(pl.any_horizontal(names))
    homes = _homes(segments.join(hinted, on="doc_id", how="semi"), records)
    for row in hinted.iter_rows(named=True):
        kinds = [kind for kind in settings.kinds if row[kind]]
        languages, url = homes[row["doc_id"]]
        regions = regions_of([row["language"], *languages], url) if "phone" in kinds else ()
        spans = find_spans(row["text"], regions, kinds, thorough=settings.redact)
        if spans:
            yield row["doc_id"], row["segment_index"], row["text"], spans


def _homes(
    segments: pl.DataFrame, records: pl.DataFrame
) -> dict[str, tuple[list[str], str | None]]:
    """Return the languages of each document, commonest first, and its address, by `doc_id`."""
    languages = (
        segments.group_by("doc_id", "language")
        .agg(pl.col("text_chars").filter(~is_block()).sum())
        .sort("doc_id", "text_chars", "language", descending=[False, True, False])
        .group_by("doc_id", maintain_order=True)
        .agg("language")
    )
    known = languages.join(records, on="doc_id", how="left").select(
        "doc_id",
        pl.concat_list(
            "language", "declared_language", "declared_language_of_page"
        ).list.drop_nulls(),
        pl.coalesce("url", "canonical_url"),
    )
    return {doc_id: (tags, url) for doc_id, tags, url in known.iter_rows()}


def _replaced(segments: pl.DataFrame, rows: list[_Row]) -> pl.DataFrame:
    """Return the segments with the texts of the rows, and with the positions that follow."""
    key = list(CLEAN_SEGMENTS.key)
    schema = {name: CLEAN_SEGMENTS.polars_schema[name] for name in [*key, "text"]}
    texts = pl.DataFrame([row[:3] for row in rows], schema=schema, orient="row")
    replaced = segments.update(texts, on=key)
    return placed(replaced.with_columns(text_chars=pl.col("text").str.len_chars().cast(pl.Int64)))
