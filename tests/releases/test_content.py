"""The digest of a release's content is that of its values, however they are written."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.releases.content import content_digest, digest_columns, digest_tables
from tasks.releases.releases import read_release
from tasks.steps.store import Store

_TYPES = {
    "text": pa.string(),
    "bytes": pa.binary(),
    "number": pa.int64(),
    "float": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
    "names": pa.list_(pa.string()),
    "shares": pa.list_(pa.struct({"language": pa.string(), "share": pa.float64()})),
}
_SHARES = st.fixed_dictionaries(
    {"language": st.none() | st.text(max_size=3), "share": st.none() | st.floats()}
)
_VALUES = {
    "text": st.text(max_size=5),
    "bytes": st.binary(max_size=5),
    "number": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(),
    "flag": st.booleans(),
    "time": st.datetimes(timezones=st.just(UTC)),
    "names": st.lists(st.none() | st.text(max_size=3), max_size=3),
    "shares": st.lists(st.none() | _SHARES, max_size=3),
}
_ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, values in _VALUES.items()}),
    min_size=1,
    max_size=12,
)


def _table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema(_TYPES))


def _digests(table: pa.Table, rows_at_once: int = 1000) -> dict[str, str]:
    return digest_columns(table.to_batches(rows_at_once))


@settings(max_examples=40)
@given(_ROWS, st.integers(1, 5))
def test_how_rows_are_cut_does_not_count(rows: list[dict[str, object]], rows_at_once: int) -> None:
    table = _table(rows)
    assert set(_digests(table)) == set(_TYPES)
    assert _digests(table, rows_at_once) == _digests(table)
    assert digest_columns(_table([{}, *rows]).slice(1).to_batches()) == _digests(table)


@pytest.mark.parametrize(
    "options", [{"row_group_size": 2}, {"compression": "none"}, {"use_dictionary": False}]
)
def test_how_a_file_is_written_does_not_count(tmp_path: Path, options: dict[str, object]) -> None:
    rows = [{"text": f"text {n}", "names": ["a"] * n, "float": n / 3} for n in range(9)]
    pq.write_table(_table([*rows]), tmp_path / "one.parquet")
    pq.write_table(_table([*rows]), tmp_path / "other.parquet", **options)
    one, other = (pq.ParquetFile(tmp_path / f"{name}.parquet") for name in ("one", "other"))
    assert digest_columns(one.iter_batches()) == digest_columns(other.iter_batches())


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        ("text", "", None),
        ("text", "a", "b"),
        ("bytes", b"a", b"a\0"),
        ("number", 0, None),
        ("number", 1, 2),
        ("float", 0.1, 0.10000000000000002),
        ("float", None, 0.0),
        ("flag", None, False),
        ("time", datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("names", [], None),
        ("names", ["ab", ""], ["a", "b"]),
        ("names", [None], [""]),
        ("shares", [{"language": "en", "share": 1.0}], [{"language": "en", "share": None}]),
        ("shares", [None], [{"language": None, "share": None}]),
    ],
)
def test_one_other_value_changes_the_digest_of_its_column_only(
    column: str, before: object, after: object
) -> None:
    rows: list[dict[str, object]] = [dict.fromkeys(_TYPES) for _ in range(3)]
    one, other = (
        _table([rows[0], {**rows[1], column: value}, rows[2]]) for value in (before, after)
    )
    found, changed = _digests(one), _digests(other)
    assert {name for name in _TYPES if found[name] != changed[name]} == {column}


def test_a_value_in_another_row_changes_the_digest() -> None:
    rows: list[dict[str, object]] = [{"text": text, "names": [text]} for text in ("ab", "c")]
    found, changed = _digests(_table(rows)), _digests(_table(rows[::-1]))
    assert {name for name in _TYPES if found[name] != changed[name]} == {"text", "names"}


def test_zeros_and_nans_of_any_sign_are_the_same() -> None:
    one, other = (
        _table([{"float": v} for v in values])
        for values in ([0.0, float("nan")], [-0.0, -float("nan")])
    )
    assert _digests(one) == _digests(other)


def test_a_release_says_the_digest_of_what_it_holds(seed_store: Path) -> None:
    store = Store(seed_store)
    release = read_release(store)
    assert set(release.content) == set(release.tables)
    assert digest_tables(store, release.tables) == release.content
    digest = content_digest(release.content)
    assert digest is not None
    changed = {**release.content, "stories": {**release.content["stories"], "languages": "x"}}
    assert content_digest(changed) != digest
    assert content_digest({}) is None


def test_how_sure_a_network_is_is_not_in_the_digest_of_all_tables(seed_store: Path) -> None:
    content = read_release(Store(seed_store)).content
    for table in ("mentions", "entities"):
        columns = content[table]
        unsure = {**content, table: {**columns, "confidence": "x"}}
        assert content_digest(unsure) == content_digest(content)
        assert content_digest({**content, table: {**columns, "label": "x"}}) != content_digest(
            content
        )
