"""Measure how many names the encoder tells otherwise where its sums are others.

`python -m benchmarks.kernels --corpus ../shared/data/ner --texts 100` reads test sets with the
shipped network, and with the same weights multiplied in 32 bits. Both round differently in every
layer, as the kernels of two kinds of processors may: the share of names that only one of them
finds is about the most by which two machines can differ.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from benchmarks.entities import test_sets
from tasks.mentions.own_model import NETWORK, own_models
from tasks.mentions.spacy_packages import ENTITY_PIPE
from tasks.mentions.unit_tagger import UnitTagger
from tasks.settings import EntitySettings
from training.corpus import read_examples


def main() -> None:
    """Print a row for each language, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--language", action="append")
    parser.add_argument("--texts", type=int, default=100, help="of each test set, the first")
    arguments = parser.parse_args()
    shipped = own_models(EntitySettings().models, "accurate")
    folder = next(iter(shipped.values())).folder / ENTITY_PIPE
    whole, real = UnitTagger(folder), UnitTagger(folder)
    real._session = _in_32_bits(onnx.load(folder / NETWORK))
    counts: dict[str, np.ndarray] = {}
    for file in test_sets(arguments.corpus, arguments.language):
        if (language := file.parts[-2].replace("no", "nb")) in shipped:
            texts = [example.text for example in read_examples(file)][: arguments.texts]
            counted = counts.setdefault(language, np.zeros(2, int))
            counted += _compared(whole, real, texts)
    print("| language | names of either | only of one |", "|---|--:|--:|", sep="\n")
    total = np.sum(list(counts.values()), axis=0)
    for language, (either, one) in [*sorted(counts.items()), ("all", total)]:
        print(f"| {language} | {either} | {one} ({one / max(either, 1):.1%}) |")


def _compared(whole: UnitTagger, real: UnitTagger, texts: list[str]) -> tuple[int, int]:
    """Return how many names either finds, and how many only one of them."""
    pairs = zip(whole.find(texts), real.find(texts), strict=True)
    names = [({s[:3] for s in one}, {s[:3] for s in other}) for one, other in pairs]
    return sum(len(a | b) for a, b in names), sum(len(a ^ b) for a, b in names)


def _in_32_bits(model: ModelProto) -> onnxruntime.InferenceSession:
    """Return the network with the same weights and products of 32-bit floats."""
    values = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    nodes, weights = list[NodeProto](), list[TensorProto]()
    for node in model.graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        numbers, scales = values[node.input[1]], values[node.input[2]]
        blocks = (numbers.astype(np.float32) - 128) * scales.reshape(len(numbers), -1, 1)
        matrix, product = f"{node.name}.matrix", f"{node.name}.product"
        weights.append(numpy_helper.from_array(blocks.reshape(len(numbers), -1).T.copy(), matrix))
        nodes.append(helper.make_node("MatMul", [node.input[0], matrix], [product]))
        nodes.append(helper.make_node("Add", [product, node.input[5]], list(node.output)))
    used = {name for node in nodes for name in node.input}
    weights.extend(one for one in model.graph.initializer if one.name in used)
    for field, made in ((model.graph.node, nodes), (model.graph.initializer, weights)):
        del field[:]
        field.extend(made)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    content, providers = model.SerializeToString(), ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(content, options, providers=providers)


if __name__ == "__main__":
    main()
