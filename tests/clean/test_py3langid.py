"""Texts that are walked together get the language that py3langid gives each of them."""

import io
import lzma
import math
from itertools import takewhile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier, visit_counts
from scipy.sparse import csr_array

from tasks.clean import language_identifier
from tasks.clean.language_identifier import (
    PROBABILITY_DIGITS,
    WARM_UP_BYTES,
    WEIGHT_PARTS,
    _encoded,
    _feature_counts,
    _model,
    _sums,
    py3langid_guesses,
)
from tasks.writing.languages import from_py3langid
from tests.making.texts_in_many_scripts import PARAGRAPHS

_PARAGRAPHS = [text for texts in PARAGRAPHS.values() for text in texts]
_TEXTS = st.lists(st.sampled_from(_PARAGRAPHS) | st.text(st.characters(codec="utf-8")), max_size=9)


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _probabilities(library: LanguageIdentifier, text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    least = 0.5 * 10**-PROBABILITY_DIGITS
    for label, probability in takewhile(lambda pair: pair[1] >= least, library.rank(text)):
        tag = from_py3langid(label)
        found[tag] = found.get(tag, 0.0) + probability
    return found


@settings(max_examples=40, deadline=None)
@given(_TEXTS)
def test_features_are_those_of_the_library(library: LanguageIdentifier, texts: list[str]) -> None:
    encoded = [_encoded(text) for text in texts]
    if not encoded:
        return
    counts = _feature_counts(encoded)
    for data, row in zip(encoded, range(counts.shape[0]), strict=True):
        cells = slice(counts.indptr[row], counts.indptr[row + 1])
        found = dict(zip(counts.indices[cells].tolist(), counts.data[cells].tolist(), strict=True))
        visits = visit_counts(library.tk_nextmove, library._rowbase, library.tk_output, data) or {}
        expected = {key: float(np.float32(math.log1p(count))) for key, count in visits.items()}
        assert found == expected


@settings(max_examples=40, deadline=None)
@given(_TEXTS)
def test_guesses_are_those_of_the_library(library: LanguageIdentifier, texts: list[str]) -> None:
    for text, guess in zip(texts, py3langid_guesses(texts), strict=True):
        expected = _probabilities(library, text)
        found = guess.probabilities()
        assert guess.probability == max(found.values()) == found[guess.language]
        for tag in found.keys() | expected.keys():
            assert found.get(tag, 0.0) == pytest.approx(expected.get(tag, 0.0), abs=3e-4)


def test_a_text_in_pieces_of_a_batch_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [guess.probabilities() for guess in py3langid_guesses(_PARAGRAPHS)]
    monkeypatch.setattr(language_identifier, "_BATCH_BYTES", 300)
    assert [guess.probabilities() for guess in py3langid_guesses(_PARAGRAPHS)] == whole


def test_the_state_is_certain_after_the_warm_up() -> None:
    model = _model()
    rows = model.next_states.reshape(-1, 256)
    depth, front, seen = 0, np.zeros(1, np.int32), np.zeros(len(model.row_starts), bool)
    seen[0] = True
    while front.size:
        following = np.unique(rows[model.row_starts[front] >> 8])
        front = following[~seen[following]]
        seen[front] = True
        depth += bool(front.size)
    assert depth == WARM_UP_BYTES
    assert not rows[:, 0xFF].any()


def test_weights_are_whole_parts_and_their_sums_exact_so_that_no_order_counts() -> None:
    weights, counts = _model().weights, _feature_counts([_encoded(text) for text in _PARAGRAPHS])
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        halves = np.load(io.BytesIO(packed.read()), allow_pickle=False)["ptc"].astype(np.float32)
    parts = (halves - halves.max(axis=1, keepdims=True)) * WEIGHT_PARTS
    assert np.array_equal(parts, np.rint(parts))
    assert np.array_equal(np.sort(parts[:9]), np.sort(weights[:9]))
    sums = _sums(counts, weights)
    assert np.array_equal(sums, [_exact_sum(counts, weights, row) for row in range(len(sums))])


def _exact_sum(counts: csr_array, weights: NDArray[np.int16], row: int) -> list[float]:
    cells = slice(counts.indptr[row], counts.indptr[row + 1])
    terms = weights[counts.indices[cells]] * counts.data[cells, None]
    return [math.fsum(column) for column in terms.T]
