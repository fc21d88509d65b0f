"""Compute what a recogniser that spaCy trained says of tokens, on plain arrays.

The layers are those of spaCy's `MultiHashEmbed`, `MaxoutWindowEncoder` and `TransitionBasedParser`,
the weights those that it trained. What is said of a text is the same to the last bit in any
company (`tasks.mentions.text_rows`).
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.pipeline import EntityRecognizer
from thinc.api import Model, NumpyOps

from tasks.mentions.text_rows import Floats, Ints, TextRows, windows

Hashes = npt.NDArray[np.uint64]

#: Tokens that each layer of the encoder sees on either side.
WINDOW = 1
#: As thinc's `LayerNorm` has it.
_EPSILON = np.float32(1e-8)
_HALF = np.float32(-0.5)


@dataclass(frozen=True)
class Maxout:
    """A layer that takes the largest of some sums, normalised; thinc's `Maxout` and `LayerNorm`.

    Attributes:
        weights: (inputs, pieces x outputs), the first sums of all outputs first.
        bias: (pieces x outputs).
        gain: (outputs).
        shift: (outputs).
    """

    weights: Floats
    bias: Floats
    gain: Floats
    shift: Floats

    def activated(self, sums: Floats) -> Floats:
        """Return (rows, outputs) of (rows, pieces x outputs), to which the bias is added."""
        sums += self.bias
        best = _largest(sums, len(self.gain))
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best) / np.float32(len(self.gain)) + _EPSILON
        best *= (spread**_HALF)[:, None]
        best *= self.gain
        best += self.shift
        return best


def _largest(sums: Floats, outputs: int) -> Floats:
    best = sums[:, :outputs].copy()
    for first in range(outputs, sums.shape[1], outputs):
        np.maximum(best, sums[:, first : first + outputs], out=best)
    return best


def _maxout(layer: Model[Any, Any]) -> Maxout:
    """Return the layer of thinc's `maxout >> layernorm`."""
    (maxout,) = (node for node in layer.walk() if node.name == "maxout")
    (norm,) = (node for node in layer.walk() if node.name == "layernorm")
    weights = _weights(maxout, "W").transpose(1, 0, 2)
    flat = weights.reshape(-1, weights.shape[2])
    bias = _weights(maxout, "b").T.reshape(-1).copy()
    return Maxout(_transposed(flat), bias, _weights(norm, "G"), _weights(norm, "b"))


def _weights(layer: Any, name: str) -> Floats:  # noqa: ANN401 (thinc's models are generic)
    weights: Floats = np.asarray(layer.get_param(name), dtype=np.float32)
    return weights


def _transposed(weights: Floats) -> Floats:
    return np.ascontiguousarray(weights.T)


class Embedding:
    """Vectors of tokens by their features; each row of a table is multiplied beforehand."""

    def __init__(self, embed: Model[Any, Any]) -> None:
        tables = [node for node in embed.walk() if node.name == "hashembed"]
        self._layer = _maxout(embed)
        self._seeds = [table.attrs["seed"] for table in tables]
        shares = np.split(self._layer.weights, len(tables))
        self._tables = [
            np.dot(_weights(table, "E"), share) for table, share in zip(tables, shares, strict=True)
        ]
        self._ops = NumpyOps()

    def __call__(self, features: Hashes) -> Floats:
        """Return the vectors, (tokens, width), of features, (tokens, tables)."""
        sums = np.zeros((len(features), self._tables[0].shape[1]), dtype=np.float32)
        for column, (table, seed) in enumerate(zip(self._tables, self._seeds, strict=True)):
            values, indexes = np.unique(features[:, column], return_inverse=True)
            rows = self._ops.hash(np.ascontiguousarray(values), seed) % len(table)
            found = table[rows[:, 0]]
            for other in rows.T[1:]:
                found += table[other]
            sums += found[indexes]
        return self._layer.activated(sums)


