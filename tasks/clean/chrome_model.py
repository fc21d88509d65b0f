"""Judge the chrome of a page that was flattened to plain text: menus, teasers, comments, footers.

Two small networks say of each line how likely it is the text itself. The first sees a line and two
neighbours on each side; the second also sees what the first made of the lines around, near and far
(stacked sequential learning, Cohen and Carvalho 2005). Weights: `chrome_model.json`, written by
`python -m training.train_chrome`.

They are asked only about a text with running text and with several short lines that end in the
open; a poem, a list or a dialogue has no running text, and a news text has few such lines. Of a
page in HTML the reader has chosen the lines by their markup, which says more
(`benchmarks.main_text` shows what cleaning changes).
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.clean.chrome import is_empty_label
from tasks.clean.line_features import Matrix, features_of_documents
from tasks.clean.segment import Judgement, Segment, dropped
from tasks.settings.clean import CleanSettings
from tasks.writing.characters import batches
from tasks.writing.measures import BODY_LINE_WIDTH, ends_sentence, is_body_line, width
from tasks.writing.network import Layers, layers_of, logits, neighbours, probabilities, rows_since

#: Where the weights stand.
FILE = Path(__file__).parent / "chrome_model.json"
#: From this score on a line is chrome whatever stands beside it.
_SURE_SCORE = 0.8
#: Lines on each side that the networks see: features by the first, first scores by the second.
NEIGHBOURS = 2
SCORED_NEIGHBOURS = 4
#: Lines on each side over which first scores are averaged.
REACHES = (3, 10, 30)
#: Beyond it a first score says no more (its logit: e^6 to 1).
MAX_LOGIT = 6.0
#: Distances to running text are told apart up to this many lines.
MAX_DISTANCE = 64


def may_be_page(kept: Sequence[Segment], settings: CleanSettings) -> bool:
    """Return whether enough lines are short and end in the open, as those of chrome do."""
    if len(kept) > settings.chrome_max_lines:
        return False
    if any(segment.start_char is None for segment in kept):  # from markup
        return False
    is_open = (
        len(segment.text) < BODY_LINE_WIDTH and not ends_sentence(segment.text) for segment in kept
    )
    return sum(is_open) >= settings.chrome_min_lines


def judged_pages(
    documents: Sequence[Sequence[Segment]], settings: CleanSettings
) -> Iterator[list[Segment]]:
    """Yield the lines of each flattened page with their score, what is likely chrome dropped.

    Args:
        documents: Of each page, the segments that nothing was held against. Their layout counts
            where they have one.
        settings: The least score.
    """
    for batch in batches(sum(len(line.text) for line in kept) for kept in documents):
        pages = documents[batch]
        for kept, scores in zip(pages, _chrome_scores(pages), strict=True):
            yield _judged(kept, _same_for_same_lines(kept, scores), settings)


def _chrome_scores(documents: Sequence[Sequence[Segment]]) -> list[Matrix]:
    """Return how likely each line of each page is chrome, 0 to 1."""
    widths = [np.array([width(line.text) for line in kept], np.float64) for kept in documents]
    features = features_of_documents(documents)
    return [1 - scores for scores in texts_scores(features, widths)]


def _judged(
    kept: Sequence[Segment], scores: Sequence[float], settings: CleanSettings
) -> list[Segment]:
    least = settings.chrome_min_score
    if not any(s < least and is_body_line(line.text) for line, s in zip(kept, scores, strict=True)):
        least = float("inf")
    judged = [
        segment._replace(chrome_score=score, reason="chrome", detail="score")
        if score >= least
        else segment._replace(chrome_score=score)
        for segment, score in zip(kept, scores, strict=True)
    ]
    judged = _with_sentences_beside_text(judged)
    for position in reversed(range(len(judged) - 1)):
        # What it introduced is gone.
        if not judged[position + 1].is_kept and is_empty_label(judged[position].text):
            judged[position] = dropped(judged[position], Judgement("chrome", "empty label"))
    return judged


def _with_sentences_beside_text(
    judged: list[Segment],
) -> list[Segment]:
    """Return the lines; a sentence next to kept running text is kept if the networks are unsure.

    In a short page a paragraph has few neighbours that speak for it, and they weigh less than the
    menu lines around.
    """
    found = list(judged)
    last = len(found) - 1
    for order in (range(1, last + 1), range(last - 1, -1, -1)):
        step = -1 if order.step == 1 else 1
        for position in order:
            line, beside = found[position], found[position + step]
            is_in_doubt = line.detail == "score" and (line.chrome_score or 0) < _SURE_SCORE
            both_are_sentences = _is_sentence(line.text) and _is_sentence(beside.text)
            if is_in_doubt and beside.is_kept and both_are_sentences:
                found[position] = line._replace(reason=None, detail=None)
    return found


def _is_sentence(text: str) -> bool:
    """Return whether a line is one whole sentence or more, and as wide as running text."""
    return is_body_line(text) and ends_sentence(text)


def _same_for_same_lines(kept: Sequence[Segment], scores: Matrix) -> list[float]:
    """Return the mean score of each line and those that say the same, to three digits.

    The title of a body that stands twice is in doubt among the chrome above the first, and in
    none above the second.
    """
    _, which = np.unique([segment.text for segment in kept], return_inverse=True)
    means = np.bincount(which, weights=scores) / np.bincount(which)
    return [round(score, 3) for score in means[which].tolist()]


def text_scores(features: Matrix, widths: Matrix) -> Matrix:
    """Return how likely each line of a text is the text itself, as `texts_scores` does."""
    return texts_scores([features], [widths])[0]


def texts_scores(features: Sequence[Matrix], widths: Sequence[Matrix]) -> list[Matrix]:
    """Return for each line how likely it is text and not chrome, 0 to 1, to three digits.

    Args:
        features: What `tasks.clean.line_features` says of each line of each text.
        widths: The widths of the lines of each text.
    """
    ends = list(accumulate(map(len, features)))[:-1]
    seen = np.vstack([windowed(each, NEIGHBOURS) for each in features])
    first = np.split(logits(seen, layers("first"), MAX_LOGIT), ends)
    seen = np.vstack(list(map(stacked, features, widths, first)))
    second = np.split(logits(seen, layers("second"), MAX_LOGIT), ends)
    # Rounded, so that no last bit decides.
    return [np.round(probabilities(found), 3) for found in second]


@cache
def layers(name: str) -> Layers:
    """Return the weights of a network: hidden weights and bias, output weights and bias."""
    return layers_of(json.loads(FILE.read_text(encoding="utf-8"))[name])


def windowed(features: Matrix, reach: int) -> Matrix:
    """Return each line's features beside those of `reach` lines before and after, and a 1 each."""
    return np.hstack(neighbours(features, reach))


