"""Whatever bytes are called a header, its numbers are read or it is refused, in no time."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reading.thrift import BadStruct, CompactReader

#: A struct whose first field is a list, and the beginning of a list of one list.
_LIST_FIELD, _LIST_OF_A_LIST = b"\x19", b"\x19"


def test_the_wanted_numbers_of_a_struct_are_read() -> None:
    # Field 1: the integer 3; field 2: a struct with field 1: -1; field 3: a list of 1 and 2.
    reader = CompactReader(b"\x15\x06\x1c\x15\x01\x00\x19\x25\x02\x04\x00")
    assert reader.struct({1: {}, 2: {1: {}}, 3: {}}) == {1: 3, 2: {1: -1}, 3: [1, 2]}
    assert reader.position == 11


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_LIST_FIELD + _LIST_OF_A_LIST * 100_000, "too deep"),
        (b"\x1c" * 100_000, "too deep"),
        # A list of as many bytes as can be said, of which none is there.
        (_LIST_FIELD + b"\xf3" + b"\xff" * 8 + b"\x01", "does not end"),
        (b"", "does not end"),
        (b"\x15" + b"\xff" * 20, "too many bytes"),
        (b"\x1d\x00", "of the kind 13"),
    ],
)
def test_a_header_that_cannot_be_one_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadStruct, match=said):
        CompactReader(data).struct({})


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(BadStruct):
        assert CompactReader(data).struct({}) == {}
