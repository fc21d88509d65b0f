"""Find the names in each kept segment with the model of its language.

Reads: clean_documents, clean_segments, duplicates, novelties.
Writes: segments, found_mentions.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl
import regex

from expectations.tables import SEGMENTS
from expectations.working_tables import (
    CLEAN_DOCUMENTS,
    CLEAN_SEGMENTS,
    DUPLICATES,
    FOUND_MENTIONS,
    NOVELTIES,
    SUPERSEDED,
)
from tasks.mentions.backends import (
    DROPPED,
    load,
    meaning_of,
    model_context,
    model_for,
    models_in_use,
    readable_segments,
    with_readers,
)
from tasks.mentions.confidence import confident
from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import MAX_TEXT_CHARS, EntityModel, ModelIdentity, Span
from tasks.mentions.name_edges import names_in, without_overlaps
from tasks.mentions.whole_names import whole_names
from tasks.settings import EntitySettings
from tasks.steps.stage import stage
from tasks.writing.scripts import script_of, written_script
from tasks.writing.vocabulary import IDEOGRAPHIC_STOPS, SENTENCE_STOPS

#: After a full stop only where white space follows: `U.S. Steel` may be cut, `example.com` not.
#: The stops of Chinese and Japanese need none. Marks at which nothing ends are passed over at once:
#: from each of a run of points the rest of it would be looked at.
_ENDS = (
    regex.compile(
        rf"(?P<end>\n++|[{IDEOGRAPHIC_STOPS}]++\p{{P}}*+\s*+|[{SENTENCE_STOPS}]++\p{{P}}*+\s++)"
        rf"|[[{SENTENCE_STOPS}\p{{P}}]--[{IDEOGRAPHIC_STOPS}]]++",
        regex.VERSION1,
    ),
    regex.compile(r"(?P<end>\s+)"),
)


class Piece(NamedTuple):
    """A part of a text and the code point at which it begins."""

    start: int
    text: str


class Reading(NamedTuple):
    """The names that were found in a text, or how the model failed at it."""

    spans: tuple[Span, ...] = ()
    failure: str | None = None


@stage(
    reads=[CLEAN_DOCUMENTS.only("doc_id"), CLEAN_SEGMENTS, DUPLICATES, NOVELTIES.only("doc_id")],
    writes=[SEGMENTS, FOUND_MENTIONS],
    packages=[
        "anyascii",
        "babel",
        "jieba",
        "natasha",
        "navec",
        "onnxruntime",
        "packaging",
        "pyahocorasick",
        "razdel",
        "regex",
        "slovnet",
        "spacy",
        "sudachidict-core",
        "sudachipy",
        "thinc",
        "threadpoolctl",
        "tokenizers",
    ],
    row_context=model_context,
    surroundings=models_in_use,
)
def extract_entities(
    clean_documents: pl.DataFrame,
    clean_segments: pl.DataFrame,
    duplicates: pl.DataFrame,
    novelties: pl.DataFrame,
    settings: EntitySettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find names in the kept segments of documents that say something that no other says.

    Args:
        clean_documents: CLEAN_DOCUMENTS.
        clean_segments: CLEAN_SEGMENTS; those of other documents are passed on unread.
        duplicates: DUPLICATES.
        novelties: NOVELTIES; of other duplicates the segments are passed on unread.
        settings: Which model reads which language.

    Returns:
        SEGMENTS, every segment with whether and by what it was read, and FOUND_MENTIONS,
        both sorted by key; offsets are those of `documents.text`. Empty frames give empty
        frames.

    Raises:
        ModelError: The settings name an unknown model or label (`check_backends` says so earlier).
    """
    duplicates = duplicates.join(novelties, on="doc_id", how="anti")
    readable = readable_segments(clean_documents, clean_segments, duplicates)
    languages = readable["reader"].unique().sort().to_list()
    wanted = languages if settings.enabled else []
    models = {tag: model for tag in wanted if (model := model_for(tag, settings)) is not None}
    columns = ["doc_id", "segment_index", "text", "language", "reader", "document_start_char"]
    with_model = readable.filter(pl.col("reader").is_in(list(models))).select(columns)
    read = _read_all(with_model, models, settings)
    segments = _with_analysis(
        clean_segments, clean_documents, duplicates, models, _failures(with_model, read)
    )
    if not settings.enabled:
        segments = segments.with_columns(pl.col("analysis").replace("no_model", "switched_off"))
    return segments, _mentions(with_model, models, [reading.spans for reading in read])


