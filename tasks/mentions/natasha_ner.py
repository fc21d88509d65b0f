"""Read Russian names with natasha's slovnet: tokens by razdel, a small CNN, no spaCy.

Source: https://github.com/natasha/slovnet (MIT); F1 88 on factRuEval, 71 on UD-PUD news
(`notes/entities.md`). Morphology and syntax, which `natasha.Doc` offers, are not needed. Rules
and weights are natasha's; the layers are computed here, so that no text is padded, a different
word is looked up once, and a text's names are the same in any company. They are those that
natasha finds (`tests/mentions/test_natasha.py`).
"""

import re
from bisect import bisect_left
from itertools import chain
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from natasha.data import NEWS_EMBEDDING, NEWS_NER
from navec.meta import Meta
from navec.navec import META, PQ_
from navec.pq import PQ
from navec.tar import Tar
from razdel import tokenize
from razdel.segmenters.punct import DASHES
from slovnet import NER
from slovnet.bio import bio_spans
from slovnet.shape import word_shape

from tasks.mentions.confidence import share_of
from tasks.mentions.entity_model import Scorer, Span
from tasks.mentions.text_rows import Array, Floats, TextRows, windows

_CHUNK = re.compile(r"\S+")
#: razdel joins such a sign to a word by what follows or precedes it, even past a space.
_JOINED = re.compile(rf"[{re.escape(DASHES)}_].|[.,/\\]\d|.*(?:.[{re.escape(DASHES)}_]|\d[.,/\\])$")
#: How many words, and stretches between spaces, are kept: most come again.
KEPT_WORDS = 50_000
#: Texts that are read at once: bounds memory (64 texts of 1,500 characters take 60 MB).
BATCH_TEXTS = 64


class Token(NamedTuple):
    """A token: where it begins and ends, and the number of its kind."""

    start: int
    stop: int
    kind: int


class NatashaModel:
    """The model of natasha's news NER."""

    #: What NumPy raises at arrays of a shape that it does not expect.
    failures: tuple[type[Exception], ...] = (IndexError, ValueError)
    scorer: Scorer = "natasha"
    is_steady = True

    def __init__(self) -> None:
        infer = NER.load(NEWS_NER).navec(_embedding()).infer
        self._network = _Network(infer.model)
        self._encoder = infer.encoder
        self._tags: list[str] = infer.decoder.tags_vocab.items
        self._words = _Words(self._encoder)

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text; labels are PER, LOC and ORG."""
        batches = (texts[i : i + BATCH_TEXTS] for i in range(0, len(texts), BATCH_TEXTS))
        return list(chain.from_iterable(map(self._find, batches)))

    def _find(self, texts: list[str]) -> list[list[Span]]:
        if len(self._words) > KEPT_WORDS:
            self._words = _Words(self._encoder)
        tokens = [self._words.cut(text) for text in texts]
        kinds = np.array([token.kind for cut in tokens for token in cut], dtype=np.int64)
        read = self._network.tags(self._words.ids, kinds, [len(cut) for cut in tokens])
        return [
            [
                Span(span.start, span.stop, span.type, _least_sure(cut, sure, span))
                for span in bio_spans(cut, [self._tags[tag] for tag in tags])
            ]
            for cut, (tags, sure) in zip(tokens, read, strict=True)
        ]


def _least_sure(tokens: list[Token], sure: list[float], span: Any) -> float:  # noqa: ANN401 (slovnet is untyped)
    """Return how sure the least sure tag of a name is."""
    inside = range(bisect_left(tokens, (span.start,)), bisect_left(tokens, (span.stop,)))
    return min(sure[index] for index in inside)


def _embedding() -> Any:  # noqa: ANN401 (navec is untyped)
    """Return what slovnet takes of navec's vectors; their vocabulary is slovnet's, too."""

    class Codes(PQ):  # type: ignore[misc]
        def precompute(self) -> None:
            """Compute nothing that only likeness needs."""

    with Tar(NEWS_EMBEDDING) as tar:
        meta = Meta.from_file(tar.load(META))
        return SimpleNamespace(meta=meta, pq=Codes.from_file(tar.load(PQ_)))


class _Words:
    """The different words that were seen, numbered."""

    def __init__(self, encoder: Any) -> None:  # noqa: ANN401 (slovnet is untyped)
        self._encoder = encoder
        self._kinds: dict[str, int] = {}
        self._chunks: dict[str, list[Token] | None] = {}
        #: For each kind, what slovnet calls its word and its shape.
        self.ids: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return max(len(self._chunks), len(self.ids))

    def cut(self, text: str) -> list[Token]:
        """Return the tokens of a text, as razdel cuts it."""
        found: list[Token] = []
        for match in _CHUNK.finditer(text):
            tokens, first = self._tokens_of(match.group()), match.start()
            if tokens is None:
                return self._cut(text)
            found += [Token(start + first, stop + first, kind) for start, stop, kind in tokens]
        return found

    def _tokens_of(self, chunk: str) -> list[Token] | None:
        """Return the tokens of what stands between spaces; None: they depend on more."""
        if chunk not in self._chunks:
            self._chunks[chunk] = None if _JOINED.match(chunk) else self._cut(chunk)
        return self._chunks[chunk]

    def _cut(self, text: str) -> list[Token]:
        return [Token(t.start, t.stop, self._kind(t.text)) for t in tokenize(text)]

    def _kind(self, word: str) -> int:
        kind = self._kinds.get(word)
        if kind is None:
            kind = self._kinds[word] = len(self.ids)
            shape = self._encoder.shapes_vocab.encode(word_shape(word))
            self.ids.append((self._encoder.words_vocab.encode(word.lower()), shape))
        return kind


class _Convolution(NamedTuple):
    """A layer of slovnet's encoder: `conv`, `relu`, `norm`."""

    weights: Floats
    bias: Floats
    mean: Floats
    std: Floats
    gain: Floats
    shift: Floats


