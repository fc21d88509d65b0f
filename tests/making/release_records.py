"""List the records of a small release: several languages, scripts and fates."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Piece:
    """A segment: its text, its language and script, and why it was dropped (None: kept)."""

    text: str
    language: str
    script: str
    reason: str | None = None
    detail: str | None = None
    confidence: float = 0.97


@dataclass(frozen=True)
class Record:
    """A record that became a document. `names` maps a surface to (label, entity id)."""

    source_uri: str
    pieces: Sequence[Piece]
    names: Mapping[str, tuple[str, str]]
    title: str | None = None
    duplicate_of: str | None = None
    encoding: str = "utf-8"

    @property
    def doc_id(self) -> str:
        return digest(self.source_uri, self.raw_text)

    @property
    def raw_text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces if piece.reason is None)


@dataclass(frozen=True)
class Refusal:
    """A record that was rejected."""

    source_uri: str
    stage: str
    reason: str
    detail: str | None = None


MUSK = ("PER", "Q317521")
ALTMAN = ("PER", "Q7407093")
OPENAI = ("ORG", "Q21708200")
CITY = ("LOC", "san-francisco")
CANONICAL = {
    "Q317521": "Elon Musk",
    "Q7407093": "Sam Altman",
    "Q21708200": "OpenAI",
    "san-francisco": "San Francisco",
}
MODEL = "synthetic_ner 1.0"

RECORDS = (
    Record(
        "ru/maск.txt",
        (
            Piece("Share with your friend now:", "en", "Latn", "chrome", "share_line"),
            Piece("Маск подал иск против OpenAI.", "ru", "Cyrl"),
            Piece("Альтман ответил Маску.", "ru", "Cyrl"),
            Piece("Маск подал иск против OpenAI.", "ru", "Cyrl", "repeated", "1"),
        ),
        {"Маск": MUSK, "Альтман": ALTMAN, "OpenAI": OPENAI},
        "Что не поделили Маск и Альтман?",
    ),
    Record(
        "ja/news.jsonl#0",
        (
            Piece("See Disclaimer for details.", "en", "Latn", "foreign_boilerplate"),
            Piece("マスク氏とアルトマン氏の確執は続く。", "ja", "Jpan"),
        ),
        {"マスク": MUSK, "アルトマン": ALTMAN},
    ),
    Record(
        "ar/ماسك.html",
        (
            Piece("أعلن ماسك الحرب على ألتمان ومؤسسة OpenAI.", "ar", "Arab"),
            Piece("النقطة المشتركة منذ أول لقاء", "ar", "Arab", confidence=0.61),
        ),
        {"ماسك": MUSK, "ألتمان": ALTMAN, "OpenAI": OPENAI},
        "ماسك ضد ألتمان",
    ),
    Record(
        "fr/procès.txt",
        (
            Piece("Elon Musk a poursuivi OpenAI devant la cour de San Francisco.", "fr", "Latn"),
            Piece("https://example.org/share", "und", "Latn", "link"),
        ),
        {"Elon Musk": MUSK, "OpenAI": OPENAI, "San Francisco": CITY},
    ),
    Record(
        "fr/copie.txt",
        (Piece("Elon Musk a poursuivi OpenAI devant la cour de San Francisco.", "fr", "Latn"),),
        {},
        duplicate_of="fr/procès.txt",
    ),
)
REFUSALS = (
    Refusal("bad/empty.txt", "ingest", "empty"),
    Refusal("bad/broken.jsonl#7", "ingest", "malformed_record", "Expecting ',' at column 12"),
    Refusal("bad/menu.html", "compose", "nothing_kept", "3 segments, all dropped"),
)


def without(records: Sequence[Record], source_uri: str) -> tuple[Record, ...]:
    """Return the records but for one."""
    return tuple(record for record in records if record.source_uri != source_uri)


def changed(records: Sequence[Record], source_uri: str, **fields: object) -> tuple[Record, ...]:
    """Return the records with some fields of one of them changed."""
    return tuple(
        replace(record, **fields) if record.source_uri == source_uri else record  # type: ignore[arg-type]
        for record in records
    )


def digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:24]
