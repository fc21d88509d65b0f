"""Multiply matrices text by text, so that a text's sums are the same in any company.

BLAS sums in another order for another shape and, in kernels such as Haswell's, for another position
among the rows. What is done element by element may be done for many texts at once.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class TextRows:
    """The rows of some texts' tokens, one text after the other, with rows of zeros around each."""

    def __init__(self, tokens: list[int], margin: int = 0) -> None:
        """Lay out rows.

        Args:
            tokens: How many tokens each text has.
            margin: How many rows of zeros stand before and after each text.
        """
        lengths = np.array(tokens, dtype=np.int64)
        ends = np.cumsum(lengths + 2 * margin) - margin
        self.rows = int(ends[-1]) + margin if tokens else 0
        #: (tokens), the row of each.
        self.of_tokens: Ints = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(
            int(lengths.sum())
        )
        self._spans = list(zip((ends - lengths).tolist(), ends.tolist(), strict=True))

    def spread(self, vectors: Floats) -> Floats:
        """Return (rows, width) of (tokens, width)."""
        rows = np.zeros((self.rows, vectors.shape[1]), np.float32)
        rows[self.of_tokens] = vectors
        return rows

    def multiply(self, rows: Floats, weights: Floats, sums: Floats, reach: int = 0) -> None:
        """Set `sums`, (rows, outputs), to the product of (rows, inputs) and (inputs, outputs).

        Args:
            rows: The first matrix.
            weights: The second matrix.
            sums: Where the product goes; other rows stay as they are.
            reach: How many rows before and after each text are multiplied, too.
        """
        for first, last in self._spans:
            inner = slice(first - reach, last + reach)
            np.dot(rows[inner], weights, out=sums[inner])


def windows(rows: Floats) -> Floats:
    """Return (rows, 3 x width), each row with the one before and the one after."""
    width = rows.shape[1]
    found = np.zeros((len(rows), 3 * width), np.float32)
    found[1:, :width] = rows[:-1]
    found[:, width : 2 * width] = rows
    found[:-1, 2 * width :] = rows[1:]
    return found
