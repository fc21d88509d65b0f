"""A page that was fetched again after a change is a version of it, whatever the order of the rows."""

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.prose import edited, write_article
from expectations.tables import RAW_DOCUMENTS
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.find_versions import find_versions
from tasks.copies.sign import sign_documents
from tasks.settings import DuplicateSettings

SETTINGS = DuplicateSettings()
PAGE = "https://news.example/1"
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
ARTICLE = write_article("en", random.Random(1))
CORRECTED = edited(ARTICLE, 0.05, random.Random(2)).text

#: Text, day of fetching (None: it does not say), address, format.
Fetch = tuple[str, int | None, str, str]


def page(text: str, day: int | None, url: str = PAGE, form: str = "warc") -> Fetch:
    return text, day, url, form


def frames(fetches: list[Fetch]) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Signatures and raw documents: `d0`, `d1` and so on."""
    ids = [f"d{number}" for number in range(len(fetches))]
    texts = [text for text, *_ in fetches]
    documents = {"doc_id": ids, "source_uri": ids, "text": texts}
    signatures = sign_documents(
        pl.DataFrame(documents, dict.fromkeys(documents, pl.String)).with_columns(
            text_chars=pl.col("text").str.len_chars().cast(pl.Int64)
        ),
        SETTINGS,
    )
    raw = {
        "doc_id": ids,
        "url": [url for *_, url, _ in fetches],
        "fetched_at": [None if d is None else MONDAY + timedelta(d) for _, d, *_ in fetches],
        "format": [form for *_, form in fetches],
    }
    schema = {name: RAW_DOCUMENTS.polars_schema[name] for name in raw}
    return signatures.lazy(), pl.DataFrame(raw, schema).lazy()


def versions(*fetches: Fetch) -> dict[str, tuple[str | None, str | None, int]]:
    """Return what each document is a version of, what supersedes it, and the day of first sight."""
    found = find_versions(*frames(list(fetches)), SETTINGS)
    return {
        doc_id: (before, after, (first - MONDAY).days)
        for doc_id, before, after, first in found.iter_rows()
    }


def test_a_page_that_changed_has_versions_and_the_last_fetched_is_the_current_one() -> None:
    assert versions(page("Third.", 3), page("First.", 1), page("Second.", 2)) == {
        "d1": (None, "d0", 1),
        "d2": ("d1", "d0", 1),
        "d0": ("d2", None, 1),
    }


def test_a_page_that_says_the_same_again_is_one_version_that_was_seen_first_then() -> None:
    assert versions(page("Same.", 1), page("Same.", 2)) == {
        "d0": (None, None, 1),
        "d1": (None, None, 1),
    }


def test_a_page_that_takes_a_change_back_has_a_third_version() -> None:
    assert versions(page("One.", 1), page("Two.", 2), page("One.", 3)) == {
        "d0": (None, "d2", 1),
        "d1": ("d0", "d2", 1),
        "d2": ("d1", None, 1),
    }


@pytest.mark.parametrize(
    "others",
    [
        [page("Other.", 1, "https://news.example/2")],
        [page("Undated.", None)],
        [page("An entry.", 2, form="feed")],
        [],
    ],
)
def test_other_pages_undated_ones_and_entries_about_it_are_no_versions(others: list[Fetch]) -> None:
    assert versions(page("Text.", 1), *others) == {}


def test_where_two_texts_stand_at_once_none_is_a_version() -> None:
    thread = [page("A post.", 1), page("Another post.", 1), page("A third one.", 2)]
    assert versions(*thread) == {}


def test_records_that_name_an_address_are_versions_only_if_they_are_alike() -> None:
    rows = [page(ARTICLE.text, 1, form="jsonl"), page(CORRECTED, 2, form="jsonl")]
    assert versions(*rows) == {"d0": (None, "d1", 1), "d1": ("d0", None, 1)}
    other = write_article("en", random.Random(9)).text
    assert versions(*rows, page(other, 3, form="jsonl")) == {}
    assert versions(page("A post.", 1, form="jsonl"), page("Another.", 2, form="jsonl")) == {}


def test_versions_are_no_copies_and_a_copy_is_one_of_the_current_version() -> None:
    fetches = [
        page(ARTICLE.text, 1),
        page(CORRECTED, 2),
        page(CORRECTED, 1, "https://copy.example/"),
    ]
    signatures, raw = frames(fetches)
    found = find_versions(signatures, raw, SETTINGS).lazy()
    copies = find_duplicates(signatures, found, SETTINGS).rows()
    assert copies == [("d0", "d1", "superseded"), ("d2", "d1", "exact")]
    longer = page(f"{CORRECTED}\nAnd a last word.", 1, "https://a.example/")
    signatures, raw = frames([*fetches[:2], longer])
    found = find_versions(signatures, raw, SETTINGS).lazy()
    copies = find_duplicates(signatures, found, SETTINGS).rows()
    assert copies == [("d0", "d2", "superseded"), ("d1", "d2", "near")]


_FETCHES = st.lists(
    st.tuples(
        st.sampled_from(["One.", "Two.", "Three.", ARTICLE.text, CORRECTED]),
        st.sampled_from([None, 1, 2, 3, 4]),
        st.sampled_from([PAGE, "https://news.example/2"]),
        st.sampled_from(["warc", "jsonl"]),
    ),
    max_size=9,
)


@given(_FETCHES, st.randoms())
@settings(max_examples=150, deadline=None)
def test_each_page_has_one_current_text_and_the_order_of_rows_plays_no_part(
    fetches: list[Fetch], shuffle: random.Random
) -> None:
    signatures, raw = frames(fetches)
    found = find_versions(signatures, raw, SETTINGS)
    seed = shuffle.randrange(99)
    one, other = (
        frame.collect().sample(fraction=1, shuffle=True, seed=seed).lazy()
        for frame in (signatures, raw.reverse())
    )
    assert find_versions(one, other, SETTINGS).equals(found)
    texts = signatures.select("doc_id", "exact_sha256").collect()
    known = found.join(raw.collect(), on="doc_id").join(texts, on="doc_id")
    current = known.filter(pl.col("superseded_by").is_null())
    assert (
        current.group_by("url", "format")
        .agg(pl.col("exact_sha256").n_unique())["exact_sha256"]
        .to_list()
        == [1] * current.select("url", "format").n_unique()
    )
    last = known.filter(pl.col("fetched_at") == pl.col("fetched_at").max().over("url", "format"))
    assert last["superseded_by"].null_count() == len(last)
    assert known.filter(pl.col("first_fetched_at") > pl.col("fetched_at")).is_empty()
