"""Say how a source is read and its records are decoded."""

from datetime import UTC, datetime
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from tasks.settings.group import Group


class IngestSettings(Group):
    """How records are found and decoded."""

    key: ClassVar[str] = "ingest"

    text_field: str | tuple[str, ...] | None = Field(
        None,
        description="The field that holds a record's text, or several, the first with text; a "
        "dotted path leads into objects and lists (`article.body`); null: the usual names.",
    )
    records_field: str | None = Field(
        None,
        description="The list of records in an object of JSON, as a dotted path "
        "(`response.docs`); null: lists under usual names.",
    )
    since: datetime | None = Field(
        None,
        description="Records from this day or moment on (ISO 8601; UTC unless it says) are taken, "
        "as for a backfill into another store; null: all.",
    )
    until: datetime | None = Field(
        None, description="Records before this day or moment are taken; null: all."
    )
    dated_by: Literal["fetched_at", "published_at"] = Field(
        "fetched_at",
        description="What `since` and `until` mean, as the record says it; the other of the two "
        "where it says nothing of it.",
    )
    max_record_bytes: int = Field(
        10 * 2**20,
        ge=1,
        description="Larger records are rejected: three times War and Peace is no news article, "
        "and a worker holds several copies of a record.",
    )
    max_expansion: int = Field(
        250,
        ge=1,
        description="How many times its size a compressed file may grow, once beyond "
        "`min_expansion_bytes`: text grows 3 to 30 times, a bomb 1,000 times (gzip) and more.",
    )
    min_expansion_bytes: int = Field(
        64 * 2**20,
        ge=1,
        description="What every compressed file may grow to, however small: 10,000 copies of an "
        "article of 6 KB in a file of 100 KB, read in a second.",
    )
    max_decompressed_bytes: int = Field(
        2**40,
        ge=1,
        description="How much a file may grow to, all its layers and members together: ten times "
        "the largest WARC file of Common Crawl's news, decompressed a hundredfold.",
    )
    max_file_rejects: int = Field(
        100_000,
        ge=1,
        description="Rejects of a file with a row each; one more row counts the rest. So many "
        "rows take a second and 50 MB.",
    )
    max_record_fields: int = Field(
        10_000,
        ge=1,
        description="Fields of a record, columns of a table: a corpus has dozens, a survey "
        "thousands.",
    )
    max_block_bytes: int = Field(
        256 * 2**20,
        ge=1,
        description="What of a table is held at once: a page of a Parquet file (by default 1 MiB), "
        "a batch of an Arrow file (by default 65,536 rows, of 4 KB each then).",
    )
    max_message_parts: int = Field(
        10_000,
        ge=1,
        description="Parts of a saved page (MHTML) that are looked through for the page, which "
        "nearly always comes first.",
    )
    max_archive_members: int = Field(
        1_000_000,
        ge=1,
        description="Members of a zip or tar archive; a zip of this many takes 1 GB to list.",
    )
    max_archive_depth: int = Field(
        3, ge=1, le=16, description="Archives within one another; people nest two."
    )
    max_spooled_bytes: int = Field(
        4 * 2**30,
        ge=1,
        description="Size of a zip, Parquet or Arrow file inside another: it is read from its end, "
        "hence from a temporary copy.",
    )
    max_control_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Control characters among the bytes of a text; compressed data has .11, "
        "programs .3.",
    )
    max_damaged_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Damaged sequences among the characters beyond ASCII for bytes to be taken as "
        "UTF-8; other encodings read so have .7 and more (`test_encodings.py`).",
    )
    max_replaced_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Characters that the declared or detected encoding may fail to decode.",
    )
    min_encoding_confidence: float = Field(
        0.8, ge=0, le=1, description="1 - mess, as charset-normalizer measures it (its default)."
    )

    @field_validator("since", "until")
    @classmethod
    def _in_utc(cls, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
