"""Fit the curves that make probabilities of scores: `tasks/mentions/confidence.json`.

    python -m training.calibrate_mentions --corpus ../shared/data/ner --corpus CORPORA/news \
        --documents ../shared/data [--write]

Every kind of model reads the first texts of each test set of its languages; a name is right if
its span and label are those of the corpus. `--documents` says where the news of
`seeds/annotations` lie; those that are kept for testing show what names are worth that the model
saw elsewhere in their document. The tables tell how sure and how right names are, and what
`entities.min_confidence` keeps, each half of the texts with curves fitted on the other; the
curves that `--write` ships are fitted on both.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.entities import expected, found_names, readers, test_sets
from benchmarks.entity_corpora import ANNOTATIONS, news_documents
from expectations.labels import LABELS
from tasks.mentions.confidence import CURVES, Curve, Reading, confident, log_odds
from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import EntityModel, Span
from tasks.settings import EntitySettings
from training.corpus import Example, read_examples

#: A prior of this weight holds a curve where few names are.
_RIDGE = 1.0
_STEPS = 30
_DECIMALS = 3
#: Bounds of what the table tells together.
_BOUNDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
#: Values of `entities.min_confidence` whose effect is told.
_LEAST = (0.3, 0.5, 0.7, 0.9)


class Judged(NamedTuple):
    """A found name: who read it, its label and score, whether it is right, and its half."""

    reading: Reading
    label: str
    score: float
    is_right: bool
    half: int


class Told(NamedTuple):
    """How sure a name is said to be, and whether it is right."""

    reading: Reading
    sure: float
    is_right: bool


def main() -> None:
    """Print a table, and write the curves if told so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=240, help="read so many of each test set")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    names = [*_of_lines(arguments.corpus, arguments.texts), *_of_documents(arguments.documents)]
    told = list(_told(names))
    print("| names of | confidence | names | mean | right |", "|---|---|--:|--:|--:|", sep="\n")
    _print_rows(_by_range(told))
    print("\n| names of | least | kept | right of kept | of right ones kept |")
    print("|---|--:|--:|--:|--:|")
    _print_rows(_by_least(told))
    if arguments.write:
        curves = {
            reading: {label: curve.model_dump() for label, curve in by_label.items()}
            for reading, by_label in sorted(fitted(names).items())
        }
        CURVES.write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")


def _of_lines(corpora: Sequence[Path], count: int) -> Iterator[Judged]:
    """Yield the names that each kind of model finds in the test sets of its languages."""
    for file in test_sets(corpora, None):
        examples = list(read_examples(file))[:count]
        marks_misc = any(span.label == "MISC" for example in examples for span in example.spans)
        language = file.parts[-2].replace("no", "nb")
        texts = [example.text for example in examples]
        for _, model in readers(language, EntitySettings()):
            found = found_names(model, texts, language, EntitySettings())
            marked = expected(examples, language)
            for half, (spans, right) in enumerate(zip(found, marked, strict=True)):
                for span in spans:
                    if span.label != "MISC" or marks_misc:
                        yield _judged(span, right, model.scorer, half % 2)


def _of_documents(data: Path) -> Iterator[Judged]:
    """Yield the names of news documents that the model saw elsewhere in them."""
    for annotated in sorted(ANNOTATIONS.glob("*.tsv")):
        documents = [lines for is_test, lines in news_documents(annotated, data) if is_test]
        for _, model in readers(annotated.stem, EntitySettings()):
            for half, lines in enumerate(filter(None, documents)):
                yield from _seen_elsewhere(lines, annotated.stem, model, half % 2)


def _seen_elsewhere(
    lines: list[Example], language: str, model: EntityModel, half: int
) -> Iterator[Judged]:
    texts = [line.text for line in lines]
    found = [
        [confident(span, model.scorer) for span in spans]
        for spans in found_names(model, texts, language, EntitySettings())
    ]
    marked = expected(lines, language)
    for spans, right in zip(consistent(texts, found, language), marked, strict=True):
        for span in spans:
            if span.evidence == "consistency":
                yield _judged(span, right, "consistency", half)


def _judged(span: Span, marked: list[Span], reading: Reading, half: int) -> Judged:
    is_right = span[:3] in {name[:3] for name in marked}
    return Judged(reading, span.label, span.score, is_right, half)


def fitted(names: Iterable[Judged]) -> dict[Reading, dict[str, Curve]]:
    """Return a curve for each reading and label; of a label without names, that of all."""
    groups: dict[tuple[Reading, str], list[Judged]] = defaultdict(list)
    for name in names:
        groups[name.reading, name.label].append(name)
        groups[name.reading, "any"].append(name)
    readings = {reading for reading, _ in groups}
    return {
        reading: {
            label: fit(groups.get((reading, label)) or groups[reading, "any"]) for label in LABELS
        }
        for reading in readings
    }


def fit(names: Sequence[Judged]) -> Curve:
    """Return the curve under which the names are likeliest (logistic regression by Newton)."""
    inputs = np.array([[log_odds(name.score), 1.0] for name in names])
    is_right = np.array([name.is_right for name in names], dtype=np.float64)
    weights = np.zeros(2)
    for _ in range(_STEPS):
        shares = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (is_right - shares) - _RIDGE * weights
        bend = (inputs.T * (shares * (1 - shares))) @ inputs + _RIDGE * np.eye(2)
        weights += np.linalg.solve(bend, slope)
    return Curve(
        slope=round(float(weights[0]), _DECIMALS), bias=round(float(weights[1]), _DECIMALS)
    )


def _print_rows(rows: Iterable[list[str]]) -> None:
    for row in rows:
        print("| " + " | ".join(row) + " |")


def _told(names: Sequence[Judged]) -> Iterator[Told]:
    """Yield how sure each name is by curves fitted on the other half."""
    for half in (0, 1):
        curves = fitted(name for name in names if name.half != half)
        for name in names:
            if name.half == half:
                sure = curves[name.reading][name.label].read(name.score)
                yield Told(name.reading, sure, name.is_right)


def _by_least(told: Sequence[Told]) -> Iterator[list[str]]:
    """Yield what is kept and lost of a reading's names if the less sure ones are left out."""
    for reading in sorted({name.reading for name in told}):
        own = [name for name in told if name.reading == reading]
        for least in _LEAST:
            kept = [name for name in own if name.sure >= least]
            right = sum(name.is_right for name in kept)
            shares = (len(kept) / len(own), right / max(1, len(kept)))
            of_right = right / max(1, sum(name.is_right for name in own))
            yield [reading, str(least), *(f"{share:.2f}" for share in (*shares, of_right))]


def _by_range(told: Iterable[Told]) -> Iterator[list[str]]:
    """Yield a row for each reading and range of confidence."""
    groups: dict[tuple[str, int], list[tuple[float, bool]]] = defaultdict(list)
    for name in told:
        group = int(np.searchsorted(_BOUNDS, name.sure, side="right")) - 1
        groups[name.reading, group].append((name.sure, name.is_right))
    for (reading, group), pairs in sorted(groups.items()):
        sure, right = np.array(pairs, dtype=np.float64).mean(0).tolist()
        bounds = f"{_BOUNDS[group]:.2f}–{min(1.0, _BOUNDS[group + 1]):.2f}"
        yield [reading, bounds, str(len(pairs)), f"{sure:.2f}", f"{right:.2f}"]


if __name__ == "__main__":
    main()
