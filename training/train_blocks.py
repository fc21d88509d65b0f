"""Train `tasks/pages/model.json` on the development pages.

Run `python -m training.train_blocks --data ../shared/data`. With `--without-half 0 --output FILE`
the sites of one half are left out, and `benchmarks.main_text` and `benchmarks.page_types` with
`--half 0 --model FILE` measure on sites that the weights have never seen. What a page of `html/`
teaches: that the blocks with its wanted strings are text and those with unwanted ones are not, and
of all others what trafilatura makes of them in four ways. A page of `html_types/` teaches its main
text as people wrote it down. Each page is learned from twice, once as a script that lacks case or
sentence ends would have it, and some of its text once more in a small page (`boxed_pages`).
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.alignment import shares_within
from benchmarks.page_types import TypedPage, read_typed_pages
from benchmarks.pages import GoldPage, extractions, read_pages, words_of
from tasks.pages import model as block_model
from tasks.pages.blocks import Block, Element, page_blocks
from tasks.pages.elements import Matrix, NameWeights, elements_around, names_around
from tasks.pages.features import COLUMNS, block_features
from tasks.pages.kinds import KindWeights, hints_of, kind_probabilities
from tasks.pages.model import windowed
from tasks.pages.page import page_titles, parse_page
from tasks.pages.set_aside import set_aside
from tasks.writing.measures import width
from training import page_kinds
from training.block_targets import shares_of_text
from training.boxed_pages import boxed_page
from training.network_training import SEED, Adam, Sample, Size, fitted_together

#: A page whose best extraction gets fewer of its strings right teaches little.
MIN_SHARE_RIGHT = 0.7
BAD_PAGE_WEIGHT = 0.15
#: A block is text if this share of it is found in an extraction.
MIN_FOUND_SHARE = 0.6
#: What the best extraction says counts this much, the mean of all the rest.
BEST_WEIGHT = 0.6
#: A page weighs as much as about this many blocks; a block that a string decides weighs as much
#: as this many at least.
PAGE_WEIGHT = 100.0
STRING_WEIGHT = 6.0
#: Pages whose text is known by strings only count this much beside those with their whole text.
EXTRACTED_WEIGHT = 0.6
#: A block of a page with its text weighs as this power of its words says, its text as much as
#: `PAGE_WEIGHT` together, and all of the page no more than this.
WORDS_POWER = 0.75
BOXED_WEIGHT = 0.25
MAX_PAGE_WEIGHT = 300.0
#: An unwanted string in a longer block says nothing of the rest of it.
MAX_UNWANTED_CHARS = 400
#: Three networks side by side; on sites unseen their mean does better than one of 24 or 48 units.
NETWORKS = 3
SIZE = Size(hidden_units=16, batch_lines=2048)
#: Words of class names on fewer sites are not learned.
MIN_SITES = 6
NAME_PENALTY = 30.0
NAME_STEPS = 250
NAME_RATE = 0.05
_ABSENT = (
    (("upper_share", "starts_lower"), 0.6),
    (("ends_sentence", "ends", "commas", "ends_question"), 0.25),
)


@dataclass(frozen=True)
class Lesson:
    """A page: its blocks, how much each is text, and how much that counts."""

    page: GoldPage
    blocks: Sequence[Block]
    elements: Sequence[Element]
    titles: set[str]
    hints: frozenset[str]
    targets: Matrix
    weights: Matrix

    def features(self, learned: "Learned") -> Matrix:
        """Return the features of the blocks."""
        likely = kind_probabilities(self.hints, learned.kinds)
        return block_features(self.blocks, self.elements, self.titles, learned.names, likely)


@dataclass(frozen=True)
class Learned:
    """What is learned before the network."""

    names: NameWeights
    kinds: KindWeights


def lesson(page: GoldPage) -> Lesson | None:
    """Return what a page teaches; None if there is nothing in it."""
    tree = parse_page(page.html)
    if tree is None:
        return None
    titles, hints = page_titles(tree), hints_of(tree)
    consent, others = set_aside(tree, is_forum=kind_of(page) == "forum")
    blocks, elements, _ = page_blocks(tree, {**consent, **others})
    if not blocks:
        return None
    lines = [block.text for block in blocks]
    targets, weights = (
        _from_text(page, lines) if isinstance(page, TypedPage) else _from_extractions(page, lines)
    )
    return Lesson(page, blocks, elements, titles, hints, targets, weights)


def kind_of(page: GoldPage) -> str:
    """Return the kind of a page; `html/` has articles."""
    return page.kind if isinstance(page, TypedPage) else "article"


def _from_extractions(page: GoldPage, lines: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Return how much each block is text by trafilatura and the page's strings, and its weight."""
    texts = extractions(page.html)
    right = [page.share_right(text) for text in texts]
    found = np.stack([shares_within(lines, text) for text in texts]) > MIN_FOUND_SHARE
    best = found[right.index(max(right))]
    targets = BEST_WEIGHT * best + (1 - BEST_WEIGHT) * found.mean(axis=0)
    weights = np.sqrt([min(width(line), 600) for line in lines])
    weights *= EXTRACTED_WEIGHT * PAGE_WEIGHT / max(weights.sum(), 1)
    if max(right) < MIN_SHARE_RIGHT:
        weights *= BAD_PAGE_WEIGHT
    _decide_by_strings(page, lines, targets, weights)
    return targets, weights


