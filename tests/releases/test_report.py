"""Check what a report says, and that nothing in a record can break out of it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.results import ExpectationResult, Verdict
from tasks.releases.diff import diff_releases
from tasks.releases.report import samples
from tasks.releases.report.figures import measure_release
from tasks.releases.report.names import language_name, models_with_languages, script_direction
from tasks.releases.report.page import cut_at_mentions
from tests.making.release_records import RECORDS, REFUSALS, Piece, Record, changed, without
from tests.making.release_tables import release_tables
from tests.making.reports import MET, files_on, report_on, summary_of

Tables = dict[str, pl.LazyFrame]
FIRST, JAPANESE, ARABIC, FRENCH, COPY = RECORDS
FAILED = ExpectationResult(
    table="ledger", expectation="adds up", reason="no record vanishes", passed=False,
    checked_count=8, unexpected_count=1, examples=[{"source_uri": "x<b>", "fate": None}],
)  # fmt: skip
NONE = Verdict(results=[])
BROKEN = FAILED.model_copy(update={"expectation": "runs", "error": "KeyError: 'fate'"})
HOSTILE = "\"'><script>alert(1)</script>{{ 7*7 }}</text>\x00\x1b"


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text by element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    old = release_tables(without(RECORDS, FIRST.source_uri))
    return files_on(release_tables(), diff_releases(old, release_tables(), 5))


@pytest.fixture(scope="module")
def html(files: dict[str, str]) -> str:
    return files["report.html"]


def test_a_report_leads_nowhere_but_to_itself_and_the_pages_beside_it(
    files: dict[str, str],
) -> None:
    ours = re.compile(
        r"#[\w-]+|report/[a-z]+-\d{3}\.html|\.\./report\.html#search|[a-z]+-\d{3}\.html"
    )
    for page in files.values():
        led_to = re.findall(r'(?:src|href|action|data|poster)\s*=\s*"([^"]*)"', page)
        assert all(ours.fullmatch(address) for address in led_to)
        assert not re.search(r"url\(|@import|<link|<img|<iframe|xmlns", page)
        assert "default-src 'none'" in page
    targets = {name.rpartition("/")[2] for name in files}
    pages = re.findall(r'href="(?:report/)?([a-z]+-\d{3}\.html)"', "".join(files.values()))
    assert set(pages) <= targets


def test_the_same_release_gives_the_same_report(html: str) -> None:
    old = release_tables(without(RECORDS, FIRST.source_uri))
    again = report_on(release_tables(), diff_releases(old, release_tables(), 5))
    assert again == html


def test_a_report_has_seven_charts_and_no_element_with_anothers_id(html: str) -> None:
    page = Page(html)
    charts = [a["class"] for a in page.all("ul") if a.get("class") in {"bars", "histogram"}]
    assert charts.count("bars") == 6
    assert charts.count("histogram") == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_text_from_right_to_left_says_so(html: str) -> None:
    arabic = [a for a in Page(html).all("div") if a.get("lang") == "ar" and a["class"] == "text"]
    assert [attributes["dir"] for attributes in arabic] == ["rtl", "rtl"]


def test_entities_are_marked_with_label_model_and_entity(html: str) -> None:
    titles = {mark["title"] for mark in Page(html).all("mark")}
    assert "PER: Elon Musk (Q317521), synthetic_ner 1.0" in titles


def test_dropped_segments_stand_struck_in_their_place(html: str) -> None:
    _, *entries = html.split('<details class="document">')
    entry = next(part for part in entries if FIRST.title in part)  # type: ignore[operator]
    chrome, repeated = (entry.index(text) for text in ("Share with your friend", ">repeated<"))
    assert chrome < entry.index("ответил") < repeated
    assert entry.count("dropped-text") == 2


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.source_uri)
def test_every_document_and_rejected_record_is_named(html: str, record: Record) -> None:
    assert record.source_uri in html
    assert all(refusal.source_uri in html for refusal in REFUSALS)


def test_nothing_in_a_record_becomes_markup() -> None:
    hostile = Record(
        f"a{HOSTILE}.txt",
        (Piece(f"{HOSTILE} and x", "fr", "Latn"), Piece(HOSTILE, "fr", "Latn", "chrome", HOSTILE)),
        {HOSTILE: ("PER", f"id{HOSTILE}")},
        title=HOSTILE,
    )
    refusal = replace(REFUSALS[0], source_uri=HOSTILE, detail=HOSTILE)
    tables = release_tables((hostile, *RECORDS), (refusal,))
    verdict = Verdict(results=[FAILED.model_copy(update={"examples": [{"text": HOSTILE}]})])
    diff = diff_releases(release_tables(), tables, 9)
    html = report_on(tables, diff, source=HOSTILE, models=[f"xx={HOSTILE}"], verdict=verdict)
    assert len(Page(html).all("script")) == 1
    assert "alert(1)</script>" not in html
    assert "{{ 7*7 }}" in html
    assert "<b>" not in summary_of(tables, source=HOSTILE, verdict=Verdict(results=[FAILED]))


def test_personal_data_of_samples_is_hidden() -> None:
    pieces = [replace(piece, text=f"{piece.text} anna@example.org") for piece in FIRST.pieces]
    records = changed(RECORDS, FIRST.source_uri, pieces=tuple(pieces), title="+49 221 4701234")
    tables = release_tables(records)
    html = report_on(tables, diff_releases(release_tables(), tables, 9))
    assert "anna" not in html
    assert "4701234" not in html
    assert "••••••••••••••••" in html


def test_a_failed_expectation_is_told_with_reason_and_examples() -> None:
    html = report_on(release_tables(), verdict=Verdict(results=[MET, FAILED, BROKEN]))
    assert "Not fit to publish" in html
    assert "no record vanishes" in html
    assert "x&lt;b&gt;" in html
    assert "a fault of ours" in html


def test_a_warning_is_told_of_a_release_that_is_fit_to_publish() -> None:
    warning = FAILED.model_copy(update={"warns": True})
    verdict = Verdict(results=[MET, warning])
    assert (verdict.passed, verdict.failures, verdict.warnings) == (True, [], [warning])
    html = report_on(release_tables(), verdict=verdict)
    assert "Fit to publish" in html
    assert "1 of 2 expectations were met" in html
    assert "no record vanishes" in html
    assert "with warnings: 1 of 2" in summary_of(release_tables(), verdict=verdict)


def test_a_warning_that_could_not_run_stops_a_release() -> None:
    broken = BROKEN.model_copy(update={"warns": True})
    assert not Verdict(results=[MET, broken]).passed


def test_an_empty_release_has_a_report() -> None:
    empty = release_tables((), ())
    fields: dict[str, Any] = {"previous": None, "steps": [], "models": [], "verdict": NONE}
    html = report_on(empty, **fields)
    assert "0 documents in 0 languages, from 0 records" in html
    assert "| Fate |" in summary_of(empty, **fields)


def test_a_large_release_is_sampled_over_languages_and_fates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(samples, "SAMPLE_DOCUMENTS", 6)
    many = tuple(replace(FRENCH, source_uri=f"fr/{n}.txt") for n in range(30))
    tables = release_tables((*RECORDS, *many))
    html = report_on(tables)
    shown = html.count('<details class="document">')
    assert shown == 6
    assert "6 of 35, chosen evenly" in html
    entries = html[html.index('id="documents"') :]
    assert all(record.source_uri in entries for record in (FIRST, JAPANESE, ARABIC, COPY))


def test_a_long_text_is_cut_and_says_how_much_is_missing() -> None:
    long = changed(RECORDS, ARABIC.source_uri, pieces=(Piece("م" * 50_000, "ar", "Arab"),))
    html = report_on(release_tables(long))
    assert len(html) < 200_000
    assert f"{50_000 - samples.DOCUMENT_CHARS:,} more characters are not shown" in html


def test_figures_add_up_to_the_tables() -> None:
    figures = measure_release(release_tables())
    assert figures.records() == len(RECORDS) + len(REFUSALS)
    assert (figures.documents, figures.records("duplicate")) == (5, 1)
    pieces = [piece for record in RECORDS for piece in record.pieces]
    assert figures.kept_chars + figures.dropped_chars == sum(len(piece.text) for piece in pieces)


def test_a_summary_has_verdict_fates_languages_and_the_reports_path() -> None:
    text = summary_of(release_tables(), verdict=Verdict(results=[MET, FAILED]))
    assert "1 of 2 expectations failed" in text
    assert "| rejected | ingest | malformed\\_record | 1 |" in text
    assert "| Arabic (ar) | Arabic | 1 | 70 |" in text
    assert "`a/r.html`" in text


@pytest.mark.parametrize(
    ("tag", "name"),
    [("ja", "Japanese"), ("und", "not a language"), ("zh-Hant", "Chinese (Hant)"), ("xq", "xq")],
)
def test_a_language_tag_has_an_english_name(tag: str, name: str) -> None:
    assert language_name(tag).replace("Traditional Chinese", "Chinese (Hant)") == name


def test_only_scripts_from_right_to_left_force_a_direction() -> None:
    assert [script_direction(code) for code in ("Arab", "Hebr", "Latn", "Jpan")] == [
        "rtl", "rtl", "auto", "auto",
    ]  # fmt: skip


MENTION = st.tuples(st.integers(0, 60), st.integers(1, 20))


@given(st.text(max_size=60), st.integers(0, 30), st.lists(MENTION, max_size=6))
def test_cutting_at_mentions_loses_no_character(
    text: str, start_char: int, spans: list[tuple[int, int]]
) -> None:
    mentions = [{"start_char": start, "end_char": start + size} for start, size in spans]
    pieces = cut_at_mentions(text, start_char, mentions)
    assert "".join(piece.text for piece in pieces) == text
    place = start_char
    for piece in pieces:
        covering = [m for m in mentions if m["start_char"] <= place < m["end_char"]]
        assert list(piece.mentions) == covering
        place += len(piece.text)


def test_a_model_is_named_once_with_its_languages() -> None:
    models = ["de=ours 1.0 ab", "fr=ours 1.0 ab", "ru=natasha 1.6.0 cd"]
    assert models_with_languages(models) == ["ours 1.0 ab (de fr)", "natasha 1.6.0 cd (ru)"]
