"""Run small networks with one hidden layer of rectified units, over rows in their order.

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

#: Inputs and hidden values are rounded to this many parts of one. With weights in hundredths, sums
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


def neighbours(rows: Matrix, reach: int) -> list[Matrix]:
    """Return what stands so many rows before each row, and so on until as many after it.

    Rows beyond the ends are zero; a 1 with each row tells them from rows.

    Args:
        rows: (rows, columns).
        reach: How far to look, in rows.

    Returns:
        A matrix per distance from `-reach` to `reach`, (rows, columns + 1) each.
    """
    count = len(rows)
    with_one = np.hstack([rows, np.ones((count, 1))])
    padded = np.pad(with_one, ((reach, reach), (0, 0)))
    return [padded[shift : shift + count] for shift in range(2 * reach + 1)]


def rows_since(is_landmark: NDArray[np.bool_], most: int) -> NDArray[np.intp]:
    """Return how many rows ago the last landmark was, 0 at one; at most so many, (rows,)."""
    positions = np.arange(len(is_landmark))
    last = np.maximum.accumulate(np.where(is_landmark, positions, -most))
    return np.minimum(positions - last, most)


def _product(values: Matrix, weights: Matrix) -> Matrix:
    """Return `values @ weights`, from whole numbers."""
    product: Matrix = np.rint(values * _PARTS) @ np.rint(weights * _HUNDRED)
    return product / (_PARTS * _HUNDRED)
