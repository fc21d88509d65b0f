"""Make documents of segments whose language is known, and look at the names found in them."""

import polars as pl

from expectations.working_tables import CLEAN_DOCUMENTS, DUPLICATES, NOVELTIES, TAGGED_SEGMENTS

Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]


def corpus(
    *documents: list[tuple[str, str]], copies: tuple[str, ...] = (), novelties: tuple[str, ...] = ()
) -> Frames:
    """Documents `d0`, `d1` … of (language, text) segments; language `dropped`: not kept."""
    texts: list[dict[str, object]] = []
    segments: list[dict[str, object]] = []
    for number, parts in enumerate(documents):
        position, kept_texts = 0, []
        for index, (language, text) in enumerate(parts):
            kept = language != "dropped"
            segments.append(
                {
                    "doc_id": f"d{number}",
                    "segment_index": index,
                    "text": text,
                    "text_chars": len(text),
                    "kept": kept,
                    "language": language if kept else "en",
                    "document_start_char": position if kept else None,
                }
            )
            if kept:
                position += len(text) + 1
                kept_texts.append(text)
        if kept_texts:
            texts.append({"doc_id": f"d{number}", "text": "\n".join(kept_texts)})
    duplicates: list[dict[str, object]] = [
        {"doc_id": copy, "duplicate_of": "d0"} for copy in copies
    ]
    return (
        CLEAN_DOCUMENTS.frame(texts),
        TAGGED_SEGMENTS.frame(segments),
        DUPLICATES.frame(duplicates),
        NOVELTIES.frame({"doc_id": copy} for copy in novelties),
    )


def surfaces(mentions: pl.DataFrame) -> list[tuple[str, str]]:
    return mentions.select("surface", "label").rows()


def assert_offsets_hold(documents: pl.DataFrame, mentions: pl.DataFrame) -> None:
    texts = dict(documents.select("doc_id", "text").iter_rows())
    for row in mentions.iter_rows(named=True):
        surface = texts[row["doc_id"]][row["start_char"] : row["end_char"]]
        assert surface == row["surface"] == surface.strip() != ""
