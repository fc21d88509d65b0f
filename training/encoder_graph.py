"""Write the trained encoder as an ONNX graph that reads one text, its weights in 8 bits.

Every matrix is kept as whole numbers with a scale for each block of the inputs of each output, so
that no large weight makes all others coarse. When the graph is loaded they become 32-bit floats,
and all is computed in these: products of whole numbers would round the states to 8 bits in every
layer, and differ between kinds of processors by so much that some names do
(`python -m benchmarks.kernels`). The graph's input are the embeddings of the text's units, its
output the scores of tags; it has no embedding table.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]
MICROSOFT = "com.microsoft"
#: The newest that onnxruntime 1.20 reads.
_OPSET, _IR_VERSION = 17, 8
#: Inputs of a block that share a scale. A power of two that divides 384 and 1,536. Scores are
#: nearer to those of 32 bits than with 128.
BLOCK = 64
#: The whole number that stands for 0.
_ZERO = 128


class Graph:
    """A graph that grows by nodes; each method returns the name of a node's output."""

    def __init__(self, *, bits: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._bits = bits

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Add weights."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **more: float) -> str:
        """Add a node of one output, which has its name."""
        made = helper.make_node(kind, inputs, [name], name, domain=domain)
        made.attribute.extend(helper.make_attribute(key, value) for key, value in more.items())
        self.nodes.append(made)
        return name

    def linear(self, states: str, name: str, weights: Weights) -> str:
        """Multiply states with a matrix (outputs × inputs) and add a bias."""
        weight = weights[f"{name}.weight"]
        added = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        if self._bits == 32:
            matrix = self.constant(f"{name}.weight", weight.T)
        else:
            matrix = self._unpacked(name, weight)
        product = self.node("MatMul", [states, matrix], f"{name}.product")
        return self.node("Add", [product, added], name)

    def _unpacked(self, name: str, weight: NDArray[np.float32]) -> str:
        """Keep a matrix as whole numbers; onnxruntime computes it when the graph is loaded."""
        numbers, scales = whole_numbers(weight)
        packed = self.constant(f"{name}.weight", numbers)
        scale = self.constant(f"{name}.scales", scales[..., np.newaxis])
        zero = self.constant(f"{name}.zero", np.array(_ZERO, dtype=np.float32))
        shape = self.constant(f"{name}.shape", np.array(weight.shape, dtype=np.int64))
        real = self.node("Cast", [packed], f"{name}.real", to=TensorProto.FLOAT)
        real = self.node("Sub", [real, zero], f"{name}.signed")
        real = self.node("Mul", [real, scale], f"{name}.scaled")
        real = self.node("Reshape", [real, shape], f"{name}.rows")
        return self.node("Transpose", [real], f"{name}.matrix")

    def norm(self, states: list[str], name: str, weights: Weights, epsilon: float) -> str:
        """Normalise the sum of one or two states."""
        scale = self.constant(f"{name}.scale", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.shift", weights[f"{name}.bias"])
        # One node of Microsoft's for both takes four times as long.
        total = states[0] if len(states) == 1 else self.node("Add", states, f"{name}.sum")
        inputs = [total, scale, shift]
        return self.node("LayerNormalization", inputs, name, epsilon=epsilon, axis=-1)


def whole_numbers(
    weight: NDArray[np.float32],
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return a matrix (outputs × inputs) as numbers of 8 bits around `_ZERO`, and their scales.

    Returns:
        Outputs × blocks × `BLOCK`, and outputs × blocks.
    """
    blocks = weight.reshape(len(weight), -1, BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1), 1e-12) / 127
    numbers = np.round(blocks / scales[..., None]) + _ZERO
    return numbers.astype(np.uint8), scales.astype(np.float32)


def read_graph(graph: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """Return the weights that `make_graph` wrote, by their names in the network."""
    constants = {c.name: numpy_helper.to_array(c) for c in graph.graph.initializer}
    weights = {}
    for name, values in constants.items():
        part, _, kind = name.rpartition(".")
        if kind == "bias":
            weights[name] = values
        elif kind == "shift":
            weights[f"{part}.weight"], weights[f"{part}.bias"] = constants[f"{part}.scale"], values
        elif kind == "weight" and f"{part}.scales" in constants:
            real = (values.astype(np.float32) - _ZERO) * constants[f"{part}.scales"]
            weights[name] = real.reshape(len(values), -1)
        elif kind == "weight":
            weights[name] = values.T
    return weights


def make_graph(
    weights: Weights, layers: int, heads: int, epsilon: float, *, bits: int = 8
) -> onnx.ModelProto:
    """Return the graph: `states` (1 × units × width) to `scores` (1 × units × tags).

    Args:
        weights: Of the network, by their names in `training.encoder_network.Tagger`.
        layers: How many layers it has.
        heads: Of each layer's attention.
        epsilon: What the norms add to a variance.
        bits: 8, or 32 to leave the weights as they are.
    """
    graph = Graph(bits=bits)
    states = graph.norm(["states"], "norm", weights, epsilon)
    for number in range(layers):
        layer = f"layers.{number}"
        seen = _attention(graph, states, layer, weights, heads)
        states = graph.norm([states, seen], f"{layer}.attention_norm", weights, epsilon)
        inner = graph.linear(states, f"{layer}.inner_in", weights)
        inner = graph.node("Gelu", [inner], f"{layer}.gelu", MICROSOFT)
        inner = graph.linear(inner, f"{layer}.inner_out", weights)
        states = graph.norm([states, inner], f"{layer}.inner_norm", weights, epsilon)
    head = graph.constant("head.weight", weights["head.weight"].T)
    product = graph.node("MatMul", [states, head], "head.product")
    graph.node("Add", [product, graph.constant("head.bias", weights["head.bias"])], "scores")
    width, tags = weights["norm.weight"].size, weights["head.bias"].size
    inputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "units", width])]
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, "units", tags])]
    made = helper.make_graph(graph.nodes, "babelmill_encoder", inputs, outputs, graph.constants)
    operators = [helper.make_opsetid("", _OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=_IR_VERSION)


def _attention(graph: Graph, states: str, layer: str, weights: Weights, heads: int) -> str:
    width = weights["norm.weight"].size
    seen = graph.linear(states, f"{layer}.attention_in", weights)
    parts = [f"{layer}.{part}" for part in ("query", "key", "value")]
    sizes = graph.constant(f"{layer}.sizes", np.array([width] * 3, dtype=np.int64))
    graph.nodes.append(helper.make_node("Split", [seen, sizes], parts, f"{layer}.split", axis=-1))
    name = f"{layer}.attention"
    seen = graph.node("MultiHeadAttention", parts, name, MICROSOFT, num_heads=heads)
    return graph.linear(seen, f"{layer}.attention_out", weights)
