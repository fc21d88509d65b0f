"""Read numbers out of structs of Thrift's compact protocol, in which Parquet writes its headers.

pyarrow knows them, but does not say how large a page becomes, and asking it of the columns of a
damaged file ends the process. The protocol:
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Mapping
from typing import Any

#: Types of the protocol.
_BOOLEANS, _BYTE, _INTEGERS, _DOUBLE, _BINARY = {1, 2}, 3, {4, 5, 6}, 7, 8
_LISTS, _STRUCT = {9, 10}, 12
_MAX_DEPTH, _MAX_BITS = 16, 70

#: Fields that are wanted of a struct, each with those that are wanted of the structs in it.
Wanted = Mapping[int, "Wanted"]


class BadStruct(ValueError):
    """These bytes are no struct."""


class CompactReader:
    """Bytes that begin with a struct.

    Attributes:
        position: Where what was read ends.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def struct(self, wanted: Wanted, depth: int = 0) -> dict[int, Any]:
        """Return the numbers, structs and lists of these at the wanted fields that are there.

        Raises:
            BadStruct: It does not end, or is too deep.
        """
        if depth > _MAX_DEPTH:
            raise BadStruct("a header too deep")
        found: dict[int, Any] = {}
        field = 0
        while (first := self._byte()) != 0:
            delta, kind = first >> 4, first & 0x0F
            field = field + delta if delta else self._integer()
            if kind not in _BOOLEANS:  # whose value is its type
                value = self._value(kind, wanted.get(field, {}), depth)
                if field in wanted:
                    found[field] = value
        return found

    def _value(self, kind: int, wanted: Wanted, depth: int) -> object:
        """Return a number, a struct or a list; pass over what is none of these."""
        if kind in _INTEGERS:
            return self._integer()
        if kind == _STRUCT:
            return self.struct(wanted, depth + 1)
        if kind in _LISTS:
            return self._list(wanted, depth)
        if kind in {_BYTE, *_BOOLEANS}:
            self._skip(1)
        elif kind == _DOUBLE:
            self._skip(8)
        elif kind == _BINARY:
            self._skip(self._varint())
        else:
            raise BadStruct(f"a value of the kind {kind}")
        return None

    def _list(self, wanted: Wanted, depth: int) -> list[object]:
        first = self._byte()
        count = first >> 4
        if count == 15:
            count = self._varint()
        if depth > _MAX_DEPTH:
            raise BadStruct("a header too deep")
        if count > len(self._data) - self.position:  # each takes a byte at least
            raise BadStruct("a header that does not end")
        return [self._value(first & 0x0F, wanted, depth + 1) for _ in range(count)]

    def _skip(self, size_bytes: int) -> None:
        self.position += size_bytes

    def _byte(self) -> int:
        if self.position >= len(self._data):
            raise BadStruct("a header that does not end")
        self.position += 1
        return self._data[self.position - 1]

    def _varint(self) -> int:
        result = shift = 0
        while shift < _MAX_BITS:
            byte = self._byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7
        raise BadStruct("a number of too many bytes")

    def _integer(self) -> int:
        coded = self._varint()
        return (coded >> 1) ^ -(coded & 1)