def stacked(features: Matrix, widths: Matrix, first: Matrix) -> Matrix:
    """Return what the second network sees: features, first scores around, and the whole."""
    scores = probabilities(first)
    weights = np.minimum(widths, 400)
    mass = scores * weights
    is_text = (scores > 0.5) & (widths >= 60)
    around = windowed((first / MAX_LOGIT)[:, None], SCORED_NEIGHBOURS)
    columns = [_mean_around(mass, weights, reach) for reach in REACHES]
    total = max(mass.sum(), 1.0)
    before = np.cumsum(mass) - mass
    local = _sum_around(mass, REACHES[1])
    columns += [
        before / total,
        (total - before - mass) / total,
        local / max(local.max(), 1.0),
        *_distances(is_text),
        np.full(len(scores), total / max(weights.sum(), 1.0)),
        np.full(len(scores), (scores > 0.5).mean()),
        np.full(len(scores), min(np.log2(1 + len(scores)) / 10, 1.0)),
    ]
    return np.hstack([features, around, np.stack(columns, axis=1)])


def _sum_around(values: Matrix, reach: int) -> Matrix:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    positions = np.arange(len(values))
    after = np.minimum(positions + reach + 1, len(values))
    result: Matrix = sums[after] - sums[np.maximum(positions - reach, 0)]
    return result


def _mean_around(mass: Matrix, weights: Matrix, reach: int) -> Matrix:
    return _sum_around(mass, reach) / np.maximum(_sum_around(weights, reach), 1.0)


def _distances(is_text: NDArray[np.bool_]) -> list[Matrix]:
    """Return how far the nearest running text is before and after each line, 0 to 1."""
    return [_distance_before(is_text), _distance_before(is_text[::-1])[::-1]]


def _distance_before(is_text: NDArray[np.bool_]) -> Matrix:
    distance = rows_since(is_text, MAX_DISTANCE)
    result: Matrix = np.log2(1 + distance) / np.log2(1 + MAX_DISTANCE)
    return result
