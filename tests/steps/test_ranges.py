"""Ranges of documents: every document in exactly one, bounds in order."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tasks.steps.ranges import Range, ranges_for


def _belongs(doc_id: str, part: Range) -> bool:
    return doc_id >= part.lower and (part.upper is None or doc_id < part.upper)


@given(st.integers(0, 50_000), st.integers(100, 10_000), st.binary())
def test_every_document_lies_in_exactly_one_range(
    documents: int, part_documents: int, content: bytes
) -> None:
    parts = ranges_for(documents, part_documents)
    doc_id = hashlib.sha256(content).hexdigest()[:32]
    assert sum(_belongs(doc_id, part) for part in parts) == 1


def test_the_number_of_ranges_is_the_smallest_power_of_two_that_holds_the_documents() -> None:
    assert [len(ranges_for(n, 100)) for n in (0, 1, 100, 101, 200, 201, 1000)] == [
        1,
        1,
        1,
        2,
        2,
        4,
        16,
    ]
