"""Train `tasks/clean/chrome_model.json` on the development pages, flattened to text.

Run `python -m training.train_chrome --data ../shared/data` (needs inscriptis). With
`--without-fold 0 --output FILE` the sites of a group are left out, and `benchmarks.plain_text
--fold 0 --model FILE` measures on sites that the weights have never seen. Each page is learned
from as it was laid out, without its layout, as a short post, and as a script that lacks case,
phrases or sentence ends would have it; its article alone and clean news in ten languages are
learned as texts of which every line is kept.
"""

import json
import lzma
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.alignment import shares_within
from benchmarks.pages import GoldPage, extractions, read_pages
from tasks.clean import chrome_model
from tasks.clean.chrome_model import stacked, windowed
from tasks.clean.cut import cut_text
from tasks.clean.line_features import COLUMNS, Matrix, line_features
from tasks.clean.segment import Segment
from tasks.writing.measures import width
from tasks.writing.network import Layers, logits
from training.network_training import SEED, Sample, fitted

#: A page whose best extraction gets fewer of its strings right teaches nothing.
MIN_SHARE_RIGHT = 0.7
#: A line is text if this share of it is found in an extraction.
MIN_FOUND_SHARE = 0.6
#: What the best extraction says counts this much, the mean of all the rest.
BEST_WEIGHT = 0.6
MAX_LINES = 1500
#: A post in a channel has at most this many lines of text, and of what stands before or after it.
MAX_POST_LINES = 12
_ABSENT = (
    (("upper_share", "capital_words", "starts_lower"), 0.6),
    (("phrase", "edge_phrase", "phrase_bound"), 0.6),
    (("ends_sentence", "inner_ends", "commas", "ends_question"), 0.25),
)


def page_samples(page: GoldPage) -> list[Sample]:
    """Return what is learned from a page; nothing if no extraction of it is good."""
    from inscriptis import get_text

    chooser = np.random.default_rng([SEED, *page.file.encode()])
    texts = extractions(page.html)
    right = [page.share_right(text) for text in texts]
    segments = [segment for segment in cut_text(get_text(page.html)) if segment.is_kept]
    segments = segments[:MAX_LINES]
    if max(right) < MIN_SHARE_RIGHT or not segments:
        return []
    lines = [segment.text for segment in segments]
    found = np.stack([shares_within(lines, text) for text in texts]) > MIN_FOUND_SHARE
    best = found[right.index(max(right))]
    targets = BEST_WEIGHT * best + (1 - BEST_WEIGHT) * found.mean(axis=0)
    laid_out = _sample(segments, targets)
    unlaid = [segment._replace(indent=0, gap=0) for segment in segments]
    bare = _sample(unlaid, targets)
    article = _part(bare, np.flatnonzero(targets > 0.5))
    chosen = _post(targets, chooser)
    post = _sample([unlaid[line] for line in chosen], targets[chosen])
    forms = [bare, article, post]
    weak = (replace(form, features=weakened(form.features, chooser)) for form in forms)
    samples = [laid_out, *forms, *weak]
    return [sample for sample in samples if len(sample.targets)]


def _post(targets: Matrix, chooser: np.random.Generator) -> NDArray[np.intp]:
    """Return the lines of a short post: a page's first lines of text, and some of its chrome."""
    text, chrome = np.flatnonzero(targets > 0.5), np.flatnonzero(targets <= 0.5)
    text = text[: chooser.integers(1, MAX_POST_LINES + 1)]
    before, after = (chrome[chrome < text.min(initial=0)], chrome[chrome > text.min(initial=0)])
    above, below = chooser.integers(MAX_POST_LINES + 1, size=2).tolist()
    return np.sort(np.concatenate([before[max(0, len(before) - above) :], text, after[:below]]))


def _sample(segments: Sequence[Segment], targets: Matrix) -> Sample:
    widths = np.array([width(segment.text) for segment in segments], dtype=np.float64)
    weights = np.sqrt(np.minimum(widths, 600))
    return Sample(line_features(segments), widths, targets, 100 * weights / max(weights.sum(), 1))


def _part(sample: Sample, lines: NDArray[np.intp]) -> Sample:
    """Return the lines as a text of its own, all of it kept."""
    return Sample(
        sample.features[lines], sample.widths[lines], np.ones(len(lines)), sample.weights[lines]
    )


def weakened(features: Matrix, chooser: np.random.Generator) -> Matrix:
    """Return the features of a text without what other scripts and languages do not have."""
    features = features.copy()
    for names, probability in _ABSENT:
        if chooser.random() < probability:
            features[:, [COLUMNS.index(name) for name in names]] = 0
    return features


def news_samples(data: Path) -> list[Sample]:
    """Return clean news in ten languages, of which every line is kept."""
    path = data / "stories" / "stories.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as rows:
        texts = [cut_text(json.loads(row)["text"]) for row in rows]
    return [_sample(segments, np.ones(len(segments))) for segments in texts]


def train(texts: Sequence[Sequence[Sample]]) -> tuple[Layers, Layers]:
    """Return the weights of both networks.

    The second learns from scores that the first gave to texts that it had not learned from.

    Args:
        texts: What was made of each page or news text; it is learned from, or scored, together.
    """
    samples = [sample for made in texts for sample in made]
    inputs = [windowed(sample.features, chrome_model.NEIGHBOURS) for sample in samples]
    drawn = np.random.default_rng(SEED).integers(0, 2, len(texts))
    halves = np.repeat(drawn, [len(made) for made in texts])
    first: list[Matrix] = [np.zeros(0)] * len(samples)
    for half in (0, 1):
        others = np.flatnonzero(halves != half)
        weights = fitted([inputs[int(i)] for i in others], [samples[int(i)] for i in others])
        for index in np.flatnonzero(halves == half):
            first[index] = logits(inputs[index], weights, chrome_model.MAX_LOGIT)
    both = [stacked(s.features, s.widths, score) for s, score in zip(samples, first, strict=True)]
    return fitted(inputs, samples), fitted(both, samples)


def written(networks: tuple[Layers, Layers]) -> str:
    """Return the weights as JSON, in hundredths."""
    names = ("first", "second")
    found = {
        name: [np.round(np.asarray(part) * 100).astype(int).tolist() for part in network]
        for name, network in zip(names, networks, strict=True)
    }
    return json.dumps(found, separators=(",", ":")) + "\n"


def main(
    data: Annotated[Path, typer.Option(exists=True, file_okay=False)] = Path("../shared/data"),
    output: Annotated[Path, typer.Option(help="Where the weights go.")] = chrome_model.FILE,
    without_fold: Annotated[int | None, typer.Option(help="Leave out a group of sites.")] = None,
) -> None:
    """Train and write the weights."""
    pages = [page for page in read_pages(data) if page.fold != without_fold]
    made = [page_samples(page) for page in pages]
    news = [[sample] for sample in news_samples(data)]
    output.write_text(written(train([*made, *news])), encoding="utf-8")
    print(f"{len(pages)} pages, {sum(map(len, made))} texts made of them: {output}")


if __name__ == "__main__":
    typer.run(main)
