"""Learn what hints say of a page's kind, by logistic regression with a penalty on squares."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.pages.kinds import KINDS, NO_HINT, KindWeights
from training.network_training import Adam

#: Hints on fewer sites are not learned.
MIN_SITES = 10
PENALTY = 8.0
STEPS = 150
RATE = 0.03


@dataclass(frozen=True)
class KnownPage:
    """A page of a known kind, and how much it counts."""

    kind: str
    site: str
    hints: Collection[str]
    weight: float = 1.0


def learned(pages: Sequence[KnownPage]) -> KindWeights:
    """Return what hints say: a weight for each kind, by hint; no pages: of no hint only."""
    sites: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for hint in page.hints:
            sites[hint].add(page.site)
    known = sorted(hint for hint, found in sites.items() if len(found) >= MIN_SITES)
    numbers = {hint: number for number, hint in enumerate(known)}
    given = np.zeros((len(pages), len(known) + 1), np.float32)
    given[:, -1] = 1
    for row, page in zip(given, pages, strict=True):
        row[[numbers[hint] for hint in page.hints if hint in numbers]] = 1
    true = np.array([[page.kind == kind for kind in KINDS] for page in pages], np.float32)
    counts = np.array([page.weight for page in pages], np.float32)[:, None]
    found = np.zeros((len(known) + 1, len(KINDS)), np.float32)
    adam = Adam([found])
    for _ in range(STEPS):
        logits = given @ found
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        errors = (powers / powers.sum(axis=1, keepdims=True) - true) * counts
        slopes = given.T @ errors
        slopes[:-1] += PENALTY * found[:-1]
        adam.descend([slopes], RATE)
    return {hint: tuple(row) for hint, row in zip([*known, NO_HINT], found.tolist(), strict=True)}