def _read_all(
    segments: pl.DataFrame, models: dict[str, ModelIdentity], settings: EntitySettings
) -> list[Reading]:
    """Read segments, all of one model together; return what is found in each."""
    texts = segments["text"].to_list()
    documents = list(zip(segments["doc_id"], segments["reader"], strict=True))
    by_model: dict[ModelIdentity, list[int]] = defaultdict(list)
    for number, (_, language) in enumerate(documents):
        by_model[models[language]].append(number)
    found: dict[int, Reading] = {}
    for identity, numbers in by_model.items():
        model = load(identity)
        for group in _groups(numbers, documents, model):
            pairs = [(texts[number], documents[number][1]) for number in group]
            read = _read_distinct(pairs, identity, model, settings)
            found.update(zip(group, map(read.__getitem__, pairs), strict=True))
    if settings.document_consistency:
        _make_consistent(documents, texts, found, settings)
    return [found[number] for number in range(len(texts))]


def _groups(
    numbers: list[int], documents: list[tuple[str, str]], model: EntityModel
) -> Iterable[list[int]]:
    """Return which segments a model reads together: all, if the company changes nothing."""
    if model.is_steady:
        return [numbers]
    by_document: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in numbers:
        by_document[documents[number]].append(number)
    return by_document.values()


def _read_distinct(
    texts: list[tuple[str, str]],
    identity: ModelIdentity,
    model: EntityModel,
    settings: EntitySettings,
) -> dict[tuple[str, str], Reading]:
    """Read each different text of a language once; its names get labels of ours and bare edges."""
    distinct = list(dict.fromkeys(text for text, _ in texts))
    readings = dict(zip(distinct, _read(distinct, model), strict=True))
    found: dict[tuple[str, str], Reading] = {}
    for text, language in dict.fromkeys(texts):
        own = labelled(readings[text].spans, identity.title, settings)
        sure = [confident(span, model.scorer) for span in own]
        spans = whole_names(text, named(text, sure, language), language)
        found[text, language] = readings[text]._replace(spans=_sure_enough(spans, settings))
    return found


def _read(texts: list[str], model: EntityModel) -> list[Reading]:
    """Read texts together; if the model fails, by halves, to find out at which."""
    try:
        return [Reading(tuple(spans)) for spans in _find(texts, model)]
    except model.failures as error:
        if len(texts) == 1:
            return [Reading(failure=f"{type(error).__name__}: {error}")]
        half = len(texts) // 2
        return _read(texts[:half], model) + _read(texts[half:], model)


def _find(texts: list[str], model: EntityModel) -> list[list[Span]]:
    """Return the names in each text, with offsets in it."""
    pieces = [
        (number, piece)
        for number, text in enumerate(texts)
        for piece in cut_pieces(text, MAX_TEXT_CHARS)
    ]
    found: list[list[Span]] = [[] for _ in texts]
    spans_per_piece = model.find([piece.text for _, piece in pieces])
    for (number, piece), spans in zip(pieces, spans_per_piece, strict=True):
        first = piece.start
        found[number].extend(s._replace(start=s.start + first, end=s.end + first) for s in spans)
    return found


def cut_pieces(text: str, max_chars: int) -> list[Piece]:
    """Cut a text into pieces of at most `max_chars` code points; blank pieces are left out.

    A piece ends where the last sentence within the limit seems to end; else at the last white
    space; else at the limit. Pieces of half the limit or less are not made for that.
    """
    pieces, start = [], 0
    while start < len(text):
        end = _end_of_piece(text, start, max_chars)
        pieces.append(Piece(start, text[start:end]))
        start = end
    return [piece for piece in pieces if piece.text.strip()]


def _end_of_piece(text: str, start: int, max_chars: int) -> int:
    limit = start + max_chars
    if len(text) <= limit:
        return len(text)
    for pattern in _ENDS:
        found = pattern.finditer(text, limit - max_chars // 2, limit)
        ends = [match.end() for match in found if match["end"]]
        if ends:
            return ends[-1]
    return limit


def labelled(spans: Iterable[Span], model: str, settings: EntitySettings) -> list[Span]:
    """Return what a model marked with labels of ours; what it means by no name is dropped."""
    return [
        span._replace(label=meaning)
        for span in spans
        if (meaning := meaning_of(span.label, model, settings)) != DROPPED
    ]


def named(text: str, spans: Iterable[Span], language: str) -> list[Span]:
    """Return the names in what was marked in a text, in order and without overlaps."""
    return without_overlaps([name for span in spans for name in names_in(text, span, language)])


def _make_consistent(
    documents: list[tuple[str, str]],
    texts: list[str],
    found: dict[int, Reading],
    settings: EntitySettings,
) -> None:
    """Give the segments of a document in one language the names that were seen in others."""
    by_document: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        by_document[document].append(number)
    for (_, language), numbers in by_document.items():
        spans = [found[number].spans for number in numbers]
        if any(spans):
            joined = consistent([texts[number] for number in numbers], spans, language)
            for number, names in zip(numbers, joined, strict=True):
                if found[number].failure is None:
                    found[number] = Reading(_sure_enough(map(_sure_of_other, names), settings))


def _sure_enough(spans: Iterable[Span], settings: EntitySettings) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.score >= settings.min_confidence)


