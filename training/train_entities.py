"""Train our own models: select texts, train, measure, write model directories."""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import regex
from spacy.language import Language

from tasks.mentions.array_model import RECOGNISER
from tasks.mentions.own_model import write_manifest
from tasks.writing.languages import from_cld2
from training.corpus import CorpusError, corpus_files, read_examples
from training.evaluation import scored
from training.pipeline import make_pipeline
from training.recipe import ModelRecipe, Recipe, Scores
from training.selection import training_texts, weights
from training.training_loop import prepared, train


def train_models(
    corpora: Sequence[Path],
    out: Path,
    recipe: Recipe,
    lists: dict[str, str],
    report: Callable[[str], None],
) -> list[Scores]:
    """Train the models of a recipe, measure them on `dev/`, and write a directory for each.

    Args:
        corpora: Folders of `<split>/<language>/<source>.jsonl[.xz]`.
        out: Where the model directories go.
        recipe: What is trained, and how.
        lists: The lists of names (`training.make_gazetteer`).
        report: Is told of the progress and the scores.

    Raises:
        CorpusError: A corpus is missing or damaged, or has no text for a model.
    """
    scores: list[Scores] = []
    for model in recipe.models:
        if recipe.only and model.name not in recipe.only:
            continue
        nlp = _trained(corpora, model, recipe, lists, report)
        folder = out / model.name
        write_model(nlp, folder)
        write_manifest(folder, model.name, model.version, languages_of(model))
        for score in measured(nlp, model, corpora):
            report(f"{score.language} {score.test_set}: F1 {score.f1:.3f} of {score.names} names")
            scores.append(score)
    return scores


def write_model(nlp: Language, folder: Path) -> None:
    """Write a pipeline, in the place of an older one, without the words that it has seen.

    Features are hashes, so that only the labels are ever looked up: the same names, a third of
    the size.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    nlp.to_disk(folder)
    labels = sorted(nlp.get_pipe(RECOGNISER).labels)  # type: ignore[attr-defined]
    (folder / "vocab" / "strings.json").write_text(json.dumps(labels), encoding="utf-8")


def _trained(
    corpora: Sequence[Path],
    model: ModelRecipe,
    recipe: Recipe,
    lists: dict[str, str],
    report: Callable[[str], None],
) -> Language:
    known = lists_of(model, lists)
    nlp = make_pipeline(model, recipe.features, known)
    generator = random.Random(recipe.seed)
    texts = training_texts(corpora, model, recipe, known, generator)
    if not texts:
        raise CorpusError(f"no text for {model.name}, which reads {', '.join(model.shares)}")
    examples = prepared(nlp, [text.example for text in texts])
    tokens = [len(example.reference) for example in examples]
    report(f"{model.name}: {len(texts):,} texts, {sum(tokens):,} tokens")
    train(nlp, examples, weights(texts, tokens, model, recipe), model, recipe, report)
    return nlp


def languages_of(model: ModelRecipe) -> tuple[str, ...]:
    """Return the tags of the languages that a model reads: corpora say `no` for Bokmål."""
    return tuple(from_cld2(code) for code in model.shares if code not in model.unread)


def lists_of(model: ModelRecipe, lists: dict[str, str]) -> dict[str, str]:
    """Return the names in a model's scripts; of Latin ones in others' texts, the frequent only."""
    scripts = regex.compile("|".join(rf"\p{{{script}}}" for script in model.scripts))
    latin_is_foreign = model.scripts != ("Latin",)
    latin = regex.compile(r"\p{Latin}")
    return {
        name: marks
        for name, marks in lists.items()
        if scripts.search(name)
        and not (latin_is_foreign and marks == "rare_person" and latin.search(name))
    }


def measured(nlp: Language, model: ModelRecipe, corpora: Sequence[Path]) -> list[Scores]:
    """Return the scores of a pipeline on each test set of its languages under `dev/`."""
    files = [file for corpus in corpora for file in corpus_files(corpus)]
    sets = [file for file in files if file.parts[-3] == "dev" and file.parts[-2] in model.shares]
    return [
        scored(nlp, model.name, file.name.split(".")[0], list(read_examples(file))) for file in sets
    ]
