"""Break each expectation on rows in one way, each in a record of its own."""

from datetime import UTC, datetime
from typing import Any

from expectations.signals import QUALITY_SIGNALS
from expectations.tables import TABLES
from tests.making.table_changes import (
    Breaking,
    Frames,
    change,
    change_all,
    drop,
    personal_data,
    repeat,
    text,
)

_SHARES = [{"language": "ru", "share": 0.25}, {"language": "fr", "share": 0.75}]
_MOJIBAKE = "Маск подал иск".encode().decode("cp1252", errors="replace").replace("\ufffd", "")
_PAGE = "<html><head><title>Маск подал иск</title></head><body>" + "<p>Маск</p>" * 20

#: By table and expectation.
BREAKING: dict[tuple[str, str], Breaking] = {
    ("raw_documents", "key_is_present"): change("raw_documents", doc_id=None),
    ("raw_documents", "key_is_unique"): repeat("raw_documents"),
    ("raw_documents", "doc_id_is_well_formed"): change_all(doc_id="NOT A HASH"),
    ("raw_documents", "source_uri_is_not_blank"): change_all(source_uri=" "),
    ("raw_documents", "format_is_known"): change("raw_documents", format="doc"),
    ("raw_documents", "encoding_source_is_known"): change("raw_documents", encoding_source="luck"),
    ("raw_documents", "encoding_confidence_is_in_range"): change(
        "raw_documents", encoding_confidence=1.5
    ),
    ("raw_documents", "declared_language_is_well_formed"): change(
        "raw_documents", declared_language="en_US"
    ),
    ("raw_documents", "content_sha256_is_well_formed"): change("raw_documents", content_sha256="0"),
    ("raw_documents", "content_is_not_empty"): change("raw_documents", content_bytes=0),
    ("raw_documents", "text_is_not_blank"): change(
        "raw_documents", text="\u3000" * 200, text_chars=200
    ),
    ("raw_documents", "text_chars_is_right"): change("raw_documents", text_chars=10_000),
    ("raw_documents", "replaced_chars_are_in_text"): change("raw_documents", replaced_chars=1),
    ("documents", "key_is_present"): change("documents", doc_id=None),
    ("documents", "key_is_unique"): repeat("documents"),
    ("documents", "doc_id_is_well_formed"): change_all(doc_id="not a hash either"),
    ("documents", "is_in_raw_documents"): change("documents", source_uri="elsewhere.txt"),
    ("documents", "text_is_not_blank"): text("\u2003"),
    ("documents", "text_chars_is_right"): change("documents", text_chars=10_000),
    ("documents", "text_is_its_kept_segments"): lambda frames: change(
        "documents", text="х" * frames["documents"]["text_chars"][0]
    )({**change("documents", mention_count=0)(frames), "mentions": frames["mentions"].clear()}),
    ("documents", "segment_counts_add_up"): change("documents", dropped_chars=1),
    ("documents", "mention_count_adds_up"): change("documents", mention_count=3),
    ("documents", "analysed_share_is_in_range"): change("documents", analysed_share=1.5),
    **{
        ("documents", f"{signal.name}_is_in_range"): change("documents", 0, **{signal.name: 1.5})
        for signal in QUALITY_SIGNALS
        if signal.name.endswith("_share")
    },
    ("documents", "has_no_control_characters"): text("Маск\x00подал иск"),
    ("documents", "canonical_url_is_an_address"): change("documents", canonical_url="/a/1"),
    ("documents", "declared_language_is_well_formed"): change(
        "documents", declared_language="русский"
    ),
    ("documents", "language_is_known"): change("documents", language="xx"),
    ("documents", "language_confidence_is_in_range"): change(
        "documents", language_confidence=float("nan")
    ),
    ("documents", "script_is_well_formed"): change("documents", script="Cyrillic"),
    ("documents", "language_shares_sum_to_one"): change("documents", language_shares=[]),
    ("documents", "language_shares_are_sorted"): change("documents", language_shares=_SHARES),
    ("documents", "duplicate_is_of_another"): lambda frames: change(
        "documents", duplicate_of=frames["documents"]["doc_id"][0], duplicate_kind="exact"
    )(frames),
    ("documents", "duplicate_kind_is_set_exactly_for_duplicates"): change(
        "documents", duplicate_kind="near"
    ),
    ("documents", "duplicate_kind_is_known"): change(
        "documents", duplicate_of="ab" * 12, duplicate_kind="similar"
    ),
    ("documents", "version_is_of_another"): lambda frames: change(
        "documents", version_of=frames["documents"]["doc_id"][0]
    )(frames),
    ("documents", "superseded_by_another"): lambda frames: change(
        "documents", superseded_by=frames["documents"]["doc_id"][0]
    )(frames),
    ("documents", "superseded_is_no_duplicate"): change(
        "documents", superseded_by="ab" * 12, duplicate_of="ab" * 12, duplicate_kind="exact"
    ),
    ("documents", "first_fetch_is_no_later"): change(
        "documents", first_fetched_at=datetime(2024, 5, 3, 12, tzinfo=UTC)
    ),
    ("documents", "container_is_another"): lambda frames: change(
        "documents", contained_in=frames["documents"]["doc_id"][0], contained_share=0.9
    )(frames),
    ("documents", "contained_share_is_set_exactly_for_contained"): change(
        "documents", contained_share=0.9
    ),
    ("documents", "contained_share_is_in_range"): change(
        "documents", contained_in="ab" * 12, contained_share=1.5
    ),
    ("documents", "translation_is_of_another"): lambda frames: change(
        "documents", translation_of=frames["documents"]["doc_id"][0], translation_score=0.9
    )(frames),
    ("documents", "translation_score_is_set_exactly_for_translations"): change(
        "documents", translation_score=0.9
    ),
    ("documents", "translation_score_is_in_range"): change(
        "documents", translation_of="ab" * 12, translation_score=1.5
    ),
    ("documents", "replaced_share_is_low"): text("Маск \ufffd\ufffd\ufffd\ufffd подал иск"),
    ("documents", "mojibake_share_is_low"): text(_MOJIBAKE),
    ("documents", "repeated_share_is_low"): text("Маск подал иск против OpenAI. " * 2),
    ("documents", "published_at_is_plausible"): change(
        "documents", published_at=datetime(2099, 11, 22, tzinfo=UTC)
    ),
    ("documents", "published_before_fetched"): change(
        "documents",
        published_at=datetime(2024, 5, 3, 12, tzinfo=UTC),
        fetched_at=datetime(2024, 5, 2, 11, tzinfo=UTC),
    ),
    ("documents", "markup_share_is_low"): text('<p class="lead">Маск подал иск</p>'),
    ("documents", "is_no_menu"): text("Мир\nДом\nСуд\nИск\nМы"),
    ("documents", "long_text_has_language"): lambda frames: change(
        "documents", language="und", letter_share=0.8
    )(text("Mubo re lintas " * 20)(frames)),
    ("documents", "title_of_page_is_taken"): change(
        "raw_documents", is_markup=True, text=_PAGE, text_chars=len(_PAGE)
    ),
    ("segments", "left_out_block_has_no_language"): change("segments", 0, reason="consent"),
    ("segments", "key_is_present"): change("segments", 2, segment_index=None),
    ("segments", "key_is_unique"): repeat("segments"),
    ("segments", "is_in_raw_documents"): drop("raw_documents"),
    ("segments", "index_is_gapless"): change("segments", 0, segment_index=7),
    ("segments", "text_is_not_blank"): change("segments", 0, text="\u00a0" * 27),
    ("segments", "text_chars_is_right"): change("segments", 0, text="Share"),
    ("segments", "raw_offsets_are_sound"): change("segments", 0, start_char=99, end_char=9),
    ("segments", "reason_is_known"): change("segments", 0, reason="boring"),
    ("segments", "reason_is_set_exactly_when_dropped"): change("segments", 0, reason=None),
    ("segments", "language_is_known"): change("segments", 0, language="klingon"),
    ("segments", "chrome_score_is_in_range"): change("segments", chrome_score=1.5),
    ("segments", "language_confidence_is_in_range"): change(
        "segments", 0, language_confidence=-0.1
    ),
    ("segments", "script_is_well_formed"): change("segments", 0, language="und", script="latin"),
    ("segments", "script_fits_language"): change("segments", 1, script="Thai"),
    ("segments", "place_in_document_is_right"): change("segments", 0, document_start_char=0),
    ("segments", "analysis_is_known"): change("segments", 1, analysis="guessed", entity_model=None),
    ("segments", "analysis_fits_segment"): change("segments", 0, entity_model="model 1"),
    ("segments", "debris_is_counted"): change("segments", 0, debris_count=-1),
    ("mentions", "key_is_present"): change("mentions", 0, label=None),
    ("mentions", "key_is_unique"): repeat("mentions"),
    ("mentions", "is_in_documents"): drop("documents"),
    ("mentions", "offsets_are_inside_text"): change("mentions", 0, end_char=10_000),
    ("mentions", "surface_is_in_text"): change("mentions", 0, surface="openai"),
    ("mentions", "evidence_is_known"): change("mentions", 0, evidence="rumour"),
    ("mentions", "confidence_is_in_range"): change("mentions", 0, confidence=1.5),
    ("mentions", "is_inside_analysed_segment"): change("mentions", 0, segment_index=0),
    ("mentions", "label_is_known"): change("mentions", 0, label="PERSON"),
    ("mentions", "language_is_known"): change("mentions", 0, language="xx"),
    ("mentions", "script_is_well_formed"): change("mentions", 0, script="cyrl"),
    ("mentions", "model_is_named"): change("mentions", 0, model=""),
    ("personal_data", "key_is_present"): personal_data({"start_char": None}),
    ("personal_data", "key_is_unique"): personal_data({}, {}),
    ("personal_data", "doc_id_is_well_formed"): personal_data({"doc_id": "NOT A HASH"}),
    ("personal_data", "is_in_documents"): personal_data({"doc_id": "ab" * 16}),
    ("personal_data", "offsets_are_inside_text"): personal_data({"end_char": 10_000}),
    ("personal_data", "kind_is_known"): personal_data({"kind": "name"}),
    ("personal_data", "spans_are_apart"): personal_data({}, {"start_char": 3, "end_char": 8}),
    ("entities", "key_is_present"): change("entities", entity_id=None),
    ("entities", "label_is_known"): change("entities", label="PERSON"),
    ("entities", "confidence_is_in_range"): change("entities", confidence=1.5),
    ("entities", "canonical_name_is_not_blank"): change("entities", canonical_name=""),
    ("entities", "is_mentioned"): change("entities", mention_count=0, names=[]),
    ("entities", "names_are_sound"): change("entities", names=[]),
    ("entities", "document_count_is_right"): change("entities", document_count=7),
    ("entities", "score_is_a_share"): change("entities", score=1.5),
    ("entities", "wikidata_id_is_well_formed"): change("entities", wikidata_id="P31"),
    ("entities", "candidates_are_sound"): change("entities", wikidata_candidates=["Q9", "Q10"]),
    ("entities", "key_is_unique"): repeat("entities"),
    ("entities", "mentions_add_up"): drop("mentions"),
    ("stories", "key_is_present"): change("stories", story_id=None),
    ("stories", "representative_tells_it"): change("stories", representative="ab" * 12),
    ("stories", "document_count_is_right"): change("stories", document_count=7),
    ("stories", "languages_are_known"): change("stories", languages=["xx"]),
    ("stories", "evidence_is_known"): change("stories", evidence="rumour"),
    ("stories", "links_fit_evidence"): change("stories", evidence="translations"),
    ("stories", "key_is_unique"): repeat("stories"),
    ("stories", "documents_add_up"): change(
        "stories", documents=["ab" * 12], representative="ab" * 12
    ),
    ("rejects", "key_is_present"): lambda frames: _rejected(frames, source_uri=None),
    ("rejects", "reason_is_known"): lambda frames: _rejected(frames, reason="boring"),
    ("rejects", "stage_gives_reason"): lambda frames: _rejected(frames, stage="compose"),
    ("rejects", "key_is_unique"): lambda frames: repeat("rejects")(_rejected(frames)),
    ("rejects", "is_in_ledger"): lambda frames: drop("ledger")(_rejected(frames)),
    ("rejects", "doc_id_is_in_raw_documents"): lambda frames: _rejected(frames, doc_id="ab" * 12),
    ("ledger", "key_is_present"): change("ledger", source_uri=None),
    ("ledger", "fate_is_known"): change("ledger", fate="lost"),
    ("ledger", "reason_is_known"): change("ledger", reason="boring"),
    ("ledger", "stage_gives_reason"): change("ledger", stage="clean"),
    ("ledger", "key_is_unique"): repeat("ledger"),
    ("ledger", "fate_is_what_happened"): change("ledger", fate="duplicate"),
    ("raw_documents", "is_in_ledger"): drop("ledger"),
    ("documents", "representative_is_a_kept_document"): change(
        "documents", duplicate_of="ab" * 12, duplicate_kind="exact"
    ),
    ("documents", "version_is_of_its_page"): change("documents", version_of="ab" * 12),
    ("documents", "story_exists"): change("documents", story_id="none"),
    ("documents", "translation_is_of_its_story"): change(
        "documents", translation_of="ab" * 12, translation_score=0.9
    ),
    ("mentions", "entity_exists"): drop("entities"),
}


def _rejected(frames: Frames, **values: Any) -> Frames:
    """Return the tables of a record that could not be read, with some values of the reject set."""
    uri = frames["ledger"]["source_uri"][0]
    fate = {"source_uri": uri, "doc_id": None, "stage": "ingest", "reason": "empty"}
    reject = {"source_uri": uri, "stage": "ingest", "reason": "empty", "detail": None}
    frames = {name: frame.clear() for name, frame in frames.items()}
    return {
        **frames,
        "ledger": TABLES["ledger"].frame([{**fate, "fate": "rejected"}]),
        "rejects": TABLES["rejects"].frame([{**reject, "doc_id": None, **values}]),
    }