def _from_text(page: TypedPage, lines: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Return how much each block is text by the text that people wrote down, and its weight."""
    targets = np.clip((shares_of_text(lines, page.text) - MIN_FOUND_SHARE / 3) / 0.6, 0, 1)
    counts = np.array([min(len(words_of(line)), 150) + 0.5 for line in lines])
    weights = counts**WORDS_POWER
    weights *= PAGE_WEIGHT / max((weights * targets).sum(), 0.15 * weights.sum(), 1)
    weights *= min(1.0, MAX_PAGE_WEIGHT / weights.sum())
    return targets, weights


def _decide_by_strings(
    page: GoldPage, lines: Sequence[str], targets: Matrix, weights: Matrix
) -> None:
    for index, line in enumerate(lines):
        is_wanted = any(string in line for string in page.wanted)
        is_unwanted = any(string in line for string in page.unwanted)
        if is_wanted != is_unwanted and (is_wanted or len(line) < MAX_UNWANTED_CHARS):
            targets[index] = float(is_wanted)
            weights[index] = max(2 * weights[index], STRING_WEIGHT)


def train(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return the weights of names, kinds and network, in hundredths.

    The network learns from names and kinds learned on other sites than those it sees.
    """
    halves = [one.page.fold % 2 for one in lessons]
    parts = [
        learned([one for one, part in zip(lessons, halves, strict=True) if part != half])
        for half in (0, 1)
    ]
    samples = [
        sample
        for one, half in zip(lessons, halves, strict=True)
        for sample in _samples(one, parts[half])
    ]
    inputs = [sample.features for sample in samples]
    layers = fitted_together(inputs, samples, SIZE, NETWORKS)
    whole = learned(lessons)
    return {
        "names": [
            {name: _hundredths(weight) for name, weight in part.items() if _hundredths(weight)}
            for part in whole.names
        ],
        "kinds": {hint: _hundredths(np.array(said)) for hint, said in whole.kinds.items()},
        "network": [_hundredths(part) for part in layers],
    }


def learned(lessons: Sequence[Lesson]) -> Learned:
    """Return what names and hints say, names in articles and in other pages."""
    articles = [one for one in lessons if kind_of(one.page) == "article"]
    others = [one for one in lessons if kind_of(one.page) != "article"]
    pages = [
        page_kinds.KnownPage(
            kind_of(one.page), one.page.site, one.hints,
            1.0 if isinstance(one.page, TypedPage) else EXTRACTED_WEIGHT / 2,
        )
        for one in lessons
    ]  # fmt: skip
    return Learned([*name_weights(articles), *name_weights(others)], page_kinds.learned(pages))


def _hundredths(values: float | Matrix) -> Any:  # noqa: ANN401 - a number, or nested lists of them
    return np.round(np.asarray(values) * 100).astype(int).tolist()


def _samples(lesson: Lesson, learned: Learned) -> Iterator[Sample]:
    features = lesson.features(learned)
    chooser = np.random.default_rng([SEED, *lesson.page.file.encode()])
    weakened = features.copy()
    for columns, probability in _ABSENT:
        if chooser.random() < probability:
            weakened[:, [COLUMNS.index(name) for name in columns]] = 0
    yield _sample(features, lesson.targets, lesson.weights)
    yield _sample(weakened, lesson.targets, lesson.weights / 4)
    yield from _boxed(lesson, learned, chooser)


def _boxed(lesson: Lesson, learned: Learned, chooser: np.random.Generator) -> Iterator[Sample]:
    """Yield some of a page's text in a small page, in a container of any kind."""
    lines = [block.text for block in lesson.blocks]
    boxed = boxed_page(lines, lesson.targets, chooser)
    tree = None if boxed is None else parse_page(boxed.html)
    if boxed is None or tree is None:
        return
    blocks, elements, _ = page_blocks(tree)
    likely = kind_probabilities(hints_of(tree), learned.kinds)
    features = block_features(blocks, elements, page_titles(tree), learned.names, likely)
    targets = np.array([float(block.text in boxed.text) for block in blocks])
    weights = np.sqrt([min(width(block.text), 600) for block in blocks])
    weights *= PAGE_WEIGHT * BOXED_WEIGHT / weights.sum()
    weights[[block.text == boxed.title for block in blocks]] = 0
    yield _sample(features, targets, weights)


def _sample(features: Matrix, targets: Matrix, weights: Matrix) -> Sample:
    return Sample(windowed(features).astype(np.float32), np.zeros(0), targets, weights)


def name_weights(lessons: Sequence[Lesson]) -> NameWeights:
    """Return what words of class names say, by logistic regression with a penalty on squares."""
    bags: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    sites: dict[str, set[str]] = defaultdict(set)
    for one in lessons:
        for block, target, weight in zip(one.blocks, one.targets, one.weights, strict=True):
            near, far = names_around(elements_around(block.element))
            bag = (*(f"near {name}" for name in near), *(f"far {name}" for name in far))
            bags[bag][0] += weight * target
            bags[bag][1] += weight
            for name in bag:
                sites[name].add(one.page.site)
    known = sorted(name for name, found in sites.items() if len(found) >= MIN_SITES)
    numbers = {name: number for number, name in enumerate(known)}
    rows = [[numbers[name] for name in bag if name in numbers] for bag in bags]
    found = _logistic(rows, np.array(list(bags.values())), len(known))
    weights = dict(zip(known, found.tolist(), strict=True))
    return _named(weights, "near "), _named(weights, "far ")


def _named(weights: Mapping[str, float], kind: str) -> dict[str, float]:
    return {name.removeprefix(kind): weights[name] for name in weights if name.startswith(kind)}


def _logistic(rows: Sequence[Sequence[int]], sums: Matrix, count: int) -> Matrix:
    """Return the weights of numbered names, by Adam over all rows at once.

    Args:
        rows: The names of each row; one may stand there more than once.
        sums: Per row the sum of weight times target, and of weight.
        count: How many names there are.
    """
    weights = sums[:, 1] / sums[:, 1].mean()
    targets = sums[:, 0] / np.maximum(sums[:, 1], 1e-9)
    names: NDArray[np.intp] = np.array([name for row in rows for name in row], dtype=np.intp)
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    found = np.zeros(count + 1)
    adam = Adam([found])
    for _ in range(NAME_STEPS):
        logits = found[-1] + np.bincount(owners, found[names], len(rows))
        errors = (1 / (1 + np.exp(-logits)) - targets) * weights
        slopes = np.append(np.bincount(names, errors[owners], count), errors.sum())
        slopes[:-1] += NAME_PENALTY * found[:-1]
        adam.descend([slopes], NAME_RATE)
    return found[:-1]


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    output: Annotated[Path, typer.Option(help="Where the weights go.")] = block_model.FILE,
    without_half: Annotated[int | None, typer.Option(help="Leave out half of the sites.")] = None,
) -> None:
    """Train and write the weights."""
    logging.disable(logging.CRITICAL)
    pages = [
        page for page in [*read_pages(data), *read_typed_pages(data)] if page.half != without_half
    ]
    lessons = [found for page in pages if (found := lesson(page))]
    written = json.dumps(train(lessons), separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    output.write_text(written + "\n", encoding="utf-8")
    print(f"{len(lessons)} pages: {output}")


if __name__ == "__main__":
    typer.run(main)
