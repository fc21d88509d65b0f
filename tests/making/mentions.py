"""Make mentions of names, and resolve them as a first build does."""

import polars as pl

from expectations.working_tables import FOUND_MENTIONS, NAME_SCORES
from tasks.entities import resolve_entities as stage
from tasks.settings import ResolveSettings

ALONE = ResolveSettings(alias_table=None, known_names=False)

Mention = tuple[str, str, str, str]

#: What news documents in five languages would mention; MISC is a model's mistake.
AFFAIR: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("PER", "Elon Musk"), ("PER", "Musk"), ("PER", "Musk's"), ("PER", "Sam Altman"),
        ("PER", "Altman"), ("ORG", "OpenAI"), ("ORG", "Microsoft"), ("ORG", "Tesla"),
        ("ORG", "Tesla Inc."), ("PER", "Donald Trump"), ("PER", "Trump"), ("LOC", "Moscow"),
    ],
    "ru": [
        ("PER", "Илон Маск"), ("PER", "Илона Маска"), ("PER", "Маску"), ("PER", "Маском"),
        ("PER", "Сэм Альтман"), ("PER", "Альтмана"), ("ORG", "OpenAI"), ("ORG", "Майкрософт"),
        ("ORG", "Тесла"), ("ORG", "Теслы"), ("PER", "Дональд Трамп"), ("PER", "Трампу"),
        ("LOC", "Москве"),
    ],
    "ja": [
        ("PER", "イーロン・マスク"), ("PER", "マスク氏"), ("PER", "サム・アルトマン"),
        ("PER", "アルトマン"), ("MISC", "OpenAI"), ("ORG", "マイクロソフト"), ("ORG", "テスラ"),
        ("PER", "ドナルド・トランプ"), ("PER", "トランプ"), ("LOC", "モスクワ"),
    ],
    "ar": [
        ("PER", "إيلون ماسك"), ("PER", "ماسك"), ("PER", "سام ألتمان"), ("PER", "وألتمان"),
        ("ORG", "OpenAI"), ("ORG", "مايكروسوفت"), ("ORG", "تسلا"), ("PER", "دونالد ترامب"),
        ("PER", "ترامب"), ("LOC", "موسكو"),
    ],
    "fr": [("PER", "Musk"), ("ORG", "OpenAI"), ("PER", "Altman"), ("PER", "Trump"), ("LOC", "Moscou")],
}  # fmt: skip


def mentions(*found: Mention) -> pl.LazyFrame:
    """Mentions from (doc_id, language, label, surface)."""
    return FOUND_MENTIONS.frame(
        {
            "doc_id": doc_id,
            "start_char": position,
            "language": language,
            "label": label,
            "surface": surface,
            "script": "Zyyy",
            "confidence": 0.9,
        }
        for position, (doc_id, language, label, surface) in enumerate(found)
    ).lazy()


def resolve_entities(
    found: pl.LazyFrame, settings: ResolveSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """ENTITIES and ENTITY_NAMES of a first build."""
    entities, names, _ = stage.resolve_entities(found, NAME_SCORES.empty().lazy(), settings)
    return entities, names


def ids(entity_names: pl.DataFrame) -> dict[str, str]:
    return dict(entity_names.select("surface", "entity_id").iter_rows())


def affair(*languages: str) -> list[Mention]:
    return [(f"doc-{lang}", lang, *name) for lang in languages for name in AFFAIR[lang]]


POOL = [mention for language in AFFAIR for mention in affair(language)]

STRANGERS = [
    ("a-doc", "en", "PER", "Quentin Whittlebury"), ("a-doc", "ru", "PER", "Жанна Щукина"),
    ("a-doc", "ja", "ORG", "ヴェルヌイユ"), ("a-doc", "ar", "LOC", "وادي رم"),
    ("zz-doc", "en", "PER", "Wojciechowicz"), ("zz-doc", "ko", "ORG", "해피빌"),
]  # fmt: skip
