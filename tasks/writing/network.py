"""Run small networks with one hidden layer of rectified units: NumPy and a JSON file are enough.

Sums are of whole numbers, so they are exact: a row's result depends neither on the rows beside it
nor on how, and in how many threads, a BLAS adds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Hidden weights (inputs, units) and bias, output weights and bias; all to two digits.
Layers = tuple[Matrix, Matrix, Matrix, Matrix]

#: Inputs and hidden values are taken to so many parts of one. With weights in hundredths, sums
#: stay below 2**53, up to which doubles hold all whole numbers.
_PARTS = 2.0**28
_HUNDRED = 100.0
#: Rows that are multiplied at once: their inputs stay in a processor's cache, and no BLAS starts
#: threads for them.
_ROWS = 256


def layers_of(hundredths: Sequence[Any]) -> Layers:
    """Return the layers from nested lists of their weights in hundredths."""
    hidden, hidden_bias, output, output_bias = (
        np.array(part, np.float64) / _HUNDRED for part in hundredths
    )
    return hidden, hidden_bias, output, output_bias


def logits(inputs: Matrix, layers: Layers, most: float) -> Matrix:
    """Return the network's output for each row, at most `most` from zero.

    Args:
        inputs: From -1 to 1, (rows, inputs).
        layers: The weights.
        most: Where the output is cut off.
    """
    slices = [inputs[begin : begin + _ROWS] for begin in range(0, len(inputs), _ROWS)]
    found = [_outputs(rows, layers) for rows in slices] or [np.zeros(0)]
    return np.clip(np.concatenate(found), -most, most)


def _outputs(inputs: Matrix, layers: Layers) -> Matrix:
    hidden_weights, hidden_bias, output_weights, output_bias = layers
    hidden = np.maximum(_product(inputs, hidden_weights) + hidden_bias, 0)
    return _product(hidden, output_weights) + output_bias


def probabilities(found: Matrix) -> Matrix:
    """Return the logistic of logits."""
    result: Matrix = 1 / (1 + np.exp(-found))
    return result


def _product(values: Matrix, weights: Matrix) -> Matrix:
    """Return `values @ weights`, from whole numbers."""
    product: Matrix = np.rint(values * _PARTS) @ np.rint(weights * _HUNDRED)
    return product / (_PARTS * _HUNDRED)
