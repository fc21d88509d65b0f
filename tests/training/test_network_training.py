"""A small network learns to choose a row, or none."""

import numpy as np

from tasks.writing.network import logits
from training.network_training import Choice, Size, fitted_to_choose

_SIZE = Size(hidden_units=8, batch_lines=8)


def _choices(count: int, seed: int) -> list[Choice]:
    """Return rows of which the one with the largest first number is right if that is above .5."""
    chooser = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        rows = chooser.random((5, 4))
        rows[:, 0] *= 0.5 if chooser.random() < 0.5 else 1
        best = int(rows[:, 0].argmax())
        made.append(Choice(rows, [best] if rows[best, 0] > 0.5 else []))
    return made


def test_the_largest_output_is_the_right_row_and_none_is_above_zero_where_none_is_right() -> None:
    layers = fitted_to_choose(_choices(600, 1), _SIZE, epochs=100, count=1)
    right = 0
    unseen = _choices(200, 2)
    for choice in unseen:
        found = logits(choice.rows, layers, 30.0)
        chosen = [int(found.argmax())] if found.max() > 0 else []
        right += chosen == list(choice.right)
    assert right > 0.85 * len(unseen)


def test_what_is_learned_is_the_same_each_time() -> None:
    first, again = (fitted_to_choose(_choices(20, 3), _SIZE, epochs=2, count=2) for _ in "12")
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_without_rows_there_is_nothing_to_learn_from_a_choice() -> None:
    empty = Choice(np.zeros((0, 4)), [])
    with_it = fitted_to_choose([*_choices(20, 3), empty], _SIZE, epochs=2, count=1)
    without = fitted_to_choose(_choices(20, 3), _SIZE, epochs=2, count=1)
    assert all(np.array_equal(one, other) for one, other in zip(with_it, without, strict=True))
