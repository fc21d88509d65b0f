"""Find the names in each kept segment with the model of its language.

Reads: clean_documents, clean_segments, duplicates.
Writes: segments, found_mentions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from expectations.tables import SEGMENTS
from expectations.working_tables import CLEAN_DOCUMENTS, CLEAN_SEGMENTS, DUPLICATES, FOUND_MENTIONS
from tasks.mentions.backends import (
    check_backends,
    load,
    model_context,
    model_for,
    models_in_use,
    readable_segments,
)
from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import MAX_TEXT_CHARS, EntityModel, ModelIdentity, Span
from tasks.mentions.labels import DROPPED, meaning_of
from tasks.mentions.mention_edges import trimmed, without_overlaps
from tasks.mentions.pieces import Piece, cut_pieces
from tasks.settings import EntitySettings
from tasks.steps.stage import stage
from tasks.writing.languages import UNDETERMINED
from tasks.writing.scripts import script_of, written_script

#: Pieces of one document that a model sees at once: bounds memory (64 × 1,500 characters).
#: Never of two documents, since sums in another order may change a close decision.
BATCH_PIECES = 64


@dataclass(frozen=True)
class _Segment:
    """A segment to be read, the part of it at hand, and what was found or went wrong."""

    doc_id: str
    segment_index: int
    text: str
    language: str
    document_start_char: int
    spans: tuple[Span, ...] = ()
    failure: str | None = None


@stage(
    reads=[CLEAN_DOCUMENTS.only("doc_id"), CLEAN_SEGMENTS, DUPLICATES],
    writes=[SEGMENTS, FOUND_MENTIONS],
    row_context=model_context,
    surroundings=models_in_use,
)
def extract_entities(
    clean_documents: pl.DataFrame,
    clean_segments: pl.DataFrame,
    duplicates: pl.DataFrame,
    settings: EntitySettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find names in the kept segments of documents that repeat no other.

    Args:
        clean_documents: CLEAN_DOCUMENTS.
        clean_segments: CLEAN_SEGMENTS; those of other documents are passed on unread.
        duplicates: DUPLICATES.
        settings: Which model reads which language.

    Returns:
        SEGMENTS, every segment with whether and by what it was read, and FOUND_MENTIONS,
        both sorted by key; offsets are those of `documents.text`. Empty frames give empty
        frames.

    Raises:
        ModelError: The settings name an unknown language, model or label.
    """
    check_backends(settings)
    readable = readable_segments(clean_documents, clean_segments, duplicates)
    languages = readable["language"].unique().sort().to_list()
    models = {tag: model for tag in languages if (model := model_for(tag, settings)) is not None}
    read = list(_read_all(readable, models, settings))
    mentions = [
        _mention_row(segment, span, models[segment.language].title)
        for segment in read
        for span in segment.spans
    ]
    segments = _with_analysis(clean_segments, clean_documents, duplicates, models, read)
    return segments, FOUND_MENTIONS.frame(mentions).sort(FOUND_MENTIONS.key)


def _read_all(
    readable: pl.DataFrame, models: dict[str, ModelIdentity], settings: EntitySettings
) -> Iterator[_Segment]:
    """Read segments, all of one document and language at a time."""
    columns = ["doc_id", "segment_index", "text", "language", "document_start_char"]
    with_model = readable.filter(pl.col("language").is_in(list(models))).select(columns)
    for _, group in with_model.group_by("doc_id", "language", maintain_order=True):
        segments = [_Segment(**row) for row in group.iter_rows(named=True)]
        model = models[segments[0].language]
        read = [_named(s, model.title, settings) for s in _read(segments, load(model))]
        yield from _consistent(read) if settings.document_consistency else read


def _consistent(segments: list[_Segment]) -> list[_Segment]:
    """Give the segments of a document in one language the names that were seen in others."""
    found = consistent([s.text for s in segments], [s.spans for s in segments])
    return [
        segment if segment.failure else replace(segment, spans=tuple(spans))
        for segment, spans in zip(segments, found, strict=True)
    ]


