"""Check the reader of the encoder: allowed tags, windows, and what a text's names depend on."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tasks.mentions import backends, encoder_pipe
from tasks.mentions.entity_model import ModelError
from tasks.mentions.own_model import NETWORK, check_files, own_models
from tasks.mentions.unit_tagger import (
    SHARED_UNITS,
    WINDOW_UNITS,
    Units,
    UnitTagger,
    _windows,
    allowed_tags,
    best_tags,
    inner_units,
    load_tagger,
    within_words,
)
from tasks.settings import EntitySettings
from tests.making.toy_encoder import toy_weights, write_encoder, write_files
from tests.making.toy_models import write_model

TEXTS = [
    "Marie vit à Paris.",
    "der Bank, Lyon et UN.",
    "中国 在 中国",
    "x",
    "Paris Lyon Marie " * 150,
    "",
    "Ÿ 🙂 Paris",
]


@pytest.fixture(autouse=True)
def forget_models() -> Iterator[None]:
    yield
    own_models.cache_clear()
    check_files.cache_clear()


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> UnitTagger:
    return load_tagger(write_files(tmp_path_factory.mktemp("tagger")))


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 5), st.just(5)), elements=st.floats(-9, 9, width=32)
    ),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_best_tags_are_allowed_and_no_allowed_ones_have_a_greater_sum(
    scores: np.ndarray, further: list[bool]
) -> None:
    allowed = allowed_tags(2)
    inner = np.array([False, *further])[: len(scores)]
    matrices = (allowed, within_words(allowed))

    def is_allowed(tags: tuple[int, ...]) -> bool:
        steps = zip(itertools.pairwise((-1, *tags)), inner.tolist(), strict=True)
        return all(matrices[is_inner][a, b] for (a, b), is_inner in steps)

    sums = {
        tags: sum(float(row[tag]) for row, tag in zip(scores, tags, strict=True))
        for tags in itertools.product(range(5), repeat=len(scores))
        if is_allowed(tags)
    }
    found = tuple(best_tags(scores, allowed, inner))
    assert is_allowed(found)
    assert sums[found] == pytest.approx(max(sums.values()), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "cut", "is_inner"),
    [
        ("TikTok", 1, True),
        ("スターゲイト", 5, True),
        ("مشروع", 3, True),
        ("नैशविले", 5, True),
        ("이상화는", 3, False),
        ("中国", 1, False),
        ("İstanbul'da", 9, False),
        ("GPT4", 3, False),
        ("Vyキ", 2, False),
    ],
)
def test_no_name_begins_or_ends_within_a_word_but_before_a_particle_or_a_suffix(
    text: str, cut: int, is_inner: bool
) -> None:
    offsets = [(0, cut), (cut, len(text))]
    assert inner_units(text, offsets).tolist() == [False, is_inner]
    assert inner_units(text, [(0, 1), (0, len(text))]).tolist() == [False, True]


@given(st.integers(1, 2000))
def test_windows_keep_each_unit_once_and_in_order(count: int) -> None:
    units = Units(list(range(count)), [(i, i + 1) for i in range(count)])
    kept: list[int] = []
    for first, last, part in _windows(units):
        assert 0 < last - first <= WINDOW_UNITS
        kept += units.ids[first:last][part]
    assert kept == units.ids


def test_a_unit_that_is_not_at_the_end_of_a_text_is_not_at_the_end_of_its_window() -> None:
    units = Units(list(range(1000)), [(i, i + 1) for i in range(1000)])
    for first, last, part in _windows(units):
        inner = range(first, last)[part]
        assert first == 0 or inner[0] - first >= SHARED_UNITS // 2
        assert last == 1000 or last - inner[-1] > SHARED_UNITS // 2


def test_names_lie_in_their_texts_and_do_not_overlap(tagger: UnitTagger) -> None:
    for text, spans in zip(TEXTS, tagger.find(TEXTS), strict=True):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            end = span.end
    assert any(tagger.find(TEXTS))


def test_what_is_found_in_a_text_does_not_depend_on_its_company(tagger: UnitTagger) -> None:
    alone = {text: tagger.find([text])[0] for text in TEXTS}
    order = random.Random(0)
    for _ in range(5):
        texts = order.choices(TEXTS, k=9)
        assert tagger.find(texts) == [alone[text] for text in texts]


def test_eight_bits_give_nearly_the_scores_of_thirty_two(
    tagger: UnitTagger, tmp_path: Path
) -> None:
    whole = UnitTagger(write_files(tmp_path, bits=32))
    ids = list(range(4, 40))
    theirs, ours = (t._scores(ids, 0, len(ids), slice(None)) for t in (whole, tagger))
    error = np.sqrt(np.square(theirs - ours).mean())
    assert 0 < error < 0.05 * theirs.std()


def test_spacy_reads_the_model_directory_and_marks_the_same_names(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    nlp = spacy.load(tmp_path / "toy_encoder")
    pipe = nlp.get_pipe("ner")
    assert isinstance(pipe, encoder_pipe.EncoderPipe)
    for text in TEXTS[:4]:
        found = [e.label_ for e in nlp(text).ents]
        inner = [span for spans in pipe.tagger.find([text]) for span in spans]
        assert len(found) <= len(inner)
        assert set(found) <= {span.label for span in inner}


def test_the_setting_chooses_between_the_models_of_a_language(tmp_path: Path) -> None:
    write_encoder(tmp_path / "models", ("fr", "de"))
    write_model(tmp_path / "models", ("fr", "it"))

    def name(language: str, model: str) -> str | None:
        groups = {"models": str(tmp_path / "models"), "model": model}
        found = backends.model_for(language, EntitySettings.model_validate(groups))
        return None if found is None else found.name

    accurate = [name(tag, "accurate") for tag in ("fr", "de", "it", "es")]
    assert accurate == ["toy_encoder", "toy_encoder", "toy", None]
    assert [name(tag, "fast") for tag in ("fr", "de", "it", "es")] == ["toy", None, "toy", None]


def test_the_chosen_model_is_loaded_without_spacy(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    settings = EntitySettings(models=str(tmp_path), model="accurate")
    identity = backends.model_for("fr", settings)
    assert identity is not None
    assert isinstance(backends.load(identity), UnitTagger)


def test_a_damaged_network_is_told_with_what_to_do(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "ner")
    (folder / NETWORK).write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"cannot be loaded .* training\.export_encoder"):
        load_tagger(folder)


def test_the_same_weights_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_files(tmp_path / name, toy_weights()) for name in ("one", "other"))
    for file in one.iterdir():
        assert file.read_bytes() == (other / file.name).read_bytes()
