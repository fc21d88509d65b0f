"""Search for names greedily, as spaCy's entity recogniser does, in all texts of a batch at once.

spaCy asks its model at one token after the other. But outside a name the model sees the next
token only, so that one multiplication answers for all tokens; inside a name it also sees where
the name begins: there the search goes step by step, all names abreast. The names are the same
(`spacy/pipeline/_parser_internals/ner.pyx` says which actions are allowed where).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.pipeline import EntityRecognizer

from tasks.mentions.confidence import share_of

Array = npt.NDArray[Any]
#: Gives (states, actions) for (states, `STATE_TOKENS`): tokens by their number, -1 for none.
Scores = Callable[[Array], Array]
#: What the model sees of a state: the next token, the first of an open name, and the last read.
STATE_TOKENS = 3
_NONE = -1


@dataclass(frozen=True)
class FoundNames:
    """The names in some texts, in their order.

    Attributes:
        texts: The number of the text that each is in.
        firsts: The number of its first token among the tokens of all texts.
        lasts: The number of its last token.
        labels: Its label.
        scores: From 0 to 1, how sure the least sure of its steps was.
    """

    texts: list[int]
    firsts: Array
    lasts: Array
    labels: list[str]
    scores: list[float]


class NameSearch:
    """The search of one recogniser; see `can_search`."""

    def __init__(self, recogniser: EntityRecognizer) -> None:
        moves = recogniser.moves
        actions = [moves.get_class_name(column) for column in range(moves.n_moves)]
        columns = {action: column for column, action in enumerate(actions)}
        self._labels = [action[2:] for action in actions]
        self._begins = np.array([action.startswith("B-") for action in actions])
        # `U-` without a label is for what was marked beforehand as no name.
        self._units = np.array([a.startswith("U-") and a != "U-" for a in actions])
        self._outside = np.array([action == "O" for action in actions])
        self._goes_on = np.array([columns.get(f"I-{label}", _NONE) for label in self._labels])
        self._ends = np.array([columns.get(f"L-{label}", _NONE) for label in self._labels])

    def find(self, scores: Scores, bounds: Array, is_space: Array) -> FoundNames:
        """Return the names in some texts.

        Args:
            scores: What the recogniser's model says of the texts' tokens.
            bounds: (texts + 1), where each text's tokens begin and the last one's end.
            is_space: (tokens), whether a token is white space.
        """
        if not len(is_space):
            return FoundNames([], np.empty(0, dtype=int), np.empty(0, dtype=int), [], [])
        actions, ends, sureness = self._names_by_start(scores, bounds, is_space)
        firsts, reached = list[int](), 0
        for start, end in zip(*_nonzero(ends), strict=True):
            if start >= reached:
                reached = end
                firsts.append(start)
        chosen = np.array(firsts, dtype=int)
        texts = np.searchsorted(bounds, chosen, side="right") - 1
        labels = [self._labels[action] for action in actions[chosen].tolist()]
        sure = sureness[chosen].tolist()
        return FoundNames(texts.tolist(), chosen, ends[chosen] - 1, labels, sure)

    def _names_by_start(
        self, scores: Scores, bounds: Array, is_space: Array
    ) -> tuple[Array, Array, Array]:
        """Return the best action at each token outside names, and where a name from it ends.

        That end is 0 where no name begins. Third comes how sure the name is.
        """
        is_last = np.zeros(len(is_space), dtype=bool)
        is_last[bounds[1:][np.diff(bounds) > 0] - 1] = True
        actions, sureness = self._actions_outside(scores, is_last, is_space)
        ends = np.where(self._units[actions], np.arange(len(actions)) + 1, 0)
        self._follow(scores, actions, is_last, ends, sureness)
        return actions, ends, sureness

    def _actions_outside(
        self, scores: Scores, is_last: Array, is_space: Array
    ) -> tuple[Array, Array]:
        states = np.full((len(is_last), STATE_TOKENS), _NONE)
        states[:, 0] = np.arange(len(is_last))
        found = scores(states)
        starts_name = self._begins | self._units
        found[:, ~(starts_name | self._outside)] = -np.inf
        found[np.ix_(is_last, self._begins)] = -np.inf
        found[np.ix_(is_space, starts_name)] = -np.inf
        best: Array = found.argmax(axis=1)
        # 1 where no name begins, for which nobody asks.
        sureness, begun = np.ones(len(best)), np.flatnonzero(starts_name[best])
        sureness[begun] = share_of(found[begun], best[begun])
        return best, sureness

    def _follow(
        self, scores: Scores, actions: Array, is_last: Array, ends: Array, sureness: Array
    ) -> None:
        """Set the ends of names of several tokens, and how sure they are."""
        starts = np.flatnonzero(self._begins[actions])
        token = starts + 1
        while len(starts):
            found = scores(np.stack((token, starts, token - 1), axis=1))
            begun = actions[starts]
            choices = np.stack((self._goes_on[begun], self._ends[begun]), axis=1)
            found = np.take_along_axis(found, choices, axis=1)
            goes_on = found[:, 0] >= found[:, 1]
            goes_on &= ~is_last[token]
            ends[starts] = token + 1
            sure = share_of(found, np.where(goes_on, 0, 1))
            # At a text's last token a name ends, whatever is said of it.
            sureness[starts] = np.minimum(sureness[starts], np.where(is_last[token], 1, sure))
            starts, token = starts[goes_on], token[goes_on] + 1


def _nonzero(ends: Array) -> tuple[list[int], list[int]]:
    starts = np.flatnonzero(ends)
    return starts.tolist(), ends[starts].tolist()


def can_search(recogniser: EntityRecognizer) -> bool:
    """Say whether `NameSearch` finds what the recogniser itself would."""
    model: Any = recogniser.model
    is_greedy = recogniser.cfg["beam_width"] == 1
    return bool(
        is_greedy
        and model.attrs["has_upper"]
        and model.get_ref("lower").get_dim("nF") == STATE_TOKENS
    )
