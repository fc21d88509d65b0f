"""Make the sound tables of one record, and change them in many ways."""

from collections.abc import Callable
from typing import Any

import polars as pl

from expectations.tables import TABLES
from tests.making.release_records import Piece, Record
from tests.making.release_tables import release_tables

Frames = dict[str, pl.DataFrame]
Breaking = Callable[[Frames], Frames]


def sound(source_uri: str) -> Frames:
    """Return the public tables of one record: a dropped segment, two kept ones, two mentions."""
    pieces = (
        Piece("Share with your friend now:", "en", "Latn", "chrome"),
        Piece(f"Маск подал иск против OpenAI. {source_uri}", "ru", "Cyrl"),
        Piece("Суд начнёт слушания 👍🏽 весной, сообщает OpenAI.", "ru", "Cyrl"),
    )
    record = Record(source_uri, pieces, {"OpenAI": ("ORG", f"entity {source_uri}")})
    return {name: frame.collect() for name, frame in release_tables([record], []).items()}


def joined(parts: list[Frames]) -> Frames:
    """Return the tables with the rows of all parts."""
    return {name: pl.concat(part[name] for part in parts) for name in TABLES}


def change(table: str, row: int = 0, **values: Any) -> Breaking:
    """Set values in one row."""

    def broken(frames: Frames) -> Frames:
        rows = frames[table].to_dicts()
        rows[row].update(values)
        return {**frames, table: TABLES[table].frame(rows)}

    return broken


def change_all(**values: Any) -> Breaking:
    """Set values in every row of the tables that have the columns."""

    def changed(frame: pl.DataFrame) -> pl.DataFrame:
        known = {name: pl.lit(v) for name, v in values.items() if name in frame.columns}
        return frame.with_columns(**known)

    return lambda frames: {name: changed(frame) for name, frame in frames.items()}


def repeat(table: str) -> Breaking:
    """Put one row there twice."""
    return lambda frames: {**frames, table: pl.concat([frames[table], frames[table].head(1)])}


def drop(table: str, row: int = 0) -> Breaking:
    """Take one row away."""

    def broken(frames: Frames) -> Frames:
        rows = frames[table].to_dicts()
        return {**frames, table: TABLES[table].frame(rows[:row] + rows[row + 1 :])}

    return broken


def text(new: str) -> Breaking:
    """Make a kept segment and its document hold another text, consistently, without mentions."""

    def broken(frames: Frames) -> Frames:
        segment = {"text": new, "text_chars": len(new), "document_start_char": 0}
        frames = change("segments", 1, **segment)(drop("segments", 2)(frames))
        document = {"text": new, "text_chars": len(new), "segments_kept": 1, "mention_count": 0}
        frames = change("documents", 0, **document)(frames)
        return {**frames, "mentions": frames["mentions"].clear()}

    return broken


def personal_data(*rows: dict[str, Any]) -> Breaking:
    """Say that there is personal data in the document, each row unlike a sound one."""

    def broken(frames: Frames) -> Frames:
        sound_row = {"doc_id": frames["documents"]["doc_id"][0], "kind": "email",
                     "start_char": 0, "end_char": 4, "detail": None}  # fmt: skip
        found = TABLES["personal_data"].frame([{**sound_row, **row} for row in rows])
        return {**frames, "personal_data": found}

    return broken
