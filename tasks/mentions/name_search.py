"""The greedy search for names of spaCy's entity recogniser, for all tokens of a batch at once.

spaCy asks its model at one token after the other. But outside a name the model sees the next
token only, so that one multiplication answers for all tokens; inside a name it also sees where
the name begins: there the search goes step by step, all names abreast. The names are the same
(`spacy/pipeline/_parser_internals/ner.pyx` says which actions are allowed where).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import IS_SPACE
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc

Array = npt.NDArray[Any]
#: What the model sees of a state: the next token, the first of an open name, and the last read.
STATE_TOKENS = 3
_NONE = -1


class NameSearch:
    """The search of one recogniser; see `can_search`."""

    def __init__(self, recogniser: EntityRecognizer) -> None:
        moves = recogniser.moves
        actions = [moves.get_class_name(column) for column in range(moves.n_moves)]
        columns = {action: column for column, action in enumerate(actions)}
        self._model: Any = recogniser.model
        self._unseen = sorted(self._model.attrs["unseen_classes"])
        self._labels = [action[2:] for action in actions]
        self._begins = np.array([action.startswith("B-") for action in actions])
        # `U-` without a label is for what was marked beforehand as no name.
        self._units = np.array([a.startswith("U-") and a != "U-" for a in actions])
        self._outside = np.array([action == "O" for action in actions])
        self._goes_on = np.array([columns.get(f"I-{label}", _NONE) for label in self._labels])
        self._ends = np.array([columns.get(f"L-{label}", _NONE) for label in self._labels])

    def find(self, docs: list[Doc]) -> list[list[tuple[int, int, str]]]:
        """Return `first token, token after the last, label` of the names in each document."""
        found: list[list[tuple[int, int, str]]] = [[] for _ in docs]
        bounds = np.cumsum([0, *map(len, docs)])
        if not bounds[-1]:
            return found
        actions, ends = self._names_by_start(docs, bounds)
        starts = np.flatnonzero(ends)
        places = np.searchsorted(bounds, starts, side="right") - 1
        reached = 0
        for start, place in zip(starts.tolist(), places.tolist(), strict=True):
            if start >= reached:
                reached, first = int(ends[start]), int(bounds[place])
                found[place].append((start - first, reached - first, self._labels[actions[start]]))
        return found

    def _names_by_start(self, docs: list[Doc], bounds: Array) -> tuple[Array, Array]:
        """Return the best action at each token outside names, and where a name from it ends.

        That end is 0 where no name begins.
        """
        step = self._model.predict(docs)
        is_last = np.zeros(bounds[-1], dtype=bool)
        is_last[bounds[1:] - 1] = True
        is_space = np.concatenate([doc.to_array(IS_SPACE) for doc in docs]).astype(bool)
        actions = self._actions_outside(step, is_last, is_space)
        ends = np.where(self._units[actions], np.arange(len(actions)) + 1, 0)
        self._follow(step, actions, is_last, ends)
        step.clear_memory()  # it is part of a reference cycle, and takes most of the memory
        return actions, ends

    def _actions_outside(self, step: Any, is_last: Array, is_space: Array) -> Array:  # noqa: ANN401
        states = np.full((len(is_last), STATE_TOKENS), _NONE)
        states[:, 0] = np.arange(len(is_last))
        scores = self._scores(step, states)
        starts_name = self._begins | self._units
        scores[:, ~(starts_name | self._outside)] = -np.inf
        scores[np.ix_(is_last, self._begins)] = -np.inf
        scores[np.ix_(is_space, starts_name)] = -np.inf
        best: Array = scores.argmax(axis=1)
        return best

    def _follow(self, step: Any, actions: Array, is_last: Array, ends: Array) -> None:  # noqa: ANN401
        """Set the ends of names of several tokens."""
        starts = np.flatnonzero(self._begins[actions])
        token = starts + 1
        while len(starts):
            scores = self._scores(step, np.stack((token, starts, token - 1), axis=1))
            rows, begun = np.arange(len(starts)), actions[starts]
            goes_on = scores[rows, self._goes_on[begun]] >= scores[rows, self._ends[begun]]
            goes_on &= ~is_last[token]
            ends[starts] = token + 1
            starts, token = starts[goes_on], token[goes_on] + 1

    def _scores(self, step: Any, states: Array) -> Array:  # noqa: ANN401
        scores: Array = step.vec2scores.predict(step.state2vec.predict(states.astype("i")))
        scores[:, self._unseen] = scores.min()
        return scores


def can_search(recogniser: EntityRecognizer) -> bool:
    """Say whether `NameSearch` finds what the recogniser itself would."""
    model: Any = recogniser.model
    is_greedy = recogniser.cfg["beam_width"] == 1
    return bool(
        is_greedy
        and model.attrs["has_upper"]
        and model.get_ref("lower").get_dim("nF") == STATE_TOKENS
    )
