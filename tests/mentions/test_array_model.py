"""Our models read on arrays what spaCy reads on documents."""

from functools import cache
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from threadpoolctl import threadpool_limits

from tasks.mentions.array_model import RECOGNISER, ArrayModel, _Words, can_read
from tasks.mentions.backends import load
from tasks.mentions.entity_model import MAX_TEXT_CHARS
from tasks.mentions.gazetteer import Gazetteer
from tasks.mentions.name_network import features_of
from tasks.mentions.own_model import own_models
from tasks.mentions.spacy_pipelines import load_pipeline
from tasks.settings import EntitySettings
from tests.making.found_names import Place, places
from tests.making.toy_models import trained

SAMPLES = {
    "de": "Angela Merkel besuchte am 3. Mai die Deutsche Bank in Frankfurt am Main.",
    "ar": "زار محمد بن سلمان وبالرياض قال إيلون ماسك إن شركة تسلا في باريس.",
    "zh": "习近平在北京会见了法国总统马克龙，参观是方电讯 and Apple Inc.",
    "ja": "マスク氏は東京で会見した。 トヨタ自動車は愛知県 豊田市にある。",
    "uk": "Володимир Зеленський прибув до Києва, де зустрівся з Джо Байденом.",
}
#: Text that a tokenizer may stumble over, among names.
STRANGE = st.sampled_from(
    [" ", "  ", "\n", " \n", "\u3000", "\x1f", "\u200f", "\u0301", "ﷺ", "㍻", "ｶﾞ", "𠮷", "…", "😀"]
)
WORDS = st.sampled_from([word for text in SAMPLES.values() for word in text.split()])
TEXTS = st.lists(
    WORDS | STRANGE | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    min_size=1,
    max_size=30,
).map("".join)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As where names are read."""
    threadpool_limits(1, user_api="blas")


@cache
def pipeline(language: str) -> Language:
    return load_pipeline(own_models(EntitySettings().models)[language].folder)


@cache
def model(language: str) -> ArrayModel:
    loaded = load(own_models(EntitySettings().models)[language].identity)
    assert isinstance(loaded, ArrayModel)
    return loaded


def expected(language: str, text: str) -> list[Place]:
    return [(e.start_char, e.end_char, e.label_) for e in pipeline(language)(text).ents]


@pytest.mark.parametrize("language", SAMPLES)
def test_the_names_are_those_that_spacy_finds(language: str) -> None:
    texts = [*SAMPLES.values(), " ".join(SAMPLES.values())]
    names = [expected(language, text) for text in texts]
    assert [places(spans) for spans in model(language).find(texts)] == names
    assert names[list(SAMPLES).index(language)]


@pytest.mark.parametrize("language", SAMPLES)
@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_the_features_of_any_text_are_those_of_spacy(language: str, text: str) -> None:
    nlp = pipeline(language)
    recogniser = cast("EntityRecognizer", nlp.get_pipe(RECOGNISER))
    features = features_of(recogniser)
    words = _Words(nlp, cast("Gazetteer", nlp.get_pipe("babelmill_gazetteer")), features)
    tokens, rows, indexes = words.read([text, text])
    with nlp.select_pipes(disable=RECOGNISER):
        doc = nlp(text)
    assert tokens.bounds.tolist() == [0, len(doc), 2 * len(doc)]
    spacys = doc.to_array([*features]).reshape(len(doc), -1)
    assert np.array_equal(rows[indexes][: len(doc)], spacys)
    assert tokens.starts.tolist() == [token.idx for token in doc] * 2


@pytest.mark.parametrize("language", ["de", "ja"])
@settings(max_examples=20, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_the_names_of_any_text_are_the_same_in_any_company(language: str, texts: list[str]) -> None:
    together = model(language).find(texts)
    assert together == [model(language).find([text])[0] for text in texts]
    for text, spans in zip(texts, together, strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_scores_are_the_same_in_any_company_to_the_last_bit(lengths: list[int], seed: int) -> None:
    network = model("de")._network
    features = np.random.default_rng(seed).integers(0, 40, (sum(lengths), 5), dtype=np.uint64)
    together = network.read(network.embed(features), lengths)(_states(sum(lengths)))
    first = 0
    for length in lengths:
        own = network.embed(features[first : first + length])
        alone = network.read(own, [length])(_states(length))
        assert np.array_equal(together[first : first + length], alone)
        first += length


def _states(tokens: int) -> np.ndarray:
    return np.stack((np.arange(tokens), np.full(tokens, -1), np.full(tokens, -1)), axis=1)


def test_no_texts_have_no_names() -> None:
    assert model("de").find([]) == []
    assert model("de").find([" "]) == [[]]


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("letter", [*"وа한กﷺ漢-_\u0301😀A"])
def test_a_letter_may_stand_as_often_as_there_is_room(language: str, letter: str) -> None:
    text = letter * MAX_TEXT_CHARS
    assert places(model(language).find([text])[0]) == expected(language, text)


def test_many_texts_and_words_change_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*SAMPLES.values(), "x" * MAX_TEXT_CHARS] * 3
    names = model("de").find(texts)
    for limit in ("GROUP_CHARS", "BATCH_TOKENS", "KEPT_WORDS"):
        monkeypatch.setattr(f"tasks.mentions.array_model.{limit}", 20)
    assert model("de").find(texts) == names


def test_a_pipeline_with_another_tokenizer_or_other_pipes_is_left_to_spacy() -> None:
    assert not can_read(trained())
