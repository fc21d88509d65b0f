"""From the labels of models to PER, ORG, LOC and MISC, by maps that are data."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tasks.mentions.entity_model import ModelError
from tasks.settings import EntitySettings

LABELS = ("PER", "ORG", "LOC", "MISC")
#: What the maps say of labels that are no names: dates, amounts, titles, kinds of things.
DROPPED = "dropped"
LABEL_MAPS = Path(__file__).with_name("label_maps.json")


@cache
def shipped_labels() -> dict[str, str]:
    """Return what each label of the shipped maps means: one of `LABELS`, or `DROPPED`.

    Raises:
        ModelError: Two maps, or two places of one, disagree about a label.
    """
    meanings: dict[str, str] = {}
    for scheme in json.loads(LABEL_MAPS.read_text(encoding="utf-8"))["schemes"]:
        for meaning in (*LABELS, DROPPED):
            for label in scheme["labels"].get(meaning, []):
                if meanings.setdefault(label, meaning) != meaning:
                    raise ModelError(f"{LABEL_MAPS.name} says two things of {label}")
    return meanings


def meaning_of(label: str, model: str, settings: EntitySettings) -> str:
    """Return what a model's label means: one of `LABELS`, or `DROPPED`.

    Raises:
        ModelError: Neither the settings nor the shipped maps know the label.
    """
    meaning = settings.label_map.get(label) or shipped_labels().get(label)
    if meaning is None:
        raise ModelError(
            f"the model {model} gives the label {label!r}, which no label map knows: say in the "
            f"settings, under entities.label_map, which of {', '.join(LABELS)} it is, "
            f"or {DROPPED!r}"
        )
    return meaning


def check_labels(model: str, labels: Iterable[str], settings: EntitySettings) -> None:
    """Make sure that all labels of a model are known, before it reads anything.

    Raises:
        ModelError: One is not.
    """
    for label in labels:
        meaning_of(label, model, settings)
