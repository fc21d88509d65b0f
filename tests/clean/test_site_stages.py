"""Check the stages that find a site's lines: which site, any text or order, one more document."""

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.site_lines import made_up_corpus
from expectations.tables import RAW_DOCUMENTS
from expectations.working_tables import (
    CUT_SEGMENTS,
    JUDGED_SEGMENTS,
    LINE_TRACES,
    PAGE_METADATA,
    SITE_LINES,
)
from tasks.clean import find_site_lines as find
from tasks.clean.clean_documents import clean_documents
from tasks.clean.drop_site_lines import drop_site_lines
from tasks.clean.find_site_lines import find_site_lines
from tasks.clean.trace_site_lines import line_hash, trace_site_lines
from tasks.settings import Settings, SiteSettings
from tasks.steps.store import Store
from tests.making.pipeline import make_tables
from tests.making.raw_documents import raw_documents
from tests.making.site_texts import CLEAN, DISCLAIMER, FOOTER, MENU, SITES, judged_site, site_texts


def test_bullets_case_and_spaces_do_not_tell_lines_apart() -> None:
    hashes = {line_hash(text) for text in ("Read on", "* READ ON »", "— read\u00a0on…")}
    assert len(hashes) == 1
    assert line_hash("Read on") != line_hash("Read one")


@pytest.mark.parametrize(
    ("url", "name", "site"),
    [
        ("https://www.Gazette.example:8080/a?b#c", "The Gazette", "gazette.example"),
        ("http://user:key@gazette.example./a", None, "gazette.example"),
        ("//gazette.example", None, "gazette.example"),
        ("https://газета.рф/новости", None, "газета.рф"),
        ("http://[2001:db8::1]:80/a", None, "[2001:db8::1]"),
        ("urn:isbn:1", " The Gazette ", "the gazette"),
        (None, "The Gazette", "the gazette"),
        ("https://", " ", None),
        (None, None, None),
    ],
)
def test_the_site_is_the_host_of_the_address_or_else_its_name(
    url: str | None, name: str | None, site: str | None
) -> None:
    raw = raw_documents({"a": "A text."}).with_columns(
        url=pl.lit(url, pl.String), site=pl.lit(name, pl.String)
    )
    cut, metadata = clean_documents(raw, CLEAN)
    traces = trace_site_lines(raw, metadata, cut)
    assert traces["site"].to_list() == ([] if site is None else [site])


def test_the_address_that_a_page_gives_itself_counts_too() -> None:
    raw = raw_documents({"a": "A text."})
    cut, metadata = clean_documents(raw, CLEAN)
    metadata = metadata.with_columns(canonical_url=pl.lit("https://gazette.example/a"))
    assert trace_site_lines(raw, metadata, cut)["site"].to_list() == ["gazette.example"]


def test_no_documents_give_empty_tables() -> None:
    raw, cut = RAW_DOCUMENTS.empty(), CUT_SEGMENTS.empty()
    traces = trace_site_lines(raw, PAGE_METADATA.empty(), cut)
    found = find_site_lines(traces.lazy(), SITES)
    judged = drop_site_lines(cut, found, CLEAN, SITES)
    for frame, table in ((traces, LINE_TRACES), (found, SITE_LINES), (judged, JUDGED_SEGMENTS)):
        assert frame.is_empty()
        assert frame.schema == table.polars_schema


def test_dropping_rebuilds_the_text_and_says_why() -> None:
    texts = site_texts(12, MENU, FOOTER)
    judged = judged_site(texts)
    for doc_id, text in texts.items():
        segments = judged.filter(doc_id=doc_id)
        assert "\n".join(segments["text"]) == text
        for row in segments.iter_rows(named=True):
            assert text[row["start_char"] : row["end_char"]] == row["text"]
            assert row["kept"] == (row["reason"] is None)


def test_cleaning_its_own_output_changes_nothing() -> None:
    texts = _corpus()
    once = _kept_texts(texts)
    assert once != texts
    assert _kept_texts(once) == once


def _corpus() -> dict[str, str]:
    """Return made-up sites of forty documents in two languages, with versions and quotations."""
    corpus = made_up_corpus(40, ("en", "ja"))
    return {url: "\n".join(line for line, _ in lines) for url, lines in corpus.items()}


