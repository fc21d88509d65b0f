"""Read from the headers of an Arrow file or stream how large its batches become.

pyarrow decompresses a batch as a whole, whatever it grows to, and does not say beforehand. The
headers are flatbuffers (https://arrow.apache.org/docs/format/Columnar.html), of which four tables
are looked at: Footer, Message, RecordBatch and DictionaryBatch.
"""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_MAGIC = b"ARROW1"
_CONTINUATION = 0xFFFFFFFF
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
#: Metadata of a message: a table of ten thousand columns has 500 KB.
_MAX_METADATA_BYTES = 16 * 2**20


class BatchSize(NamedTuple):
    """How many rows a batch has, and what it takes in memory; a dictionary has no rows."""

    rows: int | None
    size_bytes: int


class _Table:
    """A table of a flatbuffer: its fields by number, each where its offset leads."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position
        self._vtable = position - self._read("<i", position)
        self._vtable_bytes = self._read("<H", self._vtable)

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, int(struct.unpack_from("<I", data)[0]))

    def _read(self, form: str, position: int) -> int:
        if position < 0:
            raise struct.error("an offset before the beginning")
        return int(struct.unpack_from(form, self._data, position)[0])

    def _place(self, number: int) -> int | None:
        slot = 4 + 2 * number
        offset = self._read("<H", self._vtable + slot) if slot < self._vtable_bytes else 0
        return self._position + offset if offset else None

    def scalar(self, number: int, form: str) -> int:
        place = self._place(number)
        return 0 if place is None else self._read(form, place)

    def table(self, number: int) -> "_Table | None":
        place = self._place(number)
        return None if place is None else _Table(self._data, place + self._read("<I", place))

    def structs(self, number: int, form: str) -> Iterator[tuple[int, ...]]:
        """Yield the structs of a vector."""
        place = self._place(number)
        if place is None:
            return
        begin = place + self._read("<I", place)
        size = struct.calcsize(form)
        for index in range(self._read("<I", begin)):
            yield struct.unpack_from(form, self._data, begin + 4 + index * size)


def batch_sizes(file: BinaryIO) -> Iterator[BatchSize]:
    """Yield the sizes of dictionaries and batches: of a stream in order, of a file as listed.

    Ends where something cannot be read.
    """
    try:
        file.seek(0)
        is_file = file.read(len(_MAGIC)) == _MAGIC
        for place in _listed_places(file) if is_file else _places(file):
            file.seek(place)
            if (size := _next_size(file)) is not None:
                yield size
    except struct.error:  # what is shorter than its form, or leads beyond the data
        return


def _listed_places(file: BinaryIO) -> Iterator[int]:
    """Yield where the dictionaries and then the batches stand that a file's footer lists."""
    end = file.seek(-len(_MAGIC) - 4, io.SEEK_END)
    length = _int32(file)
    if not 0 < length <= min(end, _MAX_METADATA_BYTES):
        return
    file.seek(end - length)
    footer = _Table.root(file.read(length))
    for number in (2, 3):
        for place, *_ in footer.structs(number, "<qi4xq"):
            yield place


def _places(file: BinaryIO) -> Iterator[int]:
    """Yield where the messages of a stream begin."""
    place = 0
    while True:
        file.seek(place)
        message = _message(file)
        if message is None:
            return
        metadata, begin = message
        yield place
        place = begin + max(0, metadata.scalar(3, "<q"))


def _message(file: BinaryIO) -> tuple[_Table, int] | None:
    """Return the message that begins here and where its body does; None: the end."""
    length = _int32(file)
    if length == _CONTINUATION - 2**32:
        length = _int32(file)
    if not 0 < length <= _MAX_METADATA_BYTES:
        return None
    data = file.read(length)
    return _Table.root(data), file.tell()


def _int32(file: BinaryIO) -> int:
    return int(struct.unpack("<i", file.read(4))[0])


def _next_size(file: BinaryIO) -> BatchSize | None:
    """Return the size of the batch or the dictionary that begins here; None: it is neither."""
    message = _message(file)
    if message is None:
        return None
    metadata, begin = message
    kind, header = metadata.scalar(1, "<B"), metadata.table(2)
    batch = header.table(1) if header and kind == _DICTIONARY_BATCH else header
    if batch is None or kind not in {_DICTIONARY_BATCH, _RECORD_BATCH}:
        return None
    is_compressed = batch.table(3) is not None
    sizes = (
        _grown(file, begin + offset, length) if is_compressed else length
        for offset, length in batch.structs(2, "<qq")
    )
    rows = batch.scalar(0, "<q") if kind == _RECORD_BATCH else None
    return BatchSize(rows, sum(sizes))


def _grown(file: BinaryIO, place: int, length: int) -> int:
    """Return what a compressed buffer says that it grows to; -1 stands for one as it is."""
    if length < 8:
        return 0
    file.seek(place)
    size_bytes = int(struct.unpack("<q", file.read(8))[0])
    return length - 8 if size_bytes < 0 else size_bytes
