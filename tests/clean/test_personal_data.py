"""Personal data is found in every script, little else is, and it can be taken out or hidden."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.personal_data import planted
from expectations.working_tables import CLEAN_SEGMENTS
from tasks.clean.find_personal_data import find_personal_data
from tasks.clean.personal_data import KINDS, find_spans, hinted_kinds, mask, redact, regions_of
from tasks.clean.personal_data.patterns import has_iban_check, has_luhn_check
from tasks.settings.clean import PersonalDataSettings
from tests.making.texts_in_many_scripts import PARAGRAPHS, SCRIPTS


def _found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [
        (text[span.start : span.end], span.kind)
        for span in find_spans(text, regions_of([language]))
    ]


def _segments(*texts: str, language: str = "en", dropped: tuple[int, ...] = ()) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    start = 0
    for index, text in enumerate(texts):
        kept = index not in dropped
        known = {
            "doc_id": "a", "segment_index": index, "text": text, "text_chars": len(text),
            "kept": kept, "reason": None if kept else "chrome", "language": language,
            "document_start_char": start if kept else None,
        }  # fmt: skip
        rows.append({**dict.fromkeys(CLEAN_SEGMENTS.column_names), **known})
        start += (len(text) + 1) * kept
    return CLEAN_SEGMENTS.frame(rows)


def _find(
    segments: pl.DataFrame, settings: PersonalDataSettings, **record: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = segments["doc_id"].unique().to_list()
    known = {"url": None, "declared_language": None, **record}
    records = pl.DataFrame(
        [{"doc_id": doc_id, **known} for doc_id in ids],
        schema=dict.fromkeys(("doc_id", "url", "declared_language"), pl.String),
    )
    pages = pl.DataFrame(
        [{"doc_id": doc_id} for doc_id in ids],
        schema=dict.fromkeys(("doc_id", "canonical_url", "declared_language"), pl.String),
    )
    return find_personal_data(records, pages, segments, settings)


@pytest.mark.parametrize("language", ["ar", "de", "hi", "ja", "ru", "zh"])
def test_planted_personal_data_is_found_and_decoys_are_not(language: str) -> None:
    for text, kind, value in planted(language, seed=1):
        assert _found(text, language) == ([(value, kind)] if kind else []), text


@pytest.mark.parametrize("script", SCRIPTS)
def test_prose_in_every_script_holds_none(script: str) -> None:
    for text in PARAGRAPHS[script]:
        assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("075001 Paris – 01 42 68 53 00", "fr", "01 42 68 53 00"),
        ("(212) 736-5000", "en", "(212) 736-5000"),
        ("〒100 電話０３-５２５３-４１１１まで", "ja", "０３-５２５３-４１１１"),
        ("هاتف ٠٥١٢٣٤٥٦٧٨ الآن", "ar", "٠٥١٢٣٤٥٦٧٨"),
        ("8 (495) 123-45-67", "ru", "8 (495) 123-45-67"),
        ("010-1234-5678로 문의", "ko", "010-1234-5678"),
        ("write to +49 (0)30 1234567!", "und", "+49 (0)30 1234567"),
    ],
)
def test_telephone_numbers_are_found_as_people_write_them(
    text: str, language: str, value: str
) -> None:
    assert _found(text, language) == [(value, "phone")]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("Tel. 030/23125 123, Fax 030-23125124", "de", ["030/23125 123", "030-23125124"]),
        ("Tél. : 01 99 00 12 34 – 01.99.00.12.35", "fr", ["01 99 00 12 34", "01.99.00.12.35"]),
        ("電話03-1234-5678 FAX03-1234-5679", "ja", ["03-1234-5678", "03-1234-5679"]),
        ("8 (495) 123-45-67, 8-800-555-35-35", "ru", ["8 (495) 123-45-67", "8-800-555-35-35"]),
        ("☎ 612 34 56 78 / 91 123 45 67", "es", ["612 34 56 78", "91 123 45 67"]),
        ("Telefon-Nr.: 0221 4701234", "de", ["0221 4701234"]),
        ("Fax: (0-312) 34567", "und", ["(0-312) 34567"]),
        ("Tel: 17 12 34 56", "und", ["17 12 34 56"]),
        ("0712 123456", "und", ["0712 123456"]),
        ("Call (212) 736-5000 or 212-736-5001.", "en", ["(212) 736-5000", "212-736-5001"]),
    ],
)
def test_several_numbers_of_a_line_are_each_found(
    text: str, language: str, values: list[str]
) -> None:
    assert _found(text, language) == [(value, "phone") for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "Her phone 2024-03-12, his 12.03.2024.",
        "Phone sales rose to 1,234,567 in 2019–2023.",
        "ISBN 0-306-40615-2",
        "2008–2104",
        "1234567.891",
        "20240312 101530",
        "№ 5006446794",
        "612 345 678",
        "On peut joindre le bureau au № 5006446794.",
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "und"])
def test_numbers_that_are_not_dialled_are_left_alone(text: str, language: str) -> None:
    assert _found(text, language) == []


def test_only_a_word_that_always_means_a_telephone_makes_digits_of_no_country_a_number() -> None:
    assert _found("Phone: 55 123 4567", "und") == [("55 123 4567", "phone")]
    assert _found("numero 55 123 4567", "und") == []


def test_a_line_has_the_countries_of_its_document_and_site() -> None:
    line = "030 23125123"
    article = "Die Verwaltung des Hafens teilt mit, dass die Fähre ab März anders ablegt."
    alone = _segments(line, language="und")
    document = _segments(article, line)
    document = document.with_columns(language=pl.Series(["de", "und"]))

    def found(segments: pl.DataFrame, **record: str) -> list[str | None]:
        return _find(segments, PersonalDataSettings(), **record)[1]["detail"].to_list()

    assert found(document) == ["DE"]
    assert found(alone, url="https://news.example.de/1") == ["DE"]
    assert found(alone, declared_language="de") == ["DE"]
    assert found(alone, url="https://[bad") == [None]


def test_what_may_be_a_number_counts_where_it_is_redacted() -> None:
    regions = regions_of(["en"])
    text = "The file 2127365000 was closed."
    assert find_spans(text, regions) == []
    assert [span.kind for span in find_spans(text, regions, thorough=True)] == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "It fell by 1,234,567,890 dollars in 2023-2024.",
        "ISBN 978-3-16-148410-0, § 12.3.4.5, v1.22.333.4",
        "12 345 678 902 stood there on 01-02-2003 at 10:15:30.",
        "The match ended 6-4, 3-6, 7-6 (7-4) after 02:34:10.",
        "GPS 48.8566 2.3522; order 4512 7788 9011 2345",
        "@anna, logo@2x.png, a@b, 10.0.0.1, 127.0.0.1",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert _found(text) == []


def test_check_digits_are_checked() -> None:
    assert has_luhn_check("4111111111111111")
    assert not has_luhn_check("4111111111111112")
    assert has_iban_check("GB82 WEST 1234 5698 7654 32")
    assert not has_iban_check("GB82 WEST 1234 5698 7654 33")


def test_details_never_hold_the_value() -> None:
    text = "anna@example.org, +49 221 4701234, DE89 3704 0044 0532 0130 00, 4111111111111111"
    assert [span.detail for span in find_spans(text, regions_of(["en"]))] == [
        None,
        "DE",
        "DE",
        "visa",
    ]


@given(st.text(max_size=80), st.sampled_from(["en", "ja", "und", "ar"]))
def test_spans_of_any_text_are_apart_and_masking_keeps_the_length(text: str, tag: str) -> None:
    spans = find_spans(text, regions_of([tag]))
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
    assert len(mask(text, tag)) == len(text)


@given(st.lists(st.sampled_from(["a@b.org", "+49 221 4701234", "слово ", "、", " - "]), max_size=8))
def test_what_is_redacted_stands_where_the_spans_say_and_is_found_no_more(parts: list[str]) -> None:
    text, spans = redact("".join(parts), find_spans("".join(parts), regions_of(["en"])))
    assert all(text[span.start : span.end] == f"[{span.kind}]" for span in spans)
    assert find_spans(text, regions_of(["en"])) == []


@pytest.mark.parametrize("language", ["ar", "de", "ja"])
def test_every_find_lies_in_a_line_that_the_hints_let_through(language: str) -> None:
    texts = [text for text, kind, _ in planted(language, seed=2) if kind]
    hints = pl.DataFrame({"text": texts}).select("text", *hinted_kinds(pl.col("text"), KINDS))
    for row in hints.iter_rows(named=True):
        assert all(row[span.kind] for span in find_spans(row["text"], regions_of([language])))


_TEXTS = ("Share: x@example.org", "Mail anna@example.org, please.", "Nothing.", "IP 91.198.174.192")


def test_spans_have_offsets_in_the_text_of_the_document() -> None:
    segments, found = _find(_segments(*_TEXTS, dropped=(0,)), PersonalDataSettings())
    assert segments.equals(_segments(*_TEXTS, dropped=(0,)))
    text = "\n".join(_TEXTS[1:])
    assert [text[row["start_char"] : row["end_char"]] for row in found.to_dicts()] == [
        "anna@example.org", "91.198.174.192",
    ]  # fmt: skip


def test_redaction_keeps_every_offset_right() -> None:
    asked = PersonalDataSettings(redact=True)
    segments, found = _find(_segments(*_TEXTS, dropped=(0,)), asked)
    assert segments["text"].to_list() == [
        "Share: [email]", "Mail [email], please.", "Nothing.", "IP [ip_address]",
    ]  # fmt: skip
    assert (segments["text"].str.len_chars() == segments["text_chars"]).all()
    kept = segments.filter("kept")
    text = "\n".join(kept["text"])
    for start, piece in kept.select("document_start_char", "text").iter_rows():
        assert text[start : start + len(piece)] == piece
    shown = [text[row["start_char"] : row["end_char"]] for row in found.to_dicts()]
    assert shown == ["[email]", "[ip_address]"]


def test_kinds_that_are_not_asked_for_are_not_looked_for() -> None:
    _, found = _find(_segments(*_TEXTS), PersonalDataSettings(kinds=("ip_address",)))
    assert set(found["kind"]) == {"ip_address"}
    _, found = _find(_segments(*_TEXTS), PersonalDataSettings(kinds=()))
    assert found.is_empty()


def test_empty_tables_give_empty_tables() -> None:
    for redacted in (False, True):
        frames = _find(CLEAN_SEGMENTS.empty(), PersonalDataSettings(redact=redacted))
        assert all(frame.is_empty() for frame in frames)
        assert frames[0].schema == CLEAN_SEGMENTS.polars_schema


@given(st.text("079٣９१@＠(（[［{｛at)）]］:：.．-+ AbDEfＤＥ", max_size=40))
@example("a＠b.co")
@example("info（at）example.de")
@example("fe80：：1：2")
@example("０３０ １２３４５６７")
def test_what_can_be_found_is_masked_however_its_digits_and_signs_are_written(text: str) -> None:
    found = find_spans(text, regions_of(["de"]), thorough=True)
    assert (mask(text, "de") != text) == bool(found)