def _read(segments: list[_Segment], model: EntityModel) -> Iterable[_Segment]:
    """Read segments together; if the model fails, one by one, to find out at which."""
    try:
        found = _find(segments, model)
    except model.failures as error:
        if len(segments) > 1:
            return [read for segment in segments for read in _read([segment], model)]
        return [replace(segments[0], failure=f"{type(error).__name__}: {error}")]
    return [replace(s, spans=tuple(spans)) for s, spans in zip(segments, found, strict=True)]


def _find(segments: list[_Segment], model: EntityModel) -> list[list[Span]]:
    """Return the names in each segment, with offsets in its text."""
    pieces = [
        (place, piece)
        for place, segment in enumerate(segments)
        for piece in cut_pieces(segment.text, MAX_TEXT_CHARS)
    ]
    found: list[list[Span]] = [[] for _ in segments]
    for first in range(0, len(pieces), BATCH_PIECES):
        batch = pieces[first : first + BATCH_PIECES]
        spans_per_piece = model.find([piece.text for _, piece in batch])
        for (place, piece), spans in zip(batch, spans_per_piece, strict=True):
            found[place].extend(_shifted(spans, piece))
    return found


def _shifted(spans: list[Span], piece: Piece) -> list[Span]:
    return [Span(s.start + piece.start, s.end + piece.start, s.label) for s in spans]


def _named(segment: _Segment, model: str, settings: EntitySettings) -> _Segment:
    """Give the names of a segment our labels and their bare edges; drop what is no name."""
    named = [
        span._replace(label=meaning)
        for span in segment.spans
        if (meaning := meaning_of(span.label, model, settings)) != DROPPED
    ]
    bare = [span for marked in named if (span := trimmed(segment.text, marked)) is not None]
    return replace(segment, spans=tuple(without_overlaps(bare)))


def _mention_row(segment: _Segment, span: Span, model: str) -> dict[str, object]:
    surface = segment.text[span.start : span.end]
    return {
        "doc_id": segment.doc_id,
        "segment_index": segment.segment_index,
        "start_char": segment.document_start_char + span.start,
        "end_char": segment.document_start_char + span.end,
        "surface": surface,
        "label": span.label,
        "language": segment.language,
        "script": written_script(script_of(surface), segment.language),
        "model": model,
    }


def _with_analysis(
    clean_segments: pl.DataFrame,
    clean_documents: pl.DataFrame,
    duplicates: pl.DataFrame,
    models: dict[str, ModelIdentity],
    read: list[_Segment],
) -> pl.DataFrame:
    """Say of every segment whether it was read, by which model, and else why not."""
    failed = pl.DataFrame(
        [(s.doc_id, s.segment_index, s.failure) for s in read if s.failure is not None],
        schema={"doc_id": pl.String, "segment_index": pl.Int64, "failure": pl.String},
        orient="row",
    )
    titles = {language: model.title for language, model in models.items()}
    titled = pl.col("language").replace_strict(titles, default=None, return_dtype=pl.String())
    analysed = pl.col("analysis") == "analysed"
    return (
        clean_segments.join(failed, on=["doc_id", "segment_index"], how="left")
        .with_columns(_analysis(clean_documents, duplicates, list(models)).alias("analysis"))
        .with_columns(
            pl.coalesce("failure", "detail").alias("detail"),
            pl.when(analysed).then(titled).alias("entity_model"),
        )
        .select(SEGMENTS.column_names)
        .sort(SEGMENTS.key)
    )


def _analysis(
    clean_documents: pl.DataFrame, duplicates: pl.DataFrame, languages: list[str]
) -> pl.Expr:
    """Return what `analysis` says: the first thing that kept a segment from being read."""
    is_document = pl.col("doc_id").is_in(clean_documents["doc_id"].to_list())
    is_duplicate = pl.col("doc_id").is_in(duplicates["doc_id"].to_list())
    return (
        pl.when(~pl.col("kept"))
        .then(pl.lit("dropped"))
        .when(~is_document)
        .then(pl.lit("rejected"))
        .when(is_duplicate)
        .then(pl.lit("duplicate"))
        .when(pl.col("language") == UNDETERMINED)
        .then(pl.lit("not_language"))
        .when(~pl.col("language").is_in(languages))
        .then(pl.lit("no_model"))
        .when(pl.col("failure").is_not_null())
        .then(pl.lit("model_failed"))
        .otherwise(pl.lit("analysed"))
    )
