"""Russian names are those that natasha itself finds."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natasha.emb import NewsEmbedding
from natasha.ner import NewsNERTagger
from razdel import tokenize

from tasks.mentions import natasha_ner
from tasks.mentions.natasha_ner import NatashaModel
from tests.making.found_names import Place, places

TEXT = "Вчера Илон Маск встретился в Санкт-Петербурге с главой «Газпрома» Алексеем Миллером."
#: What razdel joins or cuts by what stands around it.
STRANGE = st.sampled_from([*"-—_.,/\\!?…:)(*5 ", "yahoo", "3,5", "\n", "\u00a0", "σ", "ё", "Ж"])
TEXTS = st.lists(STRANGE | st.sampled_from(TEXT.split()) | st.text(max_size=4), max_size=25).map(
    "".join
)


@cache
def tagger() -> NewsNERTagger:
    return NewsNERTagger(NewsEmbedding())


@cache
def model() -> NatashaModel:
    return NatashaModel()


def names(text: str) -> list[Place]:
    return [(s.start, s.stop, s.type) for markup in tagger().map([text]) for s in markup.spans]


def found(texts: list[str]) -> list[list[Place]]:
    return list(map(places, model().find(texts)))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS.filter(str.strip), max_size=5))
def test_any_text_has_the_names_that_natasha_finds_in_any_company(texts: list[str]) -> None:
    texts = [TEXT, *texts]
    assert found(texts) == [names(text) for text in texts]
    assert model().find(texts) == [model().find([text])[0] for text in texts]


@given(TEXTS)
def test_any_text_is_cut_as_razdel_cuts_it(text: str) -> None:
    tokens = [(token.start, token.stop) for token in model()._words.cut(text)]
    assert tokens == [(token.start, token.stop) for token in tokenize(text)]


def test_many_texts_and_words_change_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(natasha_ner, "BATCH_TEXTS", 2)
    monkeypatch.setattr(natasha_ner, "KEPT_WORDS", 5)
    assert (
        found([TEXT, "Да.", f"Нет. {TEXT}"] * 3)
        == [names(text) for text in [TEXT, "Да.", f"Нет. {TEXT}"]] * 3
    )
    assert model().find([]) == []
