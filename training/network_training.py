"""Train a small network of one hidden layer: by Adam on the logistic loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.clean.line_features import Matrix
from tasks.writing.network import Layers

SEED = 7
EPOCHS = 8
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-5
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Size:
    """How many hidden units a network has, and from how many lines it learns at once."""

    hidden_units: int = 12
    batch_lines: int = 512


SMALL = Size()


@dataclass(frozen=True)
class Sample:
    """A text: the features, widths and weights of its lines, and how much each is text."""

    features: Matrix
    widths: Matrix
    targets: Matrix
    weights: Matrix


def fitted_together(
    inputs: Sequence[Matrix], samples: Sequence[Sample], size: Size, count: int
) -> Layers:
    """Return some networks side by side as one: its output is the mean of theirs."""
    networks = [fitted(inputs, samples, size, SEED + number) for number in range(count)]
    hidden, hidden_bias, output = (
        np.concatenate([network[part] for network in networks], axis=-1) for part in range(3)
    )
    bias: Matrix = np.mean([network[3] for network in networks], axis=0)
    return hidden, hidden_bias, output / count, bias


def fitted(
    inputs: Sequence[Matrix], samples: Sequence[Sample], size: Size = SMALL, seed: int = SEED
) -> Layers:
    """Return the weights of a network, by Adam on the logistic loss, to two digits."""
    lines = np.concatenate(inputs).astype(np.float32)
    targets = np.concatenate([sample.targets for sample in samples]).astype(np.float32)
    weights = np.concatenate([sample.weights for sample in samples]).astype(np.float32)
    weights /= weights.mean()
    chooser = np.random.default_rng(seed)
    parameters = _initial(lines.shape[1], size.hidden_units, chooser)
    adam = Adam(parameters)
    for epoch in range(EPOCHS):
        order = chooser.permutation(len(lines))
        for start in range(0, len(lines), size.batch_lines):
            batch = order[start : start + size.batch_lines]
            shares = (weights[batch] / size.batch_lines).astype(np.float32)
            gradients = _gradients(parameters, lines[batch], targets[batch], shares)
            adam.descend(gradients, LEARNING_RATE * (1 - epoch / EPOCHS))
    hidden, hidden_bias, output, bias = (np.round(part.astype(float), 2) for part in parameters)
    return hidden, hidden_bias, output, bias[0]


def _initial(columns: int, units: int, chooser: np.random.Generator) -> list[Floats]:
    hidden = chooser.standard_normal((columns, units)) * np.sqrt(2 / columns)
    output = chooser.standard_normal(units) * 0.3
    parts = (hidden, np.zeros(units), output, np.zeros(1))
    return [part.astype(np.float32) for part in parts]


def _gradients(
    parameters: Sequence[Floats], lines: Floats, targets: Floats, weights: Floats
) -> list[Floats]:
    hidden_weights, hidden_bias, output_weights, output_bias = parameters
    before = lines @ hidden_weights + hidden_bias
    hidden = np.maximum(before, 0)
    found = 1 / (1 + np.exp(-np.clip(hidden @ output_weights + output_bias, -20, 20)))
    error = (found - targets) * weights
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
