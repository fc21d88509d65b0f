"""spaCy pipeline packages: which are installed, and how names are read with one.

Packages are found by their entry point, as `spacy.util.get_installed_models` finds them,
but without importing them: what is installed must be known before any model is loaded.
"""

import json
import re
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc
from sudachipy.errors import SudachiError
from thinc.api import use_ops

from tasks.models.entity_model import ModelError, ModelIdentity, Span, content_hash

ENTITY_PIPE = "ner"
_PACKAGE_NAME = re.compile(r"(?P<language>[a-z]{2,3})_\w+")
#: Packages of spaCy are named after their size: the larger, the better (spaCy's own scores).
#: Transformers come after them: minutes, where the others take seconds, without a GPU.
_SIZES = ("lg", "md", "sm", "trf")
#: The pipeline that Babelmill itself requires: a package that the user installed comes first.
_REQUIRED_PACKAGE = "ja_ginza"
#: Factories of pipes that set no entities, and whose work the entity recogniser does not see.
#: (A parser keeps names from crossing sentences: 4 of 179 names of the seeds; it costs 40 %.)
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


@cache
def installed_packages() -> dict[str, metadata.Distribution]:
    """Return the installed pipeline packages, by name, e.g. `fr_core_news_md`."""
    entry_points = metadata.entry_points(group="spacy_models")
    return {
        point.name: point.dist
        for point in entry_points
        if point.dist is not None and _PACKAGE_NAME.fullmatch(point.name)
    }


def preferred_package(language: str) -> str | None:
    """Return the package that a language is read with, if there are any for it.

    Of several that find entities: one with a name of its own (somebody made it for this
    purpose), then the largest of spaCy's (lg, md, sm, trf), then the one that Babelmill
    requires; ties by name. `xx_…`, made for no language, must be named in the settings.
    """
    candidates = [name for name in installed_packages() if name.split("_")[0] == language]
    usable = [name for name in candidates if ENTITY_PIPE in package_labels(name)]
    return min(usable, key=_rank, default=None)


def _rank(name: str) -> tuple[int, str]:
    size = name.rpartition("_")[2]
    if name == _REQUIRED_PACKAGE:
        return len(_SIZES) + 1, name
    return (_SIZES.index(size) + 1 if size in _SIZES else 0), name


@cache
def _meta(name: str) -> dict[str, Any]:
    spec = find_spec(name)
    folder = Path(spec.origin).parent if spec and spec.origin else Path(name)
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ModelError(
            f"the spaCy package {name} is damaged ({error}): install it again, or uninstall it"
        ) from error
    return meta


def package_labels(name: str) -> dict[str, list[str]]:
    """Return the labels that each pipe of a package may give.

    Raises:
        ModelError: The package has no readable `meta.json`.
    """
    labels: dict[str, list[str]] = _meta(name).get("labels", {})
    return {pipe: given for pipe, given in labels.items() if given}


def identity(name: str) -> ModelIdentity:
    """Return the identity of an installed package.

    Raises:
        ModelError: The package is damaged, or made for another version of spaCy.
    """
    meta, distribution = _meta(name), installed_packages()[name]
    wanted, present = meta.get("spacy_version", ""), metadata.version("spacy")
    if not spacy.util.is_compatible_version(present, wanted):
        raise ModelError(
            f"the spaCy package {name} {meta['version']} is made for spaCy {wanted}, not for "
            f"{present}: run `python -m spacy download {name}`, or uninstall it"
        )
    hashed = content_hash(distribution, json.dumps(meta, sort_keys=True))
    return ModelIdentity("spacy", name, distribution.version, hashed)


class SpacyModel:
    """A loaded pipeline, reduced to what finds names."""

    #: spaCy's own errors (E088: too long, E194: tokens and text differ) are ValueErrors.
    failures: tuple[type[Exception], ...] = (ValueError, SudachiError)

    def __init__(self, name: str) -> None:
        # OpenBLAS multiplies these matrices two to three times as fast as BLIS does.
        with use_ops("numpy", use_blis=False):
            self._nlp = spacy.load(name)
        self._recogniser = _reduce(self._nlp)

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
    if sorted(others.values()) not in (["ner"], ["ner", "tok2vec"]):
        return None
    recogniser = next(name for name, factory in others.items() if factory == "ner")
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