def _sure_of_other(span: Span) -> Span:
    """Return a name, with how probable it is if it was seen elsewhere in the document."""
    return confident(span, "consistency") if span.evidence == "consistency" else span


def _mentions(
    segments: pl.DataFrame, models: dict[str, ModelIdentity], spans: list[tuple[Span, ...]]
) -> pl.DataFrame:
    """Return FOUND_MENTIONS of the names in each segment."""
    rows = [(number, *span) for number, names in enumerate(spans) for span in names]
    schema = {
        "row": pl.UInt32,
        "start": pl.Int64,
        "end": pl.Int64,
        "label": pl.String,
        "confidence": pl.Float64,
        "evidence": pl.String,
    }
    names = pl.DataFrame(rows, schema=schema, orient="row")
    texts, start = segments["text"].to_list(), pl.col("document_start_char")
    surfaces = [texts[number][first:last] for number, first, last, *_ in rows]
    titles = {language: model.title for language, model in models.items()}
    mentions = pl.concat([names, segments.drop("text")[names["row"]]], how="horizontal")
    return (
        mentions.with_columns(
            pl.Series("surface", surfaces, dtype=pl.String),
            (start + pl.col("start")).alias("start_char"),
            (start + pl.col("end")).alias("end_char"),
            pl.col("reader").replace_strict(titles, return_dtype=pl.String()).alias("model"),
        )
        .with_columns(_script_of_each(surfaces, mentions["language"].to_list()))
        .select(FOUND_MENTIONS.column_names)
        .sort(FOUND_MENTIONS.key)
    )


def _script_of_each(surfaces: list[str], languages: list[str]) -> pl.Series:
    """Return the script that each name is written in, found once for each different one."""
    scripts = {surface: script_of(surface) for surface in set(surfaces)}
    written = [
        written_script(scripts[surface], language)
        for surface, language in zip(surfaces, languages, strict=True)
    ]
    return pl.Series("script", written, dtype=pl.String)


def _failures(segments: pl.DataFrame, read: list[Reading]) -> pl.DataFrame:
    """Return `doc_id, segment_index, failure` of the segments at which a model failed."""
    failures = pl.Series("failure", [reading.failure for reading in read], dtype=pl.String)
    keys = segments.select("doc_id", "segment_index")
    return keys.with_columns(failures).filter(pl.col("failure").is_not_null())


def _with_analysis(
    clean_segments: pl.DataFrame,
    clean_documents: pl.DataFrame,
    duplicates: pl.DataFrame,
    models: dict[str, ModelIdentity],
    failed: pl.DataFrame,
) -> pl.DataFrame:
    """Say of every segment whether it was read, by which model, and else why not."""
    titles = {language: model.title for language, model in models.items()}
    titled = pl.col("reader").replace_strict(titles, default=None, return_dtype=pl.String())
    analysed = pl.col("analysis") == "analysed"
    return (
        with_readers(clean_segments)
        .join(failed, on=["doc_id", "segment_index"], how="left")
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
    superseded = duplicates.filter(duplicate_kind=SUPERSEDED)
    is_superseded = pl.col("doc_id").is_in(superseded["doc_id"].to_list())
    return (
        pl.when(~pl.col("kept"))
        .then(pl.lit("dropped"))
        .when(~is_document)
        .then(pl.lit("rejected"))
        .when(is_superseded)
        .then(pl.lit(SUPERSEDED))
        .when(is_duplicate)
        .then(pl.lit("duplicate"))
        .when(pl.col("reader").is_null())
        .then(pl.lit("not_language"))
        .when(~pl.col("reader").is_in(languages))
        .then(pl.lit("no_model"))
        .when(pl.col("failure").is_not_null())
        .then(pl.lit("model_failed"))
        .otherwise(pl.lit("analysed"))
    )
