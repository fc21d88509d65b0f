"""Documents that share entities are those that counting for all pairs of documents finds."""

from collections import defaultdict
from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tasks.entities import shared_context
from tasks.entities.shared_context import SharedContext

NUMBERS = st.integers(0, 5)
Rows = set[tuple[int, int]]
KindRows = list[tuple[int, int, int]]


def frame(columns: list[str], rows: Iterable[tuple[int, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.UInt32), orient="row")


def counted(around: Rows, names: KindRows, persons: KindRows, least: int) -> Rows:
    """Compare each name with each person of its kind, document by document."""
    entities: dict[int, set[int]] = defaultdict(set)
    for document, entity in around:
        entities[document].add(entity)
    return {
        (node, person)
        for kind, node, here in names
        for other, person, there in persons
        if kind == other and len(entities[here] & entities[there]) >= least
    }


@pytest.mark.parametrize(("rows_at_once", "many"), [(1, 256), (2**23, 256), (2**23, 2)])
@hypothesis_settings(deadline=None, max_examples=60)
@given(
    st.sets(st.tuples(NUMBERS, NUMBERS), max_size=30),
    st.lists(st.tuples(st.integers(0, 1), NUMBERS), max_size=6),
    st.sets(st.tuples(st.integers(0, 1), NUMBERS, NUMBERS), max_size=10),
    st.integers(1, 4),
)
def test_names_share_as_much_as_counting_says(
    rows_at_once: int, many: int, around: Rows, where: list[tuple[int, int]],
    persons: set[tuple[int, int, int]], least: int,
) -> None:  # fmt: skip
    # A person's kind is its own, as a name's is.
    listed = sorted({(kind, person * 2 + kind, document) for kind, person, document in persons})
    names = [(kind, node, document) for node, (kind, document) in enumerate(where)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shared_context, "_ROWS_AT_ONCE", rows_at_once)
        patched.setattr(shared_context, "_MANY_ENTITIES", many)
        shared = SharedContext(frame(["document", "entity"], list(around)), least).sharing(
            frame(["kind", "node", "document"], names),
            frame(["kind", "person", "document"], listed),
        )
    assert set(shared.iter_rows()) == counted(around, names, listed, least)
    assert shared.is_unique().all()
