"""Measure how many names the encoder tells otherwise where its sums are others.

`python -m benchmarks.kernels --corpus ../shared/data/ner --texts 60` reads test sets with the
shipped network as onnxruntime computes it, and as NumPy does (ONNX's reference): in 32 bits, too,
but in another order and with other functions, as on another kind of processor. Printed are the
share of names that only one of them finds, and the largest difference of a score.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from scipy.special import erf

from benchmarks.entities import test_sets
from tasks.mentions.own_model import NETWORK, own_models
from tasks.mentions.spacy_packages import ENTITY_PIPE
from tasks.mentions.unit_tagger import Floats, UnitTagger
from tasks.settings import EntitySettings
from training.corpus import read_examples
from training.encoder_graph import MICROSOFT


class Gelu(OpRun):
    """What onnxruntime calls so, by NumPy."""

    op_domain = MICROSOFT

    def _run(self, x: Floats, approximate: str = "none") -> tuple[Floats]:  # noqa: ARG002 - ONNX's
        return ((x * (1 + erf(x / np.sqrt(np.float32(2)))) / 2).astype(x.dtype),)


class MultiHeadAttention(OpRun):
    """What onnxruntime calls so, by NumPy: 1 × units × width each."""

    op_domain = MICROSOFT

    def _run(self, query: Floats, key: Floats, value: Floats, num_heads: int = 1) -> tuple[Floats]:
        q, k, v = (
            each.reshape(each.shape[1], num_heads, -1).swapaxes(0, 1)
            for each in (query, key, value)
        )
        seen = q @ k.swapaxes(1, 2) / np.sqrt(np.float32(q.shape[-1]))
        seen = np.exp(seen - seen.max(-1, keepdims=True))
        found = seen / seen.sum(-1, keepdims=True) @ v
        return (found.swapaxes(0, 1).reshape(query.shape),)


class _Both:
    """Computes scores by the session and by NumPy, gives NumPy's, and remembers the difference."""

    def __init__(self, session: Any, model: onnx.ModelProto) -> None:  # noqa: ANN401
        self._session = session
        self._reference = ReferenceEvaluator(model, new_ops=[Gelu, MultiHeadAttention])
        self.largest = 0.0

    def run(self, _: None, states: dict[str, Floats]) -> list[Floats]:
        one, other = self._session.run(None, states)[0], np.asarray(self._evaluated(states)[0])
        self.largest = max(self.largest, float(np.abs(one - other).max()))
        return [other]

    def _evaluated(self, states: dict[str, Floats]) -> list[Any]:
        return list(self._reference.run(None, states))


def main() -> None:
    """Print a row for each language, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--language", action="append")
    parser.add_argument("--texts", type=int, default=60, help="of each test set, the first")
    arguments = parser.parse_args()
    shipped = own_models(EntitySettings().models, "accurate")
    folder = next(iter(shipped.values())).folder / ENTITY_PIPE
    shipped_tagger, other_tagger = UnitTagger(folder), UnitTagger(folder)
    both = _Both(shipped_tagger._session, onnx.load(folder / NETWORK))
    other_tagger._session = both
    total = np.zeros(2, int)
    print("| language | names of either | only of one |", "|---|--:|--:|", sep="\n")
    for language, texts in _texts(arguments.corpus, arguments.language, arguments.texts):
        if language in shipped:
            counted = _compared(shipped_tagger, other_tagger, texts)
            total += counted
            print(f"| {language} | {counted[0]} | {counted[1]} |", flush=True)
    print(f"| all | {total[0]} | {total[1]} ({total[1] / max(total[0], 1):.2%}) |")
    print(f"largest difference of a score: {both.largest:.1e}")


def _texts(
    corpora: list[Path], languages: list[str] | None, count: int
) -> Iterator[tuple[str, list[str]]]:
    for file in test_sets(corpora, languages):
        texts = [example.text for example in read_examples(file)][:count]
        yield file.parts[-2].replace("no", "nb"), texts


def _compared(one: UnitTagger, other: UnitTagger, texts: list[str]) -> tuple[int, int]:
    """Return how many names either finds, and how many only one of them."""
    pairs = zip(one.find(texts), other.find(texts), strict=True)
    names = [({span[:3] for span in a}, {span[:3] for span in b}) for a, b in pairs]
    return sum(len(a | b) for a, b in names), sum(len(a ^ b) for a, b in names)


if __name__ == "__main__":
    main()
