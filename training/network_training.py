"""Train a small network of one hidden layer by Adam: on the logistic loss, or to choose a row."""

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
#: What learns to choose sees fewer samples, and forgets more.
CHOICE_WEIGHT_DECAY, DROPOUT = 1e-4, 0.2
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


@dataclass(frozen=True)
class Choice:
    """Rows of which one is to be chosen, or none.

    Attributes:
        rows: (rows, columns).
        right: The numbers of those that are right.
    """

    rows: Matrix
    right: Sequence[int]


def fitted_together(
    inputs: Sequence[Matrix], samples: Sequence[Sample], size: Size, count: int
) -> Layers:
    """Return some networks side by side as one: its output is the mean of theirs."""
    return _side_by_side([fitted(inputs, samples, size, SEED + n) for n in range(count)])


def _side_by_side(networks: Sequence[Layers]) -> Layers:
    hidden, hidden_bias, output = (
        np.concatenate([network[part] for network in networks], axis=-1) for part in range(3)
    )
    bias: Matrix = np.mean([network[3] for network in networks], axis=0)
    return hidden, hidden_bias, output / len(networks), bias


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


def fitted_to_choose(choices: Sequence[Choice], size: Size, epochs: int, count: int) -> Layers:
    """Return the weights of a network whose largest output is the right row.

    By Adam on the cross entropy of the softmax over the rows and a zero, which stands for none
    (multinomial logit; McFadden 1974).

    Args:
        choices: What is learned from, each of the same weight; one without rows teaches nothing.
        size: Of the network; `batch_lines` is of choices.
        epochs: How often each is seen.
        count: How many networks stand side by side as one.
    """
    return _side_by_side([_chooser(choices, size, epochs, SEED + n) for n in range(count)])


def _chooser(choices: Sequence[Choice], size: Size, epochs: int, seed: int) -> Layers:
    taught = [choice for choice in choices if len(choice.rows)]
    rows = [choice.rows.astype(np.float32) for choice in taught]
    chooser = np.random.default_rng(seed)
    parameters = _initial(rows[0].shape[1], size.hidden_units, chooser)
    adam = Adam(parameters)
    for epoch in range(epochs):
        order = chooser.permutation(len(rows))
        for start in range(0, len(rows), size.batch_lines):
            batch = order[start : start + size.batch_lines]
            wanted = [_wanted(taught[number]) for number in batch]
            gradients = _choosing(parameters, [rows[number] for number in batch], wanted, chooser)
            adam.descend(gradients, LEARNING_RATE * (1 - epoch / epochs))
    hidden, hidden_bias, output, bias = (np.round(part.astype(float), 2) for part in parameters)
    return hidden, hidden_bias, output, bias[0]


def _wanted(choice: Choice) -> Floats:
    wanted = np.zeros(len(choice.rows), np.float32)
    wanted[list(choice.right)] = 1 / max(len(choice.right), 1)
    return wanted


def _choosing(
    parameters: Sequence[Floats],
    batch: Sequence[Floats],
    wanted: Sequence[Floats],
    chooser: np.random.Generator,
) -> list[Floats]:
    """Return the gradients of a batch of choices; a fifth of the hidden units is left out."""
    hidden_weights, hidden_bias, output_weights, output_bias = parameters
    rows, starts = np.concatenate(batch), np.cumsum([0, *map(len, batch[:-1])])
    counts = list(map(len, batch))
    before = rows @ hidden_weights + hidden_bias
    left = (chooser.random((len(batch), before.shape[1])) > DROPOUT) / (1 - DROPOUT)
    left = np.repeat(left, counts, axis=0).astype(np.float32)
    hidden = np.maximum(before, 0) * left
    found = np.clip(hidden @ output_weights + output_bias, -20, 20)
    powers = np.exp(found)
    error = powers / np.repeat(1 + np.add.reduceat(powers, starts), counts)
    error -= np.concatenate(wanted)
    error /= len(batch)
    back = np.outer(error, output_weights) * left * (before > 0)
    return [
        rows.T @ back + CHOICE_WEIGHT_DECAY * hidden_weights,
        back.sum(0),
        hidden.T @ error + CHOICE_WEIGHT_DECAY * output_weights,
        np.array([error.sum()], np.float32),
    ]


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
