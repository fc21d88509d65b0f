"""Every document is in exactly one part, and bounds are in order."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tasks.settings import PartSettings
from tasks.steps.store import Part, parts_for


def _belongs(doc_id: str, part: Part) -> bool:
    return doc_id >= part.lower and (part.upper is None or doc_id < part.upper)


@given(st.integers(0, 50_000), st.integers(100, 10_000), st.binary())
def test_every_document_lies_in_exactly_one_part(
    documents: int, part_documents: int, content: bytes
) -> None:
    parts = parts_for(documents, 0, PartSettings(part_documents=part_documents))
    doc_id = hashlib.sha256(content).hexdigest()[:32]
    assert sum(_belongs(doc_id, part) for part in parts) == 1


def test_the_number_of_parts_is_the_smallest_power_of_two_that_holds_the_documents() -> None:
    assert [
        len(parts_for(n, 0, PartSettings(part_documents=100)))
        for n in (0, 1, 100, 101, 200, 201, 1000)
    ] == [
        1,
        1,
        1,
        2,
        2,
        4,
        16,
    ]


def test_long_documents_make_more_parts_but_never_more_than_there_are_documents() -> None:
    settings = PartSettings(part_documents=100, part_chars=1000)
    assert [len(parts_for(10, n, settings)) for n in (0, 1000, 1001, 4001, 10**9)] == [
        1,
        1,
        2,
        8,
        16,
    ]
