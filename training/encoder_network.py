"""Build the encoder as a network of torch that gives each unit a tag."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder_weights import Encoder, Floats


class Layer(nn.Module):  # type: ignore[misc] # torch is no dependency of the checks
    """A layer of a BERT: attention and a feed-forward network, each normalised after its sum."""

    def __init__(self, width: int, heads: int, inner: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_in = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, epsilon)
        self.inner_in = nn.Linear(width, inner)
        self.inner_out = nn.Linear(inner, width)
        self.inner_norm = nn.LayerNorm(width, epsilon)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the next states: texts × units × width; `mask` is true at units, not padding."""
        texts, units, width = states.shape
        split = self.attention_in(states).view(texts, units, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = self.attention_out(seen.transpose(1, 2).reshape(texts, units, width))
        states = self.attention_norm(states + self.dropout(seen))
        inner = self.inner_out(functional.gelu(self.inner_in(states)))
        normed: Tensor = self.inner_norm(states + self.dropout(inner))
        return normed


class Tagger(nn.Module):  # type: ignore[misc]
    """The lowest layers of the encoder with a linear layer over them; embeddings are fixed."""

    def __init__(
        self, encoder: Encoder, units: list[int], layers: int, labels: int, dropout: float
    ) -> None:
        super().__init__()
        shape = encoder.shape
        words = encoder.matrix("emb.word", shape.units)[units]
        self.register_buffer("words", torch.from_numpy(words).half(), persistent=False)
        positions = encoder.vector("emb.pos").reshape(shape.positions, shape.width)
        kind = encoder.vector("emb.type").reshape(shape.kinds, shape.width)[0]
        self.register_buffer("positions", torch.from_numpy(positions + kind), persistent=False)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        _set(self.norm, encoder.vector("emb.ln.w"), encoder.vector("emb.ln.b"))
        sizes = (shape.width, shape.heads, shape.inner_width, shape.epsilon, dropout)
        self.layers = nn.ModuleList(Layer(*sizes) for _ in range(layers))
        for number, layer in enumerate(self.layers):
            _fill(layer, encoder, number)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(shape.width, labels)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the scores of labels: texts × units × labels."""
        states = self.words[ids].float() + self.positions[: ids.shape[1]]
        states = self.dropout(self.norm(states))
        attended = mask[:, None, None, :]
        for layer in self.layers:
            states = layer(states, attended)
        scores: Tensor = self.head(self.dropout(states))
        return scores

    def freeze(self, layers: int) -> None:
        """Train neither the norm of the embeddings nor the lowest layers."""
        for part in (self.norm, *self.layers[:layers]):
            part.requires_grad_(requires_grad=False)


def _set(part: nn.Linear | nn.LayerNorm, weight: Floats, bias: Floats) -> None:
    part.weight.data = torch.from_numpy(weight)
    part.bias.data = torch.from_numpy(bias)


def _fill(layer: Layer, encoder: Encoder, number: int) -> None:
    width, inner = encoder.shape.width, encoder.shape.inner_width

    def name(part: str) -> str:
        return f"l{number}.{part}"

    parts = ("q", "k", "v")
    _set(
        layer.attention_in,
        np.concatenate([encoder.matrix(name(f"{part}.w"), width) for part in parts]),
        np.concatenate([encoder.vector(name(f"{part}.b")) for part in parts]),
    )
    linear = ((layer.attention_out, "ao", width), (layer.inner_in, "fi", inner))
    for part, short, rows in (*linear, (layer.inner_out, "fo", width)):
        _set(part, encoder.matrix(name(f"{short}.w"), rows), encoder.vector(name(f"{short}.b")))
    for norm, short in ((layer.attention_norm, "aln"), (layer.inner_norm, "oln")):
        _set(norm, encoder.vector(name(f"{short}.w")), encoder.vector(name(f"{short}.b")))
