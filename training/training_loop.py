"""Train one model."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans
from thinc.api import Adam, fix_random_seed

from tasks.mentions.array_model import RECOGNISER
from tasks.mentions.gazetteer import Gazetteer
from training.corpus import Example as MarkedText
from training.pipeline import GAZETTEER
from training.recipe import ModelRecipe, Recipe

#: Share of the tokens over which the learning rate rises, and its least value as a share.
_WARM_UP, _LEAST_RATE = 0.02, 0.02
#: The batch has its final size after this share of the tokens.
_FULL_BATCH = 0.25
#: Texts drawn at once; reports of progress in a training.
_DRAWN, _REPORTS = 20_000, 20


def prepared(nlp: Language, texts: Sequence[MarkedText]) -> list[Example]:
    """Return spaCy's examples of texts: what is seen, with the lists' marks, and the names."""
    gazetteer = nlp.get_pipe(GAZETTEER)
    assert isinstance(gazetteer, Gazetteer)  # noqa: S101 (what its factory makes)
    return [_example(gazetteer(nlp.make_doc(text.text)), text) for text in texts]


def _example(seen: Doc, text: MarkedText) -> Example:
    reference = seen.copy()
    spans = [_token_span(reference, *span) for span in text.spans]
    reference.ents = filter_spans([span for span in spans if span is not None])
    return Example(seen, reference)


def _token_span(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """Return the tokens of a name; where it ends within one, that token too."""
    return doc.char_span(start, end, label=label, alignment_mode="expand")


def train(  # noqa: PLR0913, PLR0917 (a training depends on that much)
    nlp: Language,
    examples: Sequence[Example],
    weights: Sequence[float],
    model: ModelRecipe,
    recipe: Recipe,
    report: Callable[[str], None],
) -> None:
    """Train the entity recogniser of a pipeline in place; its weights are averaged at the end.

    Args:
        nlp: A new pipeline.
        examples: What it learns from.
        weights: How often it sees each, in proportion.
        model: How many tokens it sees, and how often without its lists.
        recipe: Seed and rates.
        report: Is told of the progress.
    """
    fix_random_seed(recipe.seed)
    recogniser: Any = nlp.get_pipe(RECOGNISER)
    for label in sorted({e.label_ for example in examples for e in example.reference.ents}):
        recogniser.add_label(label)
    nlp.initialize(lambda: examples[:200])
    optimizer = Adam(
        recipe.learn_rate, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True
    )
    tokens, seen, reported = round(model.million_tokens * 1_000_000), 0, 0
    losses: dict[str, float] = {}
    for batch in _batches(examples, weights, model, recipe):
        share = seen / tokens
        optimizer.learn_rate = recipe.learn_rate * _rate(share)
        nlp.update(batch, sgd=optimizer, drop=recipe.dropout, losses=losses)
        seen += sum(len(example.reference) for example in batch)
        if seen * _REPORTS // tokens > reported:
            reported = seen * _REPORTS // tokens
            report(f"{seen / tokens:.0%}, loss {losses.pop(RECOGNISER):,.0f}")
    recogniser.model.use_params(optimizer.averages).__enter__()


def _rate(share: float) -> float:
    return min(1.0, (share + 0.001) / _WARM_UP) * max(_LEAST_RATE, 1 - share)


def _batches(
    examples: Sequence[Example], weights: Sequence[float], model: ModelRecipe, recipe: Recipe
) -> Iterator[list[Example]]:
    """Yield batches of examples drawn by weight, until the model's tokens were drawn."""
    tokens = round(model.million_tokens * 1_000_000)
    generator, coin = np.random.default_rng(recipe.seed), random.Random(recipe.seed)
    chances = np.array(weights) / np.sum(weights)
    first, last = recipe.batch_tokens
    seen, size, batch = 0, 0, []
    while seen < tokens:
        for index in generator.choice(len(examples), size=_DRAWN, p=chances):
            example = examples[index]
            batch.append(_without_lists(example) if coin.random() < model.list_dropout else example)
            size += len(example.reference)
            if size >= first + (last - first) * min(1.0, seen / tokens / _FULL_BATCH):
                yield batch
                seen, size, batch = seen + size, 0, []
                if seen >= tokens:
                    return


def _without_lists(example: Example) -> Example:
    """Return the example as one whose names stand in no list, so that context is learnt too."""
    seen = example.predicted.copy()
    for token in seen:
        token.lemma_ = ""
    return Example(seen, example.reference)