def _kept_texts(texts: dict[str, str]) -> dict[str, str]:
    kept = judged_site(texts, url="{}").filter("kept").group_by("doc_id", maintain_order=True)
    return dict(kept.agg(pl.col("text").str.join("\n")).iter_rows())


_LINES = st.sampled_from(
    ["Home", "Sport", "Ωmega", "ニュース", "१२ खबर", "A word, and one more. " * 4]
)


@st.composite
def _traces(draw: st.DrawFn) -> pl.DataFrame:
    """Return traces of some sites whose documents share many lines."""
    count = draw(st.integers(1, 24))
    texts, urls = {}, []
    for number in range(count):
        lines = draw(st.lists(_LINES | st.text(max_size=30), max_size=6))
        texts[f"{number:02}"] = "\n".join(lines)
        urls.append(draw(st.sampled_from(["//a.example", "//b.example"])))
    raw = raw_documents(texts).with_columns(url=pl.Series(urls, dtype=pl.String))
    cut, metadata = clean_documents(raw, CLEAN)
    return trace_site_lines(raw, metadata, cut)


@settings(max_examples=15)
@given(_traces(), st.integers(0, 9), st.integers(1, 30))
def test_neither_order_nor_batches_nor_other_sites_matter(
    traces: pl.DataFrame, seed: int, batch_lines: int
) -> None:
    loose = SiteSettings(min_documents=2)
    found = find_site_lines(traces.lazy(), loose)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(find, "BATCH_LINES", batch_lines)
        shuffled = traces.sample(fraction=1, shuffle=True, seed=seed)
        assert find_site_lines(shuffled.lazy(), loose).equals(found)
    alone = traces.filter(site="a.example")
    expected = found.join(alone, on="doc_id", how="semi")
    assert find_site_lines(alone.lazy(), loose).equals(expected)


@settings(max_examples=15)
@given(st.lists(st.lists(_LINES | st.text(max_size=60), max_size=8), min_size=1, max_size=12))
def test_of_any_text_all_stays_or_is_dropped_with_a_reason(documents: list[list[str]]) -> None:
    texts = {f"{number:02}": "\n".join(lines) for number, lines in enumerate(documents)}
    raw = raw_documents(texts).with_columns(site=pl.lit("a"))
    cut, metadata = clean_documents(raw, CLEAN)
    loose = SiteSettings(min_documents=2)
    found = find_site_lines(trace_site_lines(raw, metadata, cut).lazy(), loose)
    judged = drop_site_lines(cut, found, CLEAN, loose)
    assert judged.schema == JUDGED_SEGMENTS.polars_schema
    joined = pl.col("text").str.join("").str.replace_all(r"\s", "")
    each = [frame.group_by("doc_id").agg(joined).sort("doc_id") for frame in (cut, judged)]
    assert each[0].equals(each[1])
    assert judged.filter(pl.col("kept") != pl.col("reason").is_null()).is_empty()


def _write_source(folder: Path, name: str, texts: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    rows = [{"url": f"https://gazette.example/{n}", "text": text} for n, text in texts.items()]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / name).write_text(lines, encoding="utf-8")


def test_the_pipeline_drops_them_and_a_new_document_leaves_the_others_as_they_are(
    tmp_path: Path,
) -> None:
    source, store = tmp_path / "source", Store(tmp_path / "store")
    texts = site_texts(13, MENU, (*FOOTER, DISCLAIMER))
    _write_source(source, "a.jsonl", dict(list(texts.items())[:12]))
    before = make_tables(source, store.root, Settings(), "compose")
    documents = store.scan(before["clean_documents"]).collect()
    assert not any("Gazette" in text for text in documents["text"])
    assert (documents["segments_dropped"] == len(MENU) + len(FOOTER) + 1).all()
    _write_source(source, "b.jsonl", dict(list(texts.items())[12:]))
    after = make_tables(source, store.root, Settings(), "compose")
    for table in ("site_lines", "clean_segments"):
        earlier, later = (store.scan(tables[table]).collect() for tables in (before, after))
        assert later.join(earlier, on="doc_id", how="semi").equals(earlier)
        assert later["doc_id"].n_unique() == 13
