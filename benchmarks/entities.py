"""Measure how well models find names: exact span and label, F1 over PER, ORG and LOC.

`python -m benchmarks.entities --corpus ../shared/data/ner --corpus CORPORA/news` measures the
project's own models, fast and accurate, natasha for Russian and LAC for Chinese, on every
`dev/<language>/<source>` of the corpora, line by line.
`--order` prints a row for each test set: all kinds of models side by side, and which of them a
build takes. `--limits` prints the mean F1, by kind of model, of names that are at least so sure
(`entities.min_confidence`). `--documents ../shared/data` measures what the names of the whole
document bring, on the news documents that are kept for testing (`benchmarks.entity_corpora`).
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.entity_corpora import ANNOTATIONS, news_documents
from tasks.mentions.backends import load, model_for
from tasks.mentions.confidence import confident
from tasks.mentions.document_consistency import consistent
from tasks.mentions.entity_model import EntityModel, Span
from tasks.mentions.extract_entities import labelled, named
from tasks.mentions.name_edges import without_suffix
from tasks.mentions.own_model import Kind, own_models
from tasks.settings import EntitySettings
from training.corpus import Example, corpus_files, read_examples
from training.evaluation import SCORED_LABELS, Counts, counted

BATCH_TEXTS = 64
#: Of `entities.min_confidence`.
LIMITS = (0.0, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6)
HEADER = "| language | test set | names | model | precision | recall | F1 |"
RULER = "|---|---|--:|---|--:|--:|--:|"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--models", help="folder of model directories; default: the shipped ones")
    parser.add_argument("--language", action="append")
    parser.add_argument("--texts", type=int, help="read the first so many of each test set")
    parser.add_argument("--order", action="store_true", help="a row a test set: who reads it best")
    parser.add_argument("--limits", action="store_true", help="F1 by entities.min_confidence")
    arguments = parser.parse_args()
    given = {"models": arguments.models} if arguments.models else {}
    settings = EntitySettings.model_validate(given)
    if arguments.order:
        _print_order(arguments.corpus, arguments.language, arguments.texts, settings)
        return
    if arguments.limits:
        _print_limits(arguments.corpus, arguments.language, arguments.texts, settings)
        return
    print(HEADER, RULER, sep="\n")
    for file in test_sets(arguments.corpus, arguments.language):
        examples = list(read_examples(file))[: arguments.texts]
        # Corpora say `no` for Bokmål.
        language, test_set = file.parts[-2].replace("no", "nb"), file.name.split(".")[0]
        for name, model in readers(language, settings):
            found = list(found_names(model, [e.text for e in examples], language, settings))
            _print_row(language, test_set, name, counted(expected(examples, language), found))
    if arguments.documents:
        _measure_documents(arguments.documents, arguments.language, settings)


def test_sets(corpora: Sequence[Path], languages: list[str] | None) -> list[Path]:
    """Return the files of the test sets of corpora, of some languages if they are named."""
    files = [file for corpus in corpora for file in corpus_files(corpus)]
    return [
        file
        for file in sorted(files, key=lambda file: file.parts[-2:])
        if file.parts[-3] == "dev" and (not languages or file.parts[-2] in languages)
    ]


def readers(language: str, settings: EntitySettings) -> Iterator[tuple[str, EntityModel]]:
    """Yield our own models of a language, and those that builds take, if they are others."""
    kinds: tuple[Kind, ...] = ("fast", "accurate")
    own = [own_models(settings.models, kind).get(language) for kind in kinds]
    identities = [None if model is None else model.identity for model in own]
    taken = [model_for(language, settings.model_copy(update={"model": kind})) for kind in kinds]
    for identity in dict.fromkeys((*identities, *taken)):
        if identity is not None:
            yield identity.title, load(identity)


def expected(examples: Sequence[Example], language: str) -> list[list[Span]]:
    """Return the marked names; Turkish corpora count cases after an apostrophe to them."""
    return [
        [without_suffix(example.text, Span(*span), language) for span in example.spans]
        for example in examples
    ]


def found_names(
    model: EntityModel, texts: list[str], language: str, settings: EntitySettings
) -> Iterator[list[Span]]:
    """Yield the names that a model finds in each text, with our labels and bare edges."""
    for first in range(0, len(texts), BATCH_TEXTS):
        batch = texts[first : first + BATCH_TEXTS]
        for text, spans in zip(batch, model.find(batch), strict=True):
            yield named(text, labelled(spans, "model", settings), language)


def _print_order(
    corpora: Sequence[Path],
    languages: list[str] | None,
    texts: int | None,
    settings: EntitySettings,
) -> None:
    """Print F1 of each kind of model on each test set, and which of them a build takes."""
    print("| language | test set | names | fast | accurate | library | a build takes |")
    print("|---|---|--:|--:|--:|--:|---|")
    for file in test_sets(corpora, languages):
        examples = list(read_examples(file))[:texts]
        language, test_set = file.parts[-2].replace("no", "nb"), file.name.split(".")[0]
        marked, figures = expected(examples, language), dict[str, str]()
        names = sum(span.label in SCORED_LABELS for spans in marked for span in spans)
        for _, model in readers(language, settings):
            found = found_names(model, _texts(examples), language, settings)
            figures[model.scorer] = f"{100 * counted(marked, found).f1:.1f}"
        taken = model_for(language, settings)
        library = figures.get("natasha") or figures.get("lac") or ""
        shown = [figures.get("fast", ""), figures.get("accurate", ""), library]
        row = [language, test_set, str(names), *shown, taken.name if taken else "none"]
        print("| " + " | ".join(row) + " |", flush=True)


def _print_limits(
    corpora: Sequence[Path],
    languages: list[str] | None,
    texts: int | None,
    settings: EntitySettings,
) -> None:
    """Print, by the kind of model that a build takes, the mean F1 of test sets at each limit."""
    figures: dict[str, list[list[float]]] = defaultdict(list)
    for file in test_sets(corpora, languages):
        examples = list(read_examples(file))[:texts]
        language = file.parts[-2].replace("no", "nb")
        if (identity := model_for(language, settings)) is None:
            continue
        model, marked = load(identity), expected(examples, language)
        found = [
            [confident(span, model.scorer) for span in spans]
            for spans in found_names(model, _texts(examples), language, settings)
        ]
        f1 = [counted(marked, _at_least(found, limit)).f1 for limit in LIMITS]
        figures[model.scorer].append(f1)
    print("| model (test sets) |", *(f" {limit} |" for limit in LIMITS))
    print("|---|", "--:|" * len(LIMITS))
    for scorer, rows in sorted(figures.items()):
        means = " | ".join(f"{100 * fmean(column):.2f}" for column in zip(*rows, strict=True))
        print(f"| {scorer} ({len(rows)}) | {means} |")


def _at_least(found: list[list[Span]], limit: float) -> list[list[Span]]:
    return [[span for span in spans if span.score >= limit] for spans in found]


def _measure_documents(data: Path, languages: list[str] | None, settings: EntitySettings) -> None:
    for annotated in sorted(ANNOTATIONS.glob("*.tsv")):
        language = annotated.stem
        if languages and language not in languages:
            continue
        documents = [lines for test, lines in news_documents(annotated, data) if test and lines]
        for name, model in readers(language, settings):
            read = [
                [
                    [confident(span, model.scorer) for span in spans]
                    for spans in found_names(model, _texts(lines), language, settings)
                ]
                for lines in documents
            ]
            joined = [
                consistent(_texts(lines), spans, language)
                for lines, spans in zip(documents, read, strict=True)
            ]
            _print_row(language, "news, line by line", name, _counted(documents, read, language))
            _print_row(language, "news, as documents", name, _counted(documents, joined, language))


def _texts(lines: Sequence[Example]) -> list[str]:
    return [line.text for line in lines]


def _counted(
    documents: Sequence[Sequence[Example]], found: Sequence[list[list[Span]]], language: str
) -> Counts:
    marked = [spans for lines in documents for spans in expected(lines, language)]
    return counted(marked, [spans for document in found for spans in document])


def _print_row(language: str, test_set: str, model: str, counts: Counts) -> None:
    figures = " | ".join(f"{100 * x:.1f}" for x in (counts.precision, counts.recall, counts.f1))
    print(f"| {language} | {test_set} | {counts.expected} | {model} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
