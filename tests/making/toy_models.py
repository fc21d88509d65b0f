"""Make a tiny pipeline that finds a few names, as a model of our own and as a package."""

from functools import cache
from pathlib import Path
from typing import cast

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.training import Example
from thinc.api import fix_random_seed

from tasks.mentions import gazetteer  # noqa: F401
from tasks.mentions.own_model import write_manifest

LABELS = ("PER", "LOC")
_TEXTS = [
    ("Marie Curie vit à Paris.", [(0, 11, "PER"), (18, 23, "LOC")]),
    ("Hier, Paul a vu Lyon.", [(6, 10, "PER"), (16, 20, "LOC")]),
    ("Marie dort. Il pleut à Lyon.", [(0, 5, "PER"), (23, 27, "LOC")]),
    ("Il fait beau.", []),
]
TEXT = "Paul aime Paris et Marie."


@cache
def trained(language: str = "xx", labels: tuple[str, str] = LABELS) -> Language:
    """Return a pipeline that has learnt four sentences."""
    fix_random_seed(0)
    nlp = spacy.blank(language)
    nlp.add_pipe("babelmill_gazetteer" if language == "xx" else "sentencizer")
    recogniser = cast(EntityRecognizer, nlp.add_pipe("ner"))
    for label in labels:
        recogniser.add_label(label)
    called = dict(zip(LABELS, labels, strict=True))
    examples = [
        Example.from_dict(
            nlp.make_doc(text), {"entities": [(start, end, called[x]) for start, end, x in spans]}
        )
        for text, spans in _TEXTS
    ]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(25):
        nlp.update(examples, sgd=optimizer)
    return nlp


def write_model(
    folder: Path,
    languages: tuple[str, ...] = ("fr",),
    name: str = "toy",
    labels: tuple[str, str] = LABELS,
    version: str = "1",
) -> Path:
    """Write a model of our own to `folder/name`; return the directory."""
    directory = folder / name
    directory.mkdir(parents=True)
    trained(labels=labels).to_disk(directory)
    write_manifest(directory, name, version, languages)
    return directory
