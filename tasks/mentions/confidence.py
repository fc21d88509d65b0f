"""Say how sure a found name is: a model's score becomes the share of such names that are right.

A score is the probability of the least sure step by which a model came to a name. Models are
surer than they are right, so a curve for each kind of model and label corrects it (Platt 1999):
a line on the log odds of the score. `python -m training.calibrate_mentions` fits the curves on
texts that no model has learnt from.
"""

import json
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, TypeAdapter

from tasks.mentions.entity_model import Scorer, Span

Array = npt.NDArray[np.float64]
CURVES = Path(__file__).with_name("confidence.json")
#: Scores nearer to 0 or 1 are taken for these: few names are so sure, and fewer are that right.
LEAST, MOST = 0.001, 0.999
#: What is told: more digits would say more than was measured.
DECIMALS = 2
#: No name is certain.
LEAST_SURE, SUREST = 0.01, 0.99
#: What names that the model saw elsewhere in the document are read by.
Reading = Scorer | Literal["consistency"]


class Curve(BaseModel):
    """What a score says: log odds of being right are `slope` × log odds of the score + `bias`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slope: float
    bias: float

    def read(self, score: float) -> float:
        """Return how probable it is that a name of a score is right."""
        odds = self.slope * log_odds(score) + self.bias
        return min(max(round(float(1 / (1 + np.exp(-odds))), DECIMALS), LEAST_SURE), SUREST)


@cache
def curves() -> dict[str, dict[str, Curve]]:
    """Return the shipped curves, by what they read and by label."""
    adapter = TypeAdapter(dict[str, dict[str, Curve]])
    return adapter.validate_python(json.loads(CURVES.read_text(encoding="utf-8")))


def confident(span: Span, reading: Reading) -> Span:
    """Return a name, its label ours, with how probable it is that it is right for a score."""
    return span._replace(score=curves()[reading][span.label].read(span.score))


def log_odds(score: float) -> float:
    """Return the logarithm of how much more probable yes is than no."""
    bounded = min(max(score, LEAST), MOST)
    return float(np.log(bounded / (1 - bounded)))


def share_of(scores: npt.NDArray[np.floating], chosen: npt.NDArray[np.integer]) -> Array:
    """Return how sure choices are: the share of each's exponential in those of all (softmax).

    Args:
        scores: (choices made, possible ones), at least one of each finite.
        chosen: The number of each choice.
    """
    wide = scores.astype(np.float64)  # so that the last digits of a processor do not show
    wide -= wide.max(axis=1, keepdims=True)
    np.exp(wide, out=wide)
    shares: Array = np.take_along_axis(wide, chosen[:, None], axis=1)[:, 0] / wide.sum(axis=1)
    return shares
