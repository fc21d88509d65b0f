"""Score how likely each block of a page is main text, by a small network, and where text begins.

It sees a block, and of its neighbours what counts most. Weights: `model.json`, written by
`python -m training.train_blocks`.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tasks.pages.blocks import Block
from tasks.pages.elements import Matrix, NameWeights
from tasks.pages.features import COLUMNS
from tasks.pages.kinds import KindWeights
from tasks.writing.network import Layers, layers_of, logits, neighbours, probabilities

#: Where the weights stand.
FILE = Path(__file__).parent / "model.json"
#: Blocks on each side that the network sees, and what it sees of them.
NEIGHBOURS = 2
_SEEN_NAMES = (
    "log_width ends_sentence ends_colon commas link_share bold_share is_p is_li is_h near_names"
    " far_names mass_here mass_around mass_alike in_best own_mass has_date is_title in_hidden"
    " in_figcaption in_table in_first_holder"
)
_SEEN = [COLUMNS.index(name) for name in _SEEN_NAMES.split()]
_MAX_LOGIT = 20.0
#: The score from which on a block is kept is at least and at most this. On sites unseen
#: (`python -m benchmarks.page_types`) .15 to .3, and .45 to .6, do as well.
_MIN_SCORES = (0.25, 0.5)
#: A block weighs as its characters do, and this much more: a page may be of single words.
_LEAST_CHARS = 3.0


def text_scores(features: Matrix) -> Matrix:
    """Return for each block how likely it is main text, 0 to 1, to three digits.

    Args:
        features: What `tasks.pages.features.block_features` says of each block.
    """
    scores = probabilities(logits(windowed(features), layers(), _MAX_LOGIT))
    # Rounded, so that no last bit of a sum decides.
    return np.round(scores, 3)


def min_score(blocks: Sequence[Block], scores: Matrix) -> float:
    """Return the score from which on a block of a page is kept, to three digits.

    Half of the best F1 that can be expected of any such limit, if scores are probabilities: the
    limit that reaches it (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers
    to maximize F1 measure"). So a page of which little is sure is rather kept than lost.

    Args:
        blocks: The blocks of a page; none: the greatest limit.
        scores: How likely each is text, 0 to 1.
    """
    least, most = _MIN_SCORES
    if not blocks:
        return most
    widths = np.array([len(block.text) + _LEAST_CHARS for block in blocks], dtype=np.float64)
    order = np.argsort(-scores, kind="stable")
    kept = (scores * widths)[order]
    found = 2 * np.cumsum(kept) / (np.cumsum(widths[order]) + kept.sum())
    return float(np.clip(np.round(found.max() / 2, 3), least, most))


def windowed(features: Matrix) -> Matrix:
    """Return each block's features beside some of those of its neighbours, and a 1 each."""
    seen = neighbours(features[:, _SEEN], NEIGHBOURS)
    return np.hstack([features, *seen[:NEIGHBOURS], *seen[NEIGHBOURS + 1 :]])


@cache
def layers() -> Layers:
    """Return the weights of the network: hidden weights and bias, output weights and bias."""
    return layers_of(_weights()["network"])


@cache
def name_weights() -> NameWeights:
    """Return what words of class names say: on near elements and far ones, twice."""
    return [{name: weight / 100 for name, weight in part.items()} for part in _weights()["names"]]


@cache
def kind_weights() -> KindWeights:
    """Return what the hints of a page say of its kind."""
    return {
        hint: tuple(weight / 100 for weight in said) for hint, said in _weights()["kinds"].items()
    }


@cache
def _weights() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
