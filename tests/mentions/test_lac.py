"""Check that LAC finds Chinese names, in either script, the same ones in any company."""

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.mentions import lac_ner
from tasks.mentions.backends import load, model_for
from tasks.mentions.entity_model import EntityModel, ModelError, Span
from tasks.mentions.lac_ner import LacModel, load_lac, simplified, with_latin_words
from tasks.settings import EntitySettings

TEXT = "美国总统拜登在北京会见了王毅。他参观了清华大学！"
TRADITIONAL = "美國總統拜登在北京會見了王毅。他參觀了清華大學！"
PIECES = [
    "拜登",
    "北京",
    "。",
    "，",
    "\n",
    "清华大学",
    "Apple",
    "𠮷",
    "ﷺ",
    " ",
    "·",
    "3,5",
    "「",
    "」",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join)


@cache
def model() -> EntityModel:
    identity = model_for("zh", EntitySettings(model="fast"))
    assert identity is not None
    return load(identity)


def names(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.label) for s in model().find([text])[0]]


def test_persons_places_and_organisations_are_found() -> None:
    assert names(TEXT) == [
        ("美国", "LOC"),
        ("拜登", "PER"),
        ("北京", "LOC"),
        ("王毅", "PER"),
        ("清华大学", "ORG"),
    ]


def test_traditional_characters_are_read_as_simplified_ones() -> None:
    assert model().find([TRADITIONAL]) == model().find([TEXT])


def test_the_table_is_that_of_single_characters_and_none_stands_for_itself() -> None:
    table = simplified()
    assert len(table) > 4000
    assert all(len(a) == len(b) == 1 and a != b for a, b in table.items())
    assert [table[c] for c in "國臺電衞"] == ["国", "台", "电", "卫"]


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_any_text_has_the_same_names_in_any_company(texts: list[str]) -> None:
    texts = [TEXT, *texts]
    found = model().find(texts)
    assert found == [model().find([text])[0] for text in texts]
    for text, spans in zip(texts, found, strict=True):
        ends = [0, *(span.end for span in spans)]
        assert all(end <= s.start < s.end for end, s in zip(ends, spans, strict=False))
        assert ends[-1] <= len(text)


def test_order_and_number_of_texts_change_no_name() -> None:
    words = ["拜登", "在", "北京", "会见", "王毅", "，", "新华社", "报道"]
    generator = random.Random(0)
    texts = ["".join(generator.choices(words, k=generator.randint(1, 30))) for _ in range(40)]
    alone: dict[str, list[Span]] = {text: model().find([text])[0] for text in texts}
    generator.shuffle(texts)
    assert model().find(texts) == [alone[text] for text in texts]


def test_long_sentences_are_read_in_parts() -> None:
    text = "拜登" * 700
    assert {label for _, label in names(text)} <= {"PER", "LOC", "ORG"}
    assert model().find([]) == []
    assert model().find(["", "。"]) == [[], []]


def test_without_the_package_the_user_is_told_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lac_ner, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="pip install jieba"):
        load_lac()
    (tmp_path / "word.dic").write_text("0\ta\n", encoding="utf-8")
    with pytest.raises(OSError, match=r"tag\.dic"):
        LacModel(tmp_path)


@pytest.mark.parametrize(
    ("text", "tagged", "name", "label"),
    [
        ("球员Harry Giles上场", "arry Giles", "Harry Giles", "PER"),
        ("前锋 Ayr 以三比一", "Ayr 以", "Ayr", "PER"),
        ("据 DARPA 介绍", "DARPA", "DARPA", "ORG"),
        ("电视台（MSNBC）称", "（MSNBC）", "（MSNBC）", "ORG"),
        ("彼得Tsouvallaris说", "彼得Tsouvallaris", "彼得Tsouvallaris", "PER"),
        ("外交部发言人毛宁", "毛宁", "毛宁", "PER"),
    ],
)
def test_words_in_latin_letters_are_whole_and_abbreviations_no_persons(
    text: str, tagged: str, name: str, label: str
) -> None:
    start = text.index(tagged)
    found = with_latin_words(text, Span(start, start + len(tagged), "PER"))
    assert (text[found.start : found.end], found.label) == (name, label)
