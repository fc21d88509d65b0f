"""Read from the headers of a Parquet file how large its pages become.

pyarrow decompresses a page as a whole, whatever it grows to. The headers are those of
https://github.com/apache/parquet-format (`parquet.thrift`).
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from tasks.reading.thrift import CompactReader, Wanted

#: The file ends with the length of its metadata and a mark.
_END_BYTES = 8
#: A page's header is some 30 bytes, and the least and the largest value of its page.
_HEADER_BYTES = 64 * 1024
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_ROW_GROUPS, _COLUMNS, _METADATA = 4, 1, 3
_TYPE, _CHUNK_BYTES, _DATA_PLACE, _DICTIONARY_PLACE = 1, 7, 9, 11
_OF_CHUNK: Wanted = {field: {} for field in (_TYPE, _CHUNK_BYTES, _DATA_PLACE, _DICTIONARY_PLACE)}
_OF_FILE: Wanted = {_ROW_GROUPS: {_COLUMNS: {_METADATA: _OF_CHUNK}}}
#: Numbers of the types whose values have any length.
_STRINGS = {6, 7}
# Fields of PageHeader, and a type of page.
_PAGE_TYPE, _UNCOMPRESSED, _COMPRESSED = 1, 2, 3
_OF_PAGE: Wanted = {_PAGE_TYPE: {}, _UNCOMPRESSED: {}, _COMPRESSED: {}}
_DICTIONARY_PAGE = 2


Struct = dict[int, Any]


class Page(NamedTuple):
    """What a page takes when it is decompressed, and whether it is the dictionary."""

    size_bytes: int
    is_dictionary: bool


def string_chunks(file: BinaryIO) -> list[list[Struct]]:
    """Return for each row group where the strings of its columns stand; numbers are never large.

    Raises:
        BadStruct: The metadata cannot be read.
    """
    end = file.seek(-_END_BYTES, io.SEEK_END)
    length = int.from_bytes(file.read(4), "little")
    file.seek(max(0, end - length))
    metadata = CompactReader(file.read(min(length, end))).struct(_OF_FILE)
    groups = [_structs(group.get(_COLUMNS)) for group in _structs(metadata.get(_ROW_GROUPS))]
    chunks = [_structs([column.get(_METADATA) for column in group]) for group in groups]
    return [[chunk for chunk in group if chunk.get(_TYPE) in _STRINGS] for group in chunks]


def pages(file: BinaryIO, chunk: Struct) -> Iterator[Page]:
    """Yield the pages of a column chunk; its dictionary comes first, where there is one.

    Raises:
        BadStruct: A header cannot be read.
    """
    places = (_number(chunk, _DATA_PLACE), _number(chunk, _DICTIONARY_PLACE))
    place = min((place for place in places if place > 0), default=0)
    end = place + _number(chunk, _CHUNK_BYTES)
    while place < end:
        file.seek(place)
        reader = CompactReader(file.read(_HEADER_BYTES))
        header = reader.struct(_OF_PAGE)
        is_dictionary = header.get(_PAGE_TYPE) == _DICTIONARY_PAGE
        yield Page(_number(header, _UNCOMPRESSED), is_dictionary)
        place += reader.position + max(0, _number(header, _COMPRESSED))


def _structs(value: object) -> list[Struct]:
    """Return a list of structs, an empty one for each that is none."""
    listed = value if isinstance(value, list) else []
    return [each if isinstance(each, dict) else {} for each in listed]


def _number(struct: Struct, field: int) -> int:
    value = struct.get(field)
    return value if isinstance(value, int) else 0
