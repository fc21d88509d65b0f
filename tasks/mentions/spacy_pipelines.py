"""Read names with a spaCy pipeline: an installed package, or a model of our own."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import numpy as np
import regex
import spacy
from spacy.attrs import IS_SPACE
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc
from sudachipy.errors import SudachiError
from thinc.api import use_ops

# These modules also make the parts of our models known to spaCy.
from tasks.mentions.array_model import ArrayModel, can_read
from tasks.mentions.entity_model import EntityModel, ModelError, Scorer, Span
from tasks.mentions.name_search import Array, NameSearch, can_search

#: Factories of pipes that set no entities, and whose work the entity recogniser does not see.
#: (A parser keeps names from crossing sentences: without it 2 of the seeds' 182 names differ.)
_NAMELESS_FACTORIES = frozenset(
    {
        "tagger",
        "morphologizer",
        "parser",
        "senter",
        "sentencizer",
        "lemmatizer",
        "trainable_lemmatizer",
        "attribute_ruler",
        "textcat",
        "textcat_multilabel",
        "compound_splitter",
        "bunsetu_recognizer",
    }
)


_ARTICLE = regex.compile(r"(?:the|an?)\s+(?=\S)", regex.IGNORECASE)
#: Factories of our own are named so. They go before the recogniser, and set no entities.
OWN_PREFIX = "babelmill"


def load_pipeline(source: str | Path) -> Language:
    """Load an installed pipeline package by its name, or a pipeline's directory.

    Raises:
        OSError, ValueError: As `spacy.load` does.
    """
    # OpenBLAS multiplies these matrices two to three times as fast as BLIS does.
    with use_ops("numpy", use_blis=False):
        return spacy.load(source)


def load_package(name: str) -> EntityModel:
    """Load an installed pipeline package.

    Raises:
        OSError, ValueError: As `spacy.load` does.
    """
    return SpacyModel(load_pipeline(name))


def load_own(folder: Path) -> EntityModel:
    """Load a model of our own.

    Raises:
        ModelError: spaCy cannot read the directory.
    """
    try:
        nlp = load_pipeline(folder)
    except (OSError, ValueError, KeyError) as error:  # ValueError: spaCy's own, a bad config
        problem = " ".join(str(error).split())  # spaCy's messages have several lines
        raise ModelError(
            f"the model {folder} cannot be loaded ({type(error).__name__}: {problem}): "
            "train it anew with `babelmill train entities`"
        ) from error
    return ArrayModel(nlp) if can_read(nlp) else SpacyModel(nlp)


#: Characters that are read at once: bounds memory where each is a token (Chinese, Japanese).
#: Re-run `benchmarks.entities_speed` if changed.
BATCH_CHARS = 10_000
#: Strings of texts that are kept, since most words come again: with their features about 40 MB.
KEPT_STRINGS = 100_000


class SpacyModel:
    """A loaded pipeline, which it reduces to what finds names."""

    #: spaCy's own errors (E088: too long, E194: tokens and text differ) are ValueErrors.
    failures: tuple[type[Exception], ...] = (ValueError, SudachiError)

    #: Its recogniser is one like those of our fast models; no package was measured.
    scorer: Scorer = "fast"
    #: The sums of its matrices may come out differently among other texts.
    is_steady = False

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._recogniser = _reduce(nlp)
        self._search = None if self._recogniser is None else NameSearch(self._recogniser)
        self._zone = ExitStack()
        self._most_strings = -1

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text, with the pipeline's own labels."""
        if len(self._nlp.vocab.strings) > self._most_strings:
            self._forget()
        found = [spans for batch in _batches(texts) for spans in self._find(batch)]
        if self._nlp.lang != "en":
            return found
        return [
            [without_article(text, span) for span in spans]
            for text, spans in zip(texts, found, strict=True)
        ]

    def _find(self, texts: list[str]) -> list[list[Span]]:
        docs = list(self._nlp.pipe(texts, batch_size=len(texts)))
        if self._recogniser is None or self._search is None:
            return [[Span(e.start_char, e.end_char, e.label_) for e in d.ents] for d in docs]
        return _searched(docs, self._recogniser, self._search)

    def _forget(self) -> None:
        """Begin a new memory zone: without any, the strings of all texts would stay for ever."""
        self._zone.close()
        self._zone.enter_context(self._nlp.memory_zone())
        self._most_strings = len(self._nlp.vocab.strings) + KEPT_STRINGS


def without_article(text: str, span: Span) -> Span:
    """Return an English name without its article, which spaCy's corpora mark as a part of it."""
    article = _ARTICLE.match(text, span.start, span.end)
    return span._replace(start=article.end()) if article else span


def _batches(texts: list[str]) -> Iterator[list[str]]:
    """Yield texts together, up to `BATCH_CHARS` or one."""
    batch, chars = list[str](), 0
    for text in texts:
        if batch and chars + len(text) > BATCH_CHARS:
            yield batch
            batch, chars = [], 0
        batch.append(text)
        chars += len(text)
    if batch:
        yield batch


def _searched(
    docs: list[Doc], recogniser: EntityRecognizer, search: NameSearch
) -> list[list[Span]]:
    """Return the names in documents, with offsets in characters."""
    step = recogniser.model.predict(docs)

    def scores(states: Array) -> Array:
        found: Array = step.vec2scores.predict(step.state2vec.predict(states.astype("i")))
        found[:, sorted(recogniser.model.attrs["unseen_classes"])] = -np.inf
        return found

    bounds = np.cumsum([0, *map(len, docs)])
    is_space = np.concatenate([doc.to_array(IS_SPACE) for doc in docs]).astype(bool)
    names = search.find(scores, bounds, is_space)
    step.clear_memory()  # it is part of a reference cycle, and takes most of the memory
    found: list[list[Span]] = [[] for _ in docs]
    firsts, lasts = names.firsts - bounds[names.texts], names.lasts - bounds[names.texts]
    columns = (names.texts, firsts.tolist(), lasts.tolist(), names.labels, names.scores)
    for text, first, last, label, score in zip(*columns, strict=True):
        begin, end = docs[text][first], docs[text][last]
        found[text].append(Span(begin.idx, end.idx + len(end), label, score))
    return found


def _reduce(nlp: Language) -> EntityRecognizer | None:
    """Leave to a simple pipeline what its recogniser needs, and return the recogniser.

    A pipeline with other pipes (rules that may look at tags, say) or with another search stays
    as it is: None.
    """
    factories = dict(nlp.pipe_factories)
    others = {name: f for name, f in factories.items() if f not in _NAMELESS_FACTORIES}
    theirs = [f for f in others.values() if not f.startswith(OWN_PREFIX)]
    if theirs not in (["ner"], ["tok2vec", "ner"]) or list(others.values())[-1] != "ner":
        return None
    name = list(others)[-1]
    recogniser = cast("EntityRecognizer", nlp.get_pipe(name))
    if not can_search(recogniser):
        return None
    for other, factory in factories.items():
        if factory in _NAMELESS_FACTORIES or _is_unheard(nlp, other, name):
            nlp.remove_pipe(other)
    nlp.disable_pipe(name)
    return recogniser


def _is_unheard(nlp: Language, name: str, recogniser: str) -> bool:
    pipe = nlp.get_pipe(name)
    return recogniser not in getattr(pipe, "listening_components", [recogniser])
