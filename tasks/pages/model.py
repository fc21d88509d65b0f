"""Score how likely each block of a page is main text, by a small network.

It sees a block, and of its neighbours what counts most. Weights: `model.json`, written by
`python -m training.train_blocks`.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from tasks.pages.elements import Matrix, NameWeights
from tasks.pages.features import COLUMNS
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


def text_scores(features: Matrix) -> Matrix:
    """Return for each block how likely it is main text, 0 to 1, to three digits.

    Args:
        features: What `tasks.pages.features.block_features` says of each block.
    """
    scores = probabilities(logits(windowed(features), layers(), _MAX_LOGIT))
    # Rounded, so that no last bit of a sum decides.
    return np.round(scores, 3)


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
    """Return what words of class names say: on near elements, and on far ones."""
    near, far = (
        {name: weight / 100 for name, weight in part.items()} for part in _weights()["names"]
    )
    return near, far


@cache
def _weights() -> dict[str, list]:  # type: ignore[type-arg]
    found: dict[str, list] = json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return found