def _convolution(layer: Any) -> _Convolution:  # noqa: ANN401 (slovnet is untyped)
    weights, norm = layer.conv.weight.array, layer.norm
    flat = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(-1, len(weights)))
    normed = (w.array for w in (norm.mean, norm.std, norm.weight, norm.bias))
    return _Convolution(flat, layer.conv.bias.array, *normed)


class _Network:
    """slovnet's `NER`: embedding, three convolutions over three words each, a projection, a CRF."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 (slovnet is untyped)
        self._embed = model.emb
        self._layers = [_convolution(layer) for layer in model.encoder.layers]
        self._weights, self._bias = model.head.proj.weight.array, model.head.proj.bias.array
        self._transitions = model.head.crf.transitions.array

    def tags(
        self, ids: list[tuple[int, int]], kinds: Array, tokens: list[int]
    ) -> list[tuple[list[int], list[float]]]:
        """Return the tag of each token of some texts, and how sure it is by itself.

        Args:
            ids: The word and the shape of each kind.
            kinds: (tokens), the kind of each, all texts' one after the other.
            tokens: How many each text has.
        """
        different, indexes = np.unique(kinds, return_inverse=True)
        chosen = [ids[kind] for kind in different.tolist()]
        word, shape = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
        texts = TextRows(tokens, margin=1)
        rows = texts.spread(self._embed(word[None], shape[None])[0].astype(np.float32)[indexes])
        for layer in self._layers:
            sums = np.zeros((texts.rows, layer.weights.shape[1]), np.float32)
            texts.multiply(windows(rows), layer.weights, sums)
            rows = texts.spread(_activated(sums[texts.of_tokens], layer))
        emissions = np.zeros((texts.rows, self._weights.shape[1]), np.float32)
        texts.multiply(rows, self._weights, emissions)
        scores = emissions[texts.of_tokens] + self._bias
        paths = _best_paths(scores, tokens, self._transitions)
        sure = share_of(scores, np.fromiter(chain.from_iterable(paths), np.int64)).tolist()
        ends = np.cumsum(tokens).tolist()
        return [(path, sure[end - len(path) : end]) for path, end in zip(paths, ends, strict=True)]


def _activated(sums: Floats, layer: _Convolution) -> Floats:
    sums += layer.bias
    np.maximum(sums, 0, out=sums)
    sums -= layer.mean
    sums /= layer.std
    sums *= layer.gain
    sums += layer.shift
    return sums


def _best_paths(emissions: Floats, tokens: list[int], transitions: Floats) -> list[list[int]]:
    """Return the tags of each text that together have the best score (Viterbi).

    Args:
        emissions: (tokens, tags), the score of each tag, all texts' one after the other.
        tokens: How many each text has.
        transitions: (tags, tags), the score of a tag after another.
    """
    lengths = np.array(tokens)
    order = np.argsort(-lengths, kind="stable")
    firsts = (np.cumsum(lengths) - lengths)[order]
    longest = int(lengths.max(initial=0))
    # The texts that have a token at each position come first, since the longest do.
    reading = [int((lengths > position).sum()) for position in range(longest)]
    before: list[Array] = []
    score = emissions[firsts[: reading[0]]] if longest else emissions
    for position in range(1, longest):
        count = reading[position]
        own = emissions[firsts[:count] + position]
        candidates = score[:count, :, None] + transitions + own[:, None, :]
        before.append(candidates.argmax(axis=1))
        score[:count] = candidates.max(axis=1)
    best = score.argmax(axis=1)
    tags = np.zeros((len(tokens), longest), dtype=np.int64)
    for position in range(longest - 1, -1, -1):
        count = reading[position]
        tags[:count, position] = best[:count]
        if position:
            best[:count] = before[position - 1][np.arange(count), best[:count]]
    found = dict(zip(order.tolist(), tags.tolist(), strict=True))
    return [found[text][:length] for text, length in enumerate(tokens)]