class NameNetwork:
    """All layers of a recogniser; see `has_known_layers`."""

    def __init__(self, recogniser: EntityRecognizer) -> None:
        model: Any = recogniser.model
        tok2vec = model.get_ref("tok2vec")
        encode = _encoder(tok2vec)
        linear = tok2vec.layers[-1]
        self.embed = Embedding(_embedding(tok2vec))
        self._layers = [_maxout(layer) for layer in encode.layers[0].layers]
        self._linear = _transposed(_weights(linear, "W"))
        self._linear_bias = _weights(linear, "b")
        self._states = _StateLayers(model)

    def read(self, vectors: Floats, tokens: list[int]) -> "TokenScores":
        """Return the scores of the tokens of some texts.

        Args:
            vectors: What `embed` says of each token, all texts' one after the other.
            tokens: How many each text has.
        """
        texts = TextRows(tokens, margin=len(self._layers) * WINDOW)
        rows = texts.spread(vectors)
        self._encode(rows, texts)
        hidden = np.empty((texts.rows, self._linear.shape[1]), np.float32)
        texts.multiply(rows, self._linear, hidden)
        return self._states.of(hidden[texts.of_tokens] + self._linear_bias, TextRows(tokens))

    def _encode(self, rows: Floats, texts: TextRows) -> None:
        """Add to each row what the layers make of its neighbours.

        The zeros around a text become something in each layer, too. What is farther than the
        later layers see is not computed.
        """
        sums = np.zeros((len(rows), self._layers[0].weights.shape[1]), np.float32)
        for number, layer in enumerate(self._layers, 1):
            reach = (len(self._layers) - number) * WINDOW
            texts.multiply(windows(rows), layer.weights, sums, reach)
            rows += layer.activated(sums)


class _StateLayers:
    """The layers that see three tokens of a state: `lower` and `upper` of spaCy's parser."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 (thinc's models are generic)
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        weights = _weights(lower, "W").transpose(0, 2, 1, 3)
        self.seen, self._sums = weights.shape[0], weights.shape[1] * weights.shape[2]
        self._weights = _transposed(weights.reshape(-1, weights.shape[3]))
        self.none = _weights(lower, "pad")[0].transpose(0, 2, 1).reshape(self.seen, -1)
        self.bias = _weights(lower, "b").T.reshape(-1).copy()
        self.upper = _transposed(_weights(upper, "W"))
        self.upper_bias = _weights(upper, "b")
        self.unseen = sorted(model.attrs["unseen_classes"])

    def of(self, hidden: Floats, texts: TextRows) -> "TokenScores":
        """Return the scores of the tokens of some texts."""
        sums = np.empty((len(hidden) + 1, self._weights.shape[1]), np.float32)
        texts.multiply(hidden, self._weights, sums)
        sums[-1] = self.none.reshape(-1)
        return TokenScores(self, sums.reshape(len(sums), self.seen, -1))


class TokenScores:
    """The scores of each action in states of some texts."""

    def __init__(self, layers: _StateLayers, sums: Floats) -> None:
        self._layers = layers
        self._sums = sums

    def __call__(self, states: Ints) -> Floats:
        """Return (states, actions) of (states, tokens seen), -1 for no token."""
        layers = self._layers
        total = self._sums[states[:, 0], 0]
        for position in range(1, layers.seen):
            total += self._sums[states[:, position], position]
        total += layers.bias
        best = _largest(total, len(layers.upper))
        # One state at a time, so that its sums do not depend on the others.
        scores: Floats = np.matmul(best[:, None, :], layers.upper)[:, 0]
        scores += layers.upper_bias
        scores[:, layers.unseen] = -np.inf
        return scores


def _embedding(tok2vec: Model[Any, Any]) -> Model[Any, Any]:
    return next(node for node in tok2vec.walk() if node.has_ref("embed")).get_ref("embed")


def _encoder(tok2vec: Model[Any, Any]) -> Model[Any, Any]:
    return next(node for node in tok2vec.walk() if node.has_ref("encode")).get_ref("encode")


_ENCODE = r"residual\(expand_window>>maxout>>layernorm>>dropout\)"
_TABLE = "ints-getitem>>hashembed"
#: What thinc calls the layers that are known here.
_KNOWN_LAYERS = re.compile(
    rf"extract_features>>list2ragged>>with_array\({_TABLE}(?:\|{_TABLE})*\)"
    r">>with_array\(maxout>>layernorm>>dropout\)>>ragged2list"
    rf">>with_array\({_ENCODE}(?:>>{_ENCODE})*\)>>list2array>>linear"
)


def has_known_layers(recogniser: EntityRecognizer) -> bool:
    """Say whether `NameNetwork` computes what the layers of a recogniser do."""
    model: Any = recogniser.model
    windows = {n.attrs["window_size"] for n in model.walk() if n.name == "expand_window"}
    is_known = _KNOWN_LAYERS.fullmatch(model.get_ref("tok2vec").name)
    return bool(is_known and model.attrs["has_upper"] and windows == {WINDOW})


def features_of(recogniser: EntityRecognizer) -> list[str]:
    """Return the names of the attributes of tokens that a recogniser embeds."""
    model: Any = recogniser.model
    (extract,) = (node for node in model.walk() if node.name == "extract_features")
    return list(extract.attrs["columns"])
