"""A network with one hidden layer of rectified units, small enough for NumPy and a JSON file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Hidden weights and bias, output weights and bias.
Layers = tuple[Matrix, Matrix, Matrix, Matrix]


def layers_of(hundredths: Sequence[Any]) -> Layers:
    """Return the layers from nested lists of their weights in hundredths."""
    hidden, hidden_bias, output, output_bias = (
        np.array(part, np.float64) / 100 for part in hundredths
    )
    return hidden, hidden_bias, output, output_bias


def logits(inputs: Matrix, layers: Layers, most: float) -> Matrix:
    """Return the network's output for each row, at most `most` from zero."""
    hidden_weights, hidden_bias, output_weights, output_bias = layers
    # Not by a BLAS, whose sums depend on the machine's threads.
    hidden = np.maximum(np.einsum("ij,jk->ik", inputs, hidden_weights) + hidden_bias, 0)
    found: Matrix = np.einsum("ij,j->i", hidden, output_weights) + output_bias
    return np.clip(found, -most, most)


def probabilities(found: Matrix) -> Matrix:
    """Return the logistic of logits."""
    result: Matrix = 1 / (1 + np.exp(-found))
    return result
