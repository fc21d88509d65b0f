"""The facts about single rows that the suites of `expectations.suites` name.

Each function adds boolean or numeric columns to a table's rows and drops the wide ones.
A fact is false where what it compares is missing. Offsets count code points.
"""

import polars as pl

from expectations.tables import TABLES
from tasks.check.text_facts import quality_facts
from tasks.languages.vocabulary import KNOWN_TAGS, fits_script
from tasks.reasons import REASONS

_DROPPED_COLUMNS = ("text", "language_shares", "names", "documents", "languages")


def with_facts(table: str, frame: pl.DataFrame, **facts: pl.Expr) -> pl.DataFrame:
    """Add boolean facts, false for null, and drop the columns that are wide."""
    key = pl.all_horizontal(pl.col(TABLES[table].key).is_not_null())
    facts = {"key_is_present": key, **facts}
    columns = [fact.fill_null(value=False).alias(name) for name, fact in facts.items()]
    return frame.with_columns(columns).drop(_DROPPED_COLUMNS, strict=False)


def _text_facts() -> dict[str, pl.Expr]:
    text = pl.col("text")
    return {
        "text_chars_is_right": text.str.len_chars() == pl.col("text_chars"),
        "text_is_not_blank": text.str.contains(r"\S"),
    }


def raw_document_facts(raw_documents: pl.DataFrame) -> pl.DataFrame:
    """Add facts to RAW_DOCUMENTS rows."""
    replacements = pl.col("text").str.count_matches("\ufffd", literal=True)
    replaced = pl.col("replaced_chars").is_between(0, replacements)
    return with_facts(
        "raw_documents", raw_documents, **_text_facts(), replaced_chars_are_in_text=replaced
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
        **_text_facts(),
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
        **_text_facts(),
        is_in_raw_documents=pl.col("source_uri") == pl.col("raw_uri"),
        text_is_its_kept_segments=pl.col("text") == pl.col("joined_text"),
        segment_counts_add_up=_same("segments_kept", "segments_dropped", "dropped_chars"),
        mention_count_adds_up=pl.col("mention_count") == pl.col("found_mentions").fill_null(0),
        has_no_control_characters=pl.col("has_control_characters").not_(),
        language_shares_are_sorted=_shares_are_sorted(),
        duplicate_is_of_another=pl.col("duplicate_of").ne_missing(pl.col("doc_id")),
        duplicate_kind_is_set_exactly_for_duplicates=pl.col("duplicate_of").is_null()
        == pl.col("duplicate_kind").is_null(),
        container_is_another=pl.col("contained_in").ne_missing(pl.col("doc_id")),
        contained_share_is_set_exactly_for_contained=pl.col("contained_in").is_null()
        == pl.col("contained_share").is_null(),
        translation_is_of_another=pl.col("translation_of").ne_missing(pl.col("doc_id")),
        translation_score_is_set_exactly_for_translations=pl.col("translation_of").is_null()
        == pl.col("translation_score").is_null(),
    ).drop("joined_text")


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
    return falling & _are_known(languages) & (languages.list.n_unique() == languages.list.len())


def _are_known(languages: pl.Expr) -> pl.Expr:
    known = pl.Series(sorted(KNOWN_TAGS))
    return languages.list.eval(pl.element().is_in(known.implode())).list.all()


def mention_facts(
    mentions: pl.DataFrame, documents: pl.DataFrame, segments: pl.DataFrame
) -> pl.DataFrame:
    """Add facts to MENTIONS rows of the documents in DOCUMENTS and SEGMENTS."""
    chars = documents.select("doc_id", document_chars="text_chars").unique("doc_id")
    read = segments.filter(pl.col("analysis") == "analysed").select(
        "doc_id",
        "segment_index",
        segment_start="document_start_char",
        segment_end=pl.col("document_start_char") + pl.col("text_chars"),
    )
    known = mentions.join(chars, on="doc_id", how="left")
    known = known.join(
        read.unique(["doc_id", "segment_index"]), on=["doc_id", "segment_index"], how="left"
    ).with_columns(found_surface=_found_surfaces(mentions, documents))
    start, end = pl.col("start_char"), pl.col("end_char")
    return with_facts(
        "mentions",
        known,
        is_in_documents=pl.col("document_chars").is_not_null(),
        offsets_are_inside_text=(start >= 0) & (start < end) & (end <= pl.col("document_chars")),
        surface_is_in_text=pl.col("surface") == pl.col("found_surface"),
        is_inside_analysed_segment=(start >= pl.col("segment_start"))
        & (end <= pl.col("segment_end")),
    )


def _found_surfaces(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.Series:
    """Return what stands at each mention's offsets.

    Python slices code points in constant time; `str.slice` walks the text from its
    beginning, which is quadratic in a long document with many mentions.
    """
    texts = dict(documents.select("doc_id", "text").iter_rows())
    places = mentions.select("doc_id", "start_char", "end_char").iter_rows()
    found = [texts.get(doc_id, "")[start:end] for doc_id, start, end in places]
    return pl.Series(found, dtype=pl.String)


def entity_facts(entities: pl.DataFrame) -> pl.DataFrame:
    """Add facts to ENTITIES rows."""
    names = pl.col("names").list
    counts = names.eval(pl.element().struct.field("count")).list.sum()
    languages = names.eval(pl.element().struct.field("language"))
    return with_facts(
        "entities",
        entities,
        names_are_sound=_are_known(languages) & (counts == pl.col("mention_count")),
        document_count_is_right=_documents_are_counted(),
    )


def story_facts(stories: pl.DataFrame) -> pl.DataFrame:
    """Add facts to STORIES rows."""
    languages = pl.col("languages")
    return with_facts(
        "stories",
        stories,
        representative_tells_it=pl.col("documents").list.contains(pl.col("representative")),
        document_count_is_right=_documents_are_counted(),
        languages_are_known=_are_known(languages)
        & (languages == languages.list.unique().list.sort()),
        links_fit_evidence=_links_fit(),
    )


def _links_fit() -> pl.Expr:
    links, documents = pl.col("links"), pl.col("documents")
    each = pl.element().struct
    score = each.field("score")
    names = [
        links.list.eval(each.field(name)).list.set_difference(documents).list.len() == 0
        for name in ("doc_id", "linked_doc_id")
    ]
    in_range = links.list.eval((score >= 0) & (score <= 1)).list.all()
    is_linked = pl.col("evidence").is_in(["translations", "both"])
    return pl.all_horizontal(*names, in_range, is_linked == (links.list.len() > 0))


def _documents_are_counted() -> pl.Expr:
    documents = pl.col("documents").list
    count = pl.col("document_count")
    return (count >= 1) & (count == documents.len()) & (count == documents.n_unique())


def reject_facts(rejects: pl.DataFrame) -> pl.DataFrame:
    """Add facts to REJECTS rows."""
    return with_facts("rejects", rejects, stage_gives_reason=_stage_gives_reason())


def ledger_facts(ledger: pl.DataFrame) -> pl.DataFrame:
    """Add facts to LEDGER rows."""
    return with_facts("ledger", ledger, stage_gives_reason=_stage_gives_reason())


def _stage_gives_reason() -> pl.Expr:
    stages = {reason.name: reason.stage for reason in REASONS.values()}
    stage = pl.col("reason").replace_strict(stages, default=None, return_dtype=pl.String)
    return pl.col("stage") == stage
