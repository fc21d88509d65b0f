"""Train `tasks/pages/model.json` on the development pages.

Run `python -m training.train_blocks --data ../shared/data`. With `--without-half 0 --output FILE`
the sites of one half are left out, and `benchmarks.main_text --half 0 --model FILE` measures on
sites that the weights have never seen. What a page teaches: that the blocks with its wanted strings
are text and those with unwanted ones are not, and of all others what trafilatura makes of them in
four ways. Each page is learned from twice, once as a script that lacks case or sentence ends
would have it.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.alignment import shares_within
from benchmarks.pages import GoldPage, extractions, read_pages
from tasks.pages import model as block_model
from tasks.pages.blocks import Block, Element, page_blocks
from tasks.pages.elements import Matrix, NameWeights, elements_around, names_around
from tasks.pages.features import COLUMNS, block_features
from tasks.pages.model import windowed
from tasks.pages.page import page_titles, parse_page
from tasks.writing.measures import width
from training.network_training import SEED, Adam, Sample, fitted

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
#: An unwanted string in a longer block says nothing of the rest of it.
MAX_UNWANTED_CHARS = 400
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
    targets: Matrix
    weights: Matrix

    def features(self, names: NameWeights) -> Matrix:
        """Return the features of the blocks."""
        return block_features(self.blocks, self.elements, self.titles, names)


def lesson(page: GoldPage) -> Lesson | None:
    """Return what a page teaches; None if there is nothing in it."""
    tree = parse_page(page.html)
    blocks, elements = page_blocks(tree)[:2] if tree is not None else ([], [])
    if not blocks:
        return None
    texts = extractions(page.html)
    right = [page.share_right(text) for text in texts]
    lines = [block.text for block in blocks]
    found = np.stack([shares_within(lines, text) for text in texts]) > MIN_FOUND_SHARE
    best = found[right.index(max(right))]
    targets = BEST_WEIGHT * best + (1 - BEST_WEIGHT) * found.mean(axis=0)
    weights = np.sqrt([min(width(line), 600) for line in lines])
    weights *= PAGE_WEIGHT / max(weights.sum(), 1)
    if max(right) < MIN_SHARE_RIGHT:
        weights *= BAD_PAGE_WEIGHT
    _decide_by_strings(page, lines, targets, weights)
    return Lesson(page, blocks, elements, page_titles(tree), targets, weights)


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
    """Return the weights of names and network, in hundredths.

    The network learns from names weighed on other sites than those it sees.
    """
    halves = [one.page.fold % 2 for one in lessons]
    weighed = [
        name_weights([one for one, part in zip(lessons, halves, strict=True) if part != half])
        for half in (0, 1)
    ]
    samples = [
        sample
        for one, half in zip(lessons, halves, strict=True)
        for sample in _samples(one, weighed[half])
    ]
    layers = fitted([sample.features for sample in samples], samples)
    return {
        "names": [
            {name: _hundredths(weight) for name, weight in part.items() if _hundredths(weight)}
            for part in name_weights(lessons)
        ],
        "network": [_hundredths(part) for part in layers],
    }


def _hundredths(values: float | Matrix) -> Any:  # noqa: ANN401 - a number, or nested lists of them
    return np.round(np.asarray(values) * 100).astype(int).tolist()


def _samples(lesson: Lesson, names: NameWeights) -> list[Sample]:
    features = lesson.features(names)
    chooser = np.random.default_rng([SEED, *lesson.page.file.encode()])
    weakened = features.copy()
    for columns, probability in _ABSENT:
        if chooser.random() < probability:
            weakened[:, [COLUMNS.index(name) for name in columns]] = 0
    rest = (np.zeros(0), lesson.targets)
    return [
        Sample(windowed(features), *rest, lesson.weights),
        Sample(windowed(weakened), *rest, lesson.weights / 4),
    ]


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
    pages = [page for page in read_pages(data) if page.half != without_half]
    lessons = [found for page in pages if (found := lesson(page))]
    written = json.dumps(train(lessons), separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    output.write_text(written + "\n", encoding="utf-8")
    print(f"{len(lessons)} pages: {output}")


if __name__ == "__main__":
    typer.run(main)
