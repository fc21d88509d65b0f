"""Measure how well a pipeline finds names: exact spans and labels."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spacy.language import Language

from training.corpus import Example
from training.recipe import Scores

#: MISC is left out: most corpora do not have it, and those that do disagree.
SCORED_LABELS = frozenset({"PER", "ORG", "LOC"})
_BATCH = 64


class Counts(NamedTuple):
    """Names that were found, that were expected, and that are both."""

    found: int
    expected: int
    right: int

    @property
    def precision(self) -> float:
        """Share of found names that are right; 0 if none was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of expected names that were found; 0 if none was expected."""
        return self.right / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean; 0 if nothing was found or expected."""
        total = self.found + self.expected
        return 2 * self.right / total if total else 0.0


def counted(
    expected: Iterable[Iterable[Sequence[object]]],
    found: Iterable[Iterable[Sequence[object]]],
) -> Counts:
    """Count names over texts, those of `SCORED_LABELS`: `start, end, label` and what follows."""
    totals = [0, 0, 0]
    for wanted, given in zip(expected, found, strict=True):
        gold = {tuple(span[:3]) for span in wanted if span[2] in SCORED_LABELS}
        ours = {tuple(span[:3]) for span in given if span[2] in SCORED_LABELS}
        totals = [totals[0] + len(ours), totals[1] + len(gold), totals[2] + len(gold & ours)]
    return Counts(*totals)


def scored(nlp: Language, model: str, test_set: str, examples: Sequence[Example]) -> Scores:
    """Return the scores of a pipeline on one test set, all of one language."""
    docs = nlp.pipe([example.text for example in examples], batch_size=_BATCH)
    found = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]
    counts = counted([example.spans for example in examples], found)
    return Scores(
        model=model,
        language=examples[0].lang,
        test_set=test_set,
        names=counts.expected,
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
    )
