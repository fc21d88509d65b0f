"""How names are read with a spaCy pipeline: an installed package, or a model of our own."""

from pathlib import Path

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc
from sudachipy.errors import SudachiError
from thinc.api import use_ops

import tasks.models.own  # noqa: F401 (makes its factories known to spaCy)
from tasks.models.entity_model import ModelError, Span

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


def load_own(folder: Path) -> Language:
    """Load a model of our own.

    Raises:
        ModelError: spaCy cannot read the directory.
    """
    try:
        return load_pipeline(folder)
    except (OSError, ValueError, KeyError) as error:  # ValueError: spaCy's own, a bad config
        problem = " ".join(str(error).split())  # spaCy's messages have several lines
        raise ModelError(
            f"the model {folder} cannot be loaded ({type(error).__name__}: {problem}): "
            "train it anew with `babelmill train entities`"
        ) from error


class SpacyModel:
    """A loaded pipeline, which it reduces to what finds names."""

    #: spaCy's own errors (E088: too long, E194: tokens and text differ) are ValueErrors.
    failures: tuple[type[Exception], ...] = (ValueError, SudachiError)

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._recogniser = _reduce(nlp)

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text, with the pipeline's own labels."""
        # Without a zone, the strings of every text would stay in memory for ever.
        with self._nlp.memory_zone():
            docs = list(self._nlp.pipe(texts, batch_size=len(texts)))
            if self._recogniser is not None:
                _recognise(self._recogniser, docs)
            return [[Span(e.start_char, e.end_char, e.label_) for e in d.ents] for d in docs]


def _reduce(nlp: Language) -> EntityRecognizer | None:
    """Leave to a simple pipeline what its entity recogniser needs, and return the recogniser.

    A pipeline with other pipes (rules that may look at tags, say) stays as it is: None.
    """
    factories = dict(nlp.pipe_factories)
    others = {name: f for name, f in factories.items() if f not in _NAMELESS_FACTORIES}
    theirs = [f for f in others.values() if not f.startswith(OWN_PREFIX)]
    if theirs not in (["ner"], ["tok2vec", "ner"]) or list(others.values())[-1] != "ner":
        return None
    recogniser = list(others)[-1]
    for name, factory in factories.items():
        if factory in _NAMELESS_FACTORIES or _is_unheard(nlp, name, recogniser):
            nlp.remove_pipe(name)
    nlp.disable_pipe(recogniser)
    return nlp.get_pipe(recogniser)


def _is_unheard(nlp: Language, name: str, recogniser: str) -> bool:
    pipe = nlp.get_pipe(name)
    return recogniser not in getattr(pipe, "listening_components", [recogniser])


def _recognise(recogniser: EntityRecognizer, docs: list[Doc]) -> None:
    """Set the entities of documents, as the recogniser's own `__call__` does.

    spaCy's inner loop does the same with BLIS, which is slow at the narrow matrices of single
    steps: with ja_ginza's 758 actions the whole is three times as fast here, with 18 labels
    half as fast again, and the entities are the same (`benchmarks/entities_speed.py`).
    """
    scorer = recogniser.model.predict(docs)
    states = recogniser.moves.init_batch(docs)
    unfinished = [state for state in states if not state.is_final()]
    while unfinished:
        unfinished = recogniser.transition_states(unfinished, scorer.predict(unfinished))
    recogniser.set_annotations(docs, states)
