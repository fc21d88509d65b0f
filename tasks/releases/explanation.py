"""What a release knows of one record: the models that `tasks.releases.explain` fills."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from expectations.reasons import REASONS
from tasks.releases.accounts import Stretch


class TableRow(BaseModel):
    """The columns of a table that explain a record; the others are left out by name."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class LedgerLine(TableRow):
    """What became of the record, and by which rule."""

    fate: str
    stage: str
    reason: str

    @property
    def meaning(self) -> str | None:
        """What the reason means, in a sentence; None: the rule has no entry."""
        return REASONS[self.reason].meaning if self.reason in REASONS else None


class Rejection(TableRow):
    """Why it did not become a document."""

    stage: str
    reason: str
    detail: str | None


class RawRecord(TableRow):
    """The record as it came."""

    doc_id: str
    source_id: str | None
    url: str | None
    title: str | None
    published_at: datetime | None
    format: str
    content_sha256: str
    content_bytes: int
    encoding: str
    encoding_source: str
    encoding_confidence: float
    is_markup: bool
    replaced_chars: int
    text_chars: int


class SegmentLine(TableRow):
    """A segment and what was decided about it."""

    segment_index: int
    text: str
    text_chars: int
    start_char: int | None
    end_char: int | None
    kept: bool
    reason: str | None
    detail: str | None
    chrome_score: float | None
    is_repaired: bool
    language: str
    language_confidence: float
    script: str
    analysis: str
    entity_model: str | None


class LanguageShare(TableRow):
    """The share of a document's characters in one language."""

    language: str
    share: float


class CleanDocument(TableRow):
    """The document that the record became."""

    title: str | None
    text_chars: int
    language: str
    language_confidence: float
    script: str
    language_shares: list[LanguageShare]
    segments_kept: int
    segments_dropped: int
    dropped_chars: int
    repaired_chars: int
    debris_count: int
    analysed_share: float
    mention_count: int
    duplicate_of: str | None
    duplicate_kind: str | None
    story_id: str


class PersonalDataLine(TableRow):
    """A piece of personal data in the document's text, without its value."""

    start_char: int
    end_char: int
    kind: str
    detail: str | None


class DuplicateLine(TableRow):
    """Another record that this one repeats, or that repeats this one."""

    source_uri: str
    duplicate_kind: str | None


class StoryLine(TableRow):
    """The story that the document tells, and the records that tell it (the first few)."""

    story_id: str
    title: str | None
    languages: list[str]
    document_count: int
    evidence: str
    source_uris: list[str] = []


class MentionLine(TableRow):
    """A mention, and the entity that it names."""

    start_char: int
    end_char: int
    surface: str
    label: str
    model: str
    entity_id: str
    canonical_name: str


class Explanation(BaseModel):
    """All that a release knows of one record; None and [] where it never got that far."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_uri: str
    ledger: LedgerLine
    rejections: list[Rejection]
    raw: RawRecord | None
    segments: list[SegmentLine]
    stretches: list[Stretch]
    document: CleanDocument | None
    quality: dict[str, float | None]
    personal_data: list[PersonalDataLine]
    duplicate_of: DuplicateLine | None
    duplicates: list[DuplicateLine]
    story: StoryLine | None
    mentions: list[MentionLine]
