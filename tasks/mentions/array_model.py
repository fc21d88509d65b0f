"""Read names with a model of our own on arrays, many texts at once.

spaCy trained the weights and says what a token's features are; here they are computed once for
each different token, and no `Doc` is made. The names are those that spaCy finds
(`tests/mentions/test_array_model.py`).
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.strings import get_string_id
from sudachipy.errors import SudachiError

from tasks.mentions.entity_model import Scorer, Span
from tasks.mentions.gazetteer import Gazetteer, ListedNames
from tasks.mentions.name_network import NameNetwork, features_of, has_known_layers
from tasks.mentions.name_search import NameSearch, can_search
from tasks.mentions.token_arrays import Kinds, Tokenize, Tokens, tokenizer_of

Array = npt.NDArray[Any]
#: Names of the pipes of our models.
GAZETTEER, RECOGNISER = "babelmill_gazetteer", "ner"
#: Characters of texts that are cut and embedded at once, and tokens that are read at once: bound
#: memory, the latter to what a processor's cache holds. Re-run `benchmarks.entities_speed` if
#: changed.
GROUP_CHARS, BATCH_TOKENS = 200_000, 2_000
#: How much is remembered of words, since most come again: words, what stands between spaces, and
#: how listed names go on take some 40 MB together.
KEPT_WORDS = 200_000


class ArrayModel:
    """A model of our own; see `can_read`."""

    #: E194 of spaCy (tokens and text differ) is a ValueError.
    failures: tuple[type[Exception], ...] = (ValueError, SudachiError)
    scorer: Scorer = "fast"
    is_steady = True

    def __init__(self, nlp: Language) -> None:
        recogniser = cast("EntityRecognizer", nlp.get_pipe(RECOGNISER))
        self._nlp = nlp
        self._gazetteer = cast("Gazetteer", nlp.get_pipe(GAZETTEER))
        self._features = features_of(recogniser)
        self._search = NameSearch(recogniser)
        self._network = NameNetwork(recogniser)
        nlp.remove_pipe(RECOGNISER)  # what it holds was copied
        self._words = _Words(nlp, self._gazetteer, self._features)

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text."""
        found: list[list[Span]] = [[] for _ in texts]
        for first, last in _groups([len(text) for text in texts], GROUP_CHARS):
            if len(self._words) > KEPT_WORDS:
                self._words = _Words(self._nlp, self._gazetteer, self._features)
            self._find(texts[first:last], found[first:last])  # the lists are the same
        return found

    def _find(self, texts: list[str], found: list[list[Span]]) -> None:
        """Add the names of some texts to what was found in them."""
        tokens, different, indexes = self._words.read(texts)
        vectors = self._network.embed(different)
        kinds = self._words.kinds
        is_space = kinds.flags[:, 0][tokens.kinds]
        ends = tokens.starts + kinds.chars[tokens.kinds]
        for first, last in _groups(np.diff(tokens.bounds).tolist(), BATCH_TOKENS):
            bounds = tokens.bounds[first : last + 1]
            batch = slice(bounds[0], bounds[-1])
            scores = self._network.read(vectors[indexes[batch]], np.diff(bounds).tolist())
            names = self._search.find(scores, bounds - bounds[0], is_space[batch])
            starts = tokens.starts[batch][names.firsts].tolist()
            stops = ends[batch][names.lasts].tolist()
            columns = (names.texts, starts, stops, names.labels, names.scores)
            for text, *name in zip(*columns, strict=True):
                found[first + text].append(Span(*name))


class _Words:
    """What is known of the words of texts: their kinds, and what lists of names say of them."""

    def __init__(self, nlp: Language, gazetteer: Gazetteer, features: list[str]) -> None:
        self.kinds = Kinds(nlp, features)
        self._tokenize = cast("Tokenize", tokenizer_of(nlp, self.kinds))
        self._listed = ListedNames(gazetteer)
        self._lemma = features.index("LEMMA")

    def __len__(self) -> int:
        return len(self.kinds) + len(self._tokenize) + len(self._listed)

    def read(self, texts: Sequence[str]) -> tuple[Tokens, npt.NDArray[np.uint64], Array]:
        """Return the tokens of texts, the features of the different ones, and which is whose."""
        tokens = self._tokenize(texts)
        marks = self._marks(tokens)
        keys = tokens.kinds << 32 | marks
        different, indexes = np.unique(keys, return_inverse=True)
        rows = self.kinds.rows[different >> 32]
        mark = different & 0xFFFFFFFF
        lemmas = [get_string_id(name) for name in self._listed.mark_names]
        rows[mark > 0, self._lemma] = np.array(lemmas, dtype=np.uint64)[mark[mark > 0]]
        return tokens, rows, indexes

    def _marks(self, tokens: Tokens) -> Array:
        """Return the number of the mark of each token."""
        norms, listed = self.kinds.norms, self._listed
        keys, form_of = np.unique(tokens.kinds << 1 | tokens.spaced, return_inverse=True)
        numbers = [listed.number((norms[key >> 1], bool(key & 1))) for key in keys.tolist()]
        begins = np.array([listed.begins(number) for number in numbers], dtype=bool)
        forms = np.array(numbers, dtype=np.int64)[form_of].tolist()
        marks = np.zeros(len(forms), dtype=np.int64)
        is_dull = self.kinds.flags[:, 1][tokens.kinds]
        starts = np.flatnonzero(begins[form_of] & ~is_dull)
        indexes = np.searchsorted(starts, tokens.bounds)
        for text in range(len(tokens.bounds) - 1):
            first, last = tokens.bounds[text], tokens.bounds[text + 1]
            own = (starts[indexes[text] : indexes[text + 1]] - first).tolist()
            for index, mark in listed.marks(forms[first:last], own).items():
                marks[first + index] = mark
        return marks


def _groups(sizes: list[int], limit: int) -> Iterator[tuple[int, int]]:
    """Yield `first, after the last` of texts that together have at most a size, or of one."""
    first, size = 0, 0
    for index, own in enumerate(sizes):
        if index > first and size + own > limit:
            yield first, index
            first, size = index, 0
        size += own
    if sizes:
        yield first, len(sizes)


def can_read(nlp: Language) -> bool:
    """Say whether `ArrayModel` finds what a pipeline itself would."""
    if nlp.pipe_names != [GAZETTEER, RECOGNISER]:
        return False
    recogniser = cast("EntityRecognizer", nlp.get_pipe(RECOGNISER))
    if not (can_search(recogniser) and has_known_layers(recogniser)):
        return False
    features = features_of(recogniser)
    return "LEMMA" in features and tokenizer_of(nlp, Kinds(nlp, features)) is not None
