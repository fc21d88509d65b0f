"""Check what a knowledge base must be, and what it joins."""

import json
from pathlib import Path

import pytest

from tasks.entities.knowledge_base import (
    KnowledgeBaseError,
    knowledge_base_digest,
    read_knowledge_base,
)
from tasks.settings import ResolveSettings, Settings
from tests.making.mentions import ids, mentions, resolve_entities

UN = {
    "id": "united-nations",
    "label": "ORG",
    "wikidata_id": "Q1065",
    "names": {"en": ["United Nations", "UN"], "ru": ["ООН"], "fr": ["ONU"]},
}


def settings_with(folder: Path, *lines: object) -> ResolveSettings:
    path = folder / "known.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return ResolveSettings(alias_table=None, knowledge_base=str(path))


def test_abbreviations_are_one_entity_if_the_knowledge_base_says_so(tmp_path: Path) -> None:
    found = mentions(("a", "en", "ORG", "UN"), ("b", "ru", "ORG", "ООН"), ("c", "fr", "ORG", "ONU"))
    entities, names = resolve_entities(found, settings_with(tmp_path, UN, ""))
    assert set(ids(names).values()) == {"united-nations"}
    row = entities.row(0, named=True)
    assert (row["canonical_name"], row["evidence"], row["wikidata_id"]) == (
        "United Nations", "knowledge_base", "Q1065",
    )  # fmt: skip


def test_the_alias_table_comes_before_the_knowledge_base(tmp_path: Path) -> None:
    chosen = settings_with(tmp_path, {**UN, "names": {"en": ["OpenAI"]}})
    chosen = chosen.model_copy(update={"alias_table": ResolveSettings().alias_table})
    _, names = resolve_entities(mentions(("a", "en", "ORG", "OpenAI")), chosen)
    assert set(ids(names).values()) == {"openai"}


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["{"], "line 1: is no JSON"),
        ([UN, UN], "line 2: 'united-nations' is in line 1 already"),
        ([{**UN, "label": "PERSON"}], "line 1: label: Input should be"),
        ([{**UN, "names": {}}], "line 1: names:"),
        ([{**UN, "names": {"english": ["UN"]}}], "line 1: 'english' is not a language tag"),
        ([{**UN, "names": {"en": []}}], "line 1: names.en:"),
        ([{**UN, "names": {"en": [" "]}}], "line 1: names.en.0:"),
        ([{**UN, "wikidata_id": "1065"}], "line 1: wikidata_id:"),
        ([{**UN, "id": "name-1"}], "line 1: an id must not begin with 'name-'"),
        ([{**UN, "surname": "x"}], "line 1: surname: Extra inputs"),
        (["", UN, {**UN, "id": "other"}], "line 3: .* means 'other' here and 'united-nations' in"),
        (["[]"], "line 1: the line:"),
    ],
)
def test_a_wrong_line_is_refused_with_file_and_line(
    tmp_path: Path, lines: list[object], complaint: str
) -> None:
    with pytest.raises(KnowledgeBaseError, match=rf"known\.jsonl, {complaint}"):
        read_knowledge_base(settings_with(tmp_path, *lines))


def test_a_missing_knowledge_base_is_told_with_the_remedy() -> None:
    with pytest.raises(KnowledgeBaseError, match=r"resolve.knowledge_base: nowhere.jsonl cannot"):
        read_knowledge_base(ResolveSettings(knowledge_base="nowhere.jsonl"))


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    digests = [knowledge_base_digest(Settings())]
    for lines in ([], [UN]):
        chosen = Settings(resolve=settings_with(tmp_path, *lines))
        digests.append(knowledge_base_digest(chosen))
    assert len(set(digests)) == 3
