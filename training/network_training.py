"""Train a small network of one hidden layer: by Adam on the logistic loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.clean.line_features import Matrix
from tasks.writing.network import Layers

SEED = 7
HIDDEN_UNITS = 12
EPOCHS = 8
BATCH_LINES = 512
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-5
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sample:
    """A text: the features, widths and weights of its lines, and how much each is text."""

    features: Matrix
    widths: Matrix
    targets: Matrix
    weights: Matrix


def fitted(inputs: Sequence[Matrix], samples: Sequence[Sample]) -> Layers:
    """Return the weights of a network, by Adam on the logistic loss, to two digits."""
    lines = np.concatenate(inputs).astype(np.float32)
    targets = np.concatenate([sample.targets for sample in samples]).astype(np.float32)
    weights = np.concatenate([sample.weights for sample in samples]).astype(np.float32)
    weights /= weights.mean()
    chooser = np.random.default_rng(SEED)
    parameters = _initial(lines.shape[1], chooser)
    adam = Adam(parameters)
    for epoch in range(EPOCHS):
        order = chooser.permutation(len(lines))
        for start in range(0, len(lines), BATCH_LINES):
            batch = order[start : start + BATCH_LINES]
            gradients = _gradients(parameters, lines[batch], targets[batch], weights[batch])
            adam.descend(gradients, LEARNING_RATE * (1 - epoch / EPOCHS))
    hidden, hidden_bias, output, bias = (np.round(part.astype(float), 2) for part in parameters)
    return hidden, hidden_bias, output, bias[0]


def _initial(columns: int, chooser: np.random.Generator) -> list[Floats]:
    hidden = chooser.standard_normal((columns, HIDDEN_UNITS)) * np.sqrt(2 / columns)
    output = chooser.standard_normal(HIDDEN_UNITS) * 0.3
    parts = (hidden, np.zeros(HIDDEN_UNITS), output, np.zeros(1))
    return [part.astype(np.float32) for part in parts]


def _gradients(
    parameters: Sequence[Floats], lines: Floats, targets: Floats, weights: Floats
) -> list[Floats]:
    hidden_weights, hidden_bias, output_weights, output_bias = parameters
    before = lines @ hidden_weights + hidden_bias
    hidden = np.maximum(before, 0)
    found = 1 / (1 + np.exp(-np.clip(hidden @ output_weights + output_bias, -20, 20)))
    error = (found - targets) * weights / BATCH_LINES
    back = np.outer(error, output_weights) * (before > 0)
    return [
        lines.T @ back + WEIGHT_DECAY * hidden_weights,
        back.sum(0),
        hidden.T @ error + WEIGHT_DECAY * output_weights,
        np.array([error.sum()], np.float32),
    ]


class Adam:
    """Adam (Kingma and Ba 2015) on some parameters, which it changes in place."""

    def __init__(self, parameters: Sequence[NDArray[Any]]) -> None:
        self.parameters = list(parameters)
        self.means = [np.zeros_like(parameter) for parameter in parameters]
        self.squares = [np.zeros_like(parameter) for parameter in parameters]
        self.steps = 0

    def descend(self, gradients: Sequence[NDArray[Any]], rate: float) -> None:
        """Take a step."""
        self.steps += 1
        for index, gradient in enumerate(gradients):
            self.means[index] = 0.9 * self.means[index] + 0.1 * gradient
            self.squares[index] = 0.99 * self.squares[index] + 0.01 * gradient**2
            mean = self.means[index] / (1 - 0.9**self.steps)
            square = self.squares[index] / (1 - 0.99**self.steps)
            self.parameters[index] -= rate * mean / (np.sqrt(square) + 1e-8)
