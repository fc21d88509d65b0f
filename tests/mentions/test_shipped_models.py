"""Check what the models that come with Babelmill make of any text."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.mentions import backends
from tasks.mentions.entity_model import MAX_TEXT_CHARS
from tasks.mentions.extract_entities import cut_pieces
from tasks.settings import EntitySettings
from tests.making.found_names import places

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HARD_PIECES = [
    "マスク",
    "氏",
    "ﷺ",
    "𠮷野家",
    "Путин",
    "Москве",
    "😀",
    "é",
    "㍻",
    "ｶﾞ",
    ".",
    "OpenAI",
]
HARD = st.lists(
    st.sampled_from([*HARD_PIECES, "\u200f", "\x00", "\u3000", "\n", " "]), min_size=1, max_size=25
).map("".join)


@pytest.mark.parametrize("language", ["ru", "ja", "hi", "zh"])
@settings(max_examples=15, deadline=None)
@given(text=ANY_TEXT | HARD)
def test_any_unicode_is_read_and_spans_lie_in_the_text(language: str, text: str) -> None:
    identity = backends.model_for(language, EntitySettings())
    assert identity is not None
    texts = [piece.text for piece in cut_pieces(text, MAX_TEXT_CHARS)]
    if texts:
        (spans,) = backends.load(identity).find(texts)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize("text", ["ﷺ" * MAX_TEXT_CHARS, "𠮷" * MAX_TEXT_CHARS])
def test_the_longest_piece_is_short_enough_for_sudachi(text: str) -> None:
    identity = backends.model_for("ja", EntitySettings(model="fast"))
    assert identity is not None
    assert len(backends.load(identity).find([text])) == 1


def test_reading_names_step_by_step_gives_what_spacy_gives() -> None:
    texts = ["マスク氏は東京で会見した。", "トヨタ自動車は愛知県豊田市にある。"]
    identity = backends.model_for("ja", EntitySettings(model="fast"))
    assert identity is not None
    assert identity.folder is not None
    nlp = spacy.load(identity.folder)
    expected = [[(e.start_char, e.end_char, e.label_) for e in nlp(t).ents] for t in texts]
    assert list(map(places, backends.load(identity).find(texts))) == expected
    assert expected[1]
