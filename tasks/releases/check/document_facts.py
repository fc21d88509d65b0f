"""The facts about rows of `raw_documents`, `segments` and `documents` that their suites name."""

import polars as pl

from tasks.releases.check.facts import are_known_languages, facts_of_text, with_facts
from tasks.releases.check.text_facts import quality_facts
from tasks.writing.languages import KNOWN_TAGS, fits_script

_LINKS = (
    (
        "duplicate_of",
        "duplicate_is_of_another",
        "duplicate_kind",
        "duplicate_kind_is_set_exactly_for_duplicates",
    ),
    (
        "contained_in",
        "container_is_another",
        "contained_share",
        "contained_share_is_set_exactly_for_contained",
    ),
    (
        "translation_of",
        "translation_is_of_another",
        "translation_score",
        "translation_score_is_set_exactly_for_translations",
    ),
)


def raw_document_facts(raw_documents: pl.DataFrame) -> pl.DataFrame:
    """Add facts to RAW_DOCUMENTS rows."""
    replacements = pl.col("text").str.count_matches("\ufffd", literal=True)
    replaced = pl.col("replaced_chars").is_between(0, replacements)
    return with_facts(
        "raw_documents", raw_documents, **facts_of_text(), replaced_chars_are_in_text=replaced
    )


def segment_facts(segments: pl.DataFrame, raw_documents: pl.DataFrame) -> pl.DataFrame:
    """Add facts to SEGMENTS rows of the documents in RAW_DOCUMENTS."""
    raw = raw_documents.select("doc_id", raw_chars="text_chars").unique("doc_id")
    known = segments.sort("doc_id", "segment_index").join(raw, on="doc_id", how="left")
    known = known.join(_script_facts(segments), on=["language", "script"], how="left")
    kept, index = pl.col("kept"), pl.col("segment_index")
    start, end, raw_chars = pl.col("start_char"), pl.col("end_char"), pl.col("raw_chars")
    place = (pl.col("text_chars") + 1) * kept
    place = place.cum_sum().over("doc_id") - place
    unplaced = start.is_null() & end.is_null()
    placed = (start >= 0) & (start < end) & (end <= raw_chars)
    analysed = pl.col("analysis") == "analysed"
    return with_facts(
        "segments",
        known,
        **facts_of_text(),
        is_in_raw_documents=raw_chars.is_not_null(),
        index_is_gapless=index.is_between(0, pl.len().over("doc_id") - 1),
        raw_offsets_are_sound=unplaced | placed.fill_null(value=False),
        reason_is_set_exactly_when_dropped=kept == pl.col("reason").is_null(),
        place_in_document_is_right=pl.col("document_start_char").eq_missing(
            pl.when(kept).then(place)
        ),
        analysis_fits_segment=(kept != (pl.col("analysis") == "dropped"))
        & (analysed == pl.col("entity_model").is_not_null()),
    )


def _script_facts(segments: pl.DataFrame) -> pl.DataFrame:
    """Say which languages may be written in which scripts; null: the language is unknown."""
    pairs = segments.select("language", "script").unique().drop_nulls()
    fits = [
        fits_script(language, script) if language in KNOWN_TAGS else None
        for language, script in pairs.iter_rows()
    ]
    return pairs.with_columns(pl.Series("script_fits_language", fits, dtype=pl.Boolean))


def document_facts(
    documents: pl.DataFrame,
    raw_documents: pl.DataFrame,
    segments: pl.DataFrame,
    mentions: pl.DataFrame,
    sentence_chars: int,
) -> pl.DataFrame:
    """Add facts to DOCUMENTS rows.

    Args:
        documents: DOCUMENTS rows.
        raw_documents: RAW_DOCUMENTS rows of the same documents.
        segments: SEGMENTS rows of the same documents.
        mentions: MENTIONS rows of the same documents.
        sentence_chars: Characters of a sentence that counts as repeated.
    """
    raw = raw_documents.select("doc_id", raw_uri="source_uri").unique("doc_id")
    counts = mentions.group_by("doc_id").agg(found_mentions=pl.len())
    known = documents.join(raw, on="doc_id", how="left")
    known = known.join(_sums(segments), on="doc_id", how="left")
    known = known.join(counts, on="doc_id", how="left")
    known = known.join(quality_facts(documents, sentence_chars), on="doc_id", how="left")
    return with_facts(
        "documents",
        known.with_columns(_shares().list.sum().alias("language_shares_sum")),
        **facts_of_text(),
        is_in_raw_documents=pl.col("source_uri") == pl.col("raw_uri"),
        text_is_its_kept_segments=pl.col("text") == pl.col("joined_text"),
        segment_counts_add_up=_same("segments_kept", "segments_dropped", "dropped_chars"),
        mention_count_adds_up=pl.col("mention_count") == pl.col("found_mentions").fill_null(0),
        has_no_control_characters=pl.col("has_control_characters").not_(),
        language_shares_are_sorted=_shares_are_sorted(),
        **_link_facts(),
    ).drop("joined_text")


def _link_facts() -> dict[str, pl.Expr]:
    """Return the facts about columns that name another document, and those that say how."""
    facts = {}
    for link, is_of_another, described_by, is_described in _LINKS:
        facts[is_of_another] = pl.col(link).ne_missing(pl.col("doc_id"))
        facts[is_described] = pl.col(link).is_null() == pl.col(described_by).is_null()
    return facts


def _sums(segments: pl.DataFrame) -> pl.DataFrame:
    kept, text = pl.col("kept"), pl.col("text")
    return (
        segments.sort("doc_id", "segment_index")
        .group_by("doc_id")
        .agg(
            joined_text=text.filter(kept).str.join("\n"),
            found_segments_kept=kept.sum(),
            found_segments_dropped=kept.not_().sum(),
            found_dropped_chars=pl.col("text_chars").filter(kept.not_()).sum(),
        )
    )


def _same(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(column) == pl.col(f"found_{column}") for column in columns)


def _shares() -> pl.Expr:
    return pl.col("language_shares").list.eval(pl.element().struct.field("share"))


def _shares_are_sorted() -> pl.Expr:
    """Whether shares fall, and the languages are known, one share each.

    Shares may be equal, so the order is that of the values, not of the pairs.
    """
    languages = pl.col("language_shares").list.eval(pl.element().struct.field("language"))
    falling = _shares() == _shares().list.sort(descending=True)
    return (
        falling
        & are_known_languages(languages)
        & (languages.list.n_unique() == languages.list.len())
    )
