"""A small network says of a row the same alone and among others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.pages.model import layers as page_layers
from tasks.writing.network import Layers, Matrix, logits, neighbours, rows_since


def _inputs(rows: int, seed: int, layers: Layers) -> Matrix:
    return np.random.default_rng(seed).uniform(-1, 1, (rows, len(layers[0])))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 700), st.integers(0, 99))
def test_a_row_does_not_depend_on_the_others(rows: int, seed: int) -> None:
    layers = page_layers()
    inputs = _inputs(rows, seed, layers)
    together = logits(inputs, layers, 20.0)
    assert together.shape == (rows,)
    for row in range(0, rows, 97):
        assert logits(inputs[row : row + 1], layers, 20.0) == together[row]
    backwards = logits(np.asfortranarray(inputs[::-1]), layers, 20.0)
    assert (backwards[::-1] == together).all()


def test_it_says_what_the_formula_says() -> None:
    layers = page_layers()
    inputs = _inputs(300, 5, layers)
    hidden_weights, hidden_bias, output_weights, output_bias = layers
    hidden = np.maximum(inputs @ hidden_weights + hidden_bias, 0)
    expected = np.clip(hidden @ output_weights + output_bias, -20, 20)
    assert np.allclose(logits(inputs, layers, 20.0), expected, atol=1e-6)


def test_rows_beyond_the_ends_are_zero() -> None:
    before, here, after = neighbours(np.array([[5.0], [6.0]]), 1)
    assert before.tolist() == [[0, 0], [5, 1]]
    assert here.tolist() == [[5, 1], [6, 1]]
    assert after.tolist() == [[6, 1], [0, 0]]


def test_rows_are_counted_from_the_last_landmark() -> None:
    assert rows_since(np.array([False, True, False, False, True]), 2).tolist() == [2, 0, 1, 2, 0]
    assert rows_since(np.zeros(0, np.bool_), 9).tolist() == []
