"""PDF, DOCX, ODT and EPUB are read as text; what cannot be read says why."""

from pathlib import Path
from random import Random

import pytest

from tasks.reading.records import Flaw, Record
from tasks.settings import IngestSettings
from tests.making.containers import zip_of
from tests.making.fuzz_files import damaged
from tests.making.packages import OLE, docx_of, epub_of, odt_of, pdf_of
from tests.making.reading import fates, read_file, rows

PARAGRAPH = [
    "The city council agreed on Tuesday to rebuild the old ferry landing, which has been",
    "closed since a storm tore away half of its timber deck two winters ago. The recon-",
    "struction is due to start in March; until then a well-known pontoon serves, and pas-",
    "sengers wait.",
]
P = "<w:p><w:r><w:t>First &amp; last.</w:t></w:r></w:p>"


def test_lines_of_a_pdf_are_joined_into_paragraphs_over_pages(tmp_path: Path) -> None:
    pages = [
        ["Ferry landing to be rebuilt", "", *PARAGRAPH, "", "It is a well-", "known firm that"],
        ["does the work."],
    ]
    (tmp_path / "a.pdf").write_bytes(pdf_of(pages))
    [row] = rows(tmp_path)
    title, first, second = str(row["text"]).split("\n")
    assert title == "Ferry landing to be rebuilt"
    assert "which has been closed since" in first
    assert "The reconstruction is due" in first
    assert "and passengers wait." in first
    assert second == "It is a well-known firm that does the work."
    assert (row["title"], row["author"], row["format"]) == ("A title", "Ann Lee", "pdf")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", pdf_of([[], []]), "no_text"),
        ("a.pdf", b"%PDF-1.7\n", "corrupt"),
        ("a.pdf", b"a text", "corrupt"),
        ("a.docx", docx_of(""), "no_text"),
        ("a.docx", OLE + b"Word.Document.8", "unsupported_format"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.docx", docx_of(P)[:200], "corrupt"),
        ("a.docx", zip_of({"xl/workbook.xml": b"<x/>"}), "unsupported_format"),
        ("a.odt", odt_of(""), "no_text"),
        ("a.odt", zip_of({"content.xml": b"<x>"}), "corrupt"),
        (
            "a.odt",
            zip_of({"content.xml": b"noise", "META-INF/manifest.xml": b"<m:encryption-data/>"}),
            "encrypted",
        ),
        ("a.epub", zip_of({"x": b"y"}), "corrupt"),
        ("a.epub", epub_of(["<p> </p>"]), "no_text"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert fates(tmp_path) == {name: f"!{reason}"}


@pytest.mark.parametrize(
    ("name", "content", "title", "author", "pieces"),
    [
        ("a.docx", docx_of(P), "Doc title", "Ann Lee", ["First &amp; last."]),
        ("a.odt", odt_of("<text:p>One&amp;two</text:p>"), "T", "Bo", ["<p>One&amp;two</p>"]),
        ("a.epub", epub_of(["<p>é</p>", "<p>2</p>"]), "Book", "Ann Lee", ["<p>é</p>\n<p>2</p>"]),
    ],
)
def test_documents_are_markup_with_title_and_author(
    tmp_path: Path, name: str, content: bytes, title: str, author: str, pieces: list[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "b.zip").write_bytes(zip_of({"no ending": content}))
    for row in rows(tmp_path):
        assert row["is_markup"]
        assert row["format"] == Path(name).suffix[1:]
        assert (row["title"], row["author"]) == (title, author)
        assert all(piece in str(row["text"]) for piece in pieces)
    assert len(fates(tmp_path)) == 2


def test_tracked_deletions_and_comments_are_not_read(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>a<text:s/>b"
        "<office:annotation><text:p>note</text:p></office:annotation> c</text:p>"
    )
    (tmp_path / "a.odt").write_bytes(odt_of(body))
    assert fates(tmp_path) == {"a.odt": "<p>a b c</p>\n"}


def test_a_document_that_says_more_than_a_record_may_is_too_large(tmp_path: Path) -> None:
    tight = IngestSettings(max_record_bytes=3000)
    for name, content in {
        "a.pdf": pdf_of([["word " * 15] * 60]),
        "a.epub": epub_of(["<p>word</p>" * 200] * 2),
        "a.odt": odt_of("<text:p>word</text:p>" * 400),
    }.items():
        [item] = read_file(tmp_path / name, content, tight)
        assert isinstance(item, Flaw)
        assert item.reason == "too_large"


def test_damaged_documents_cost_nothing_but_themselves(tmp_path: Path) -> None:
    chance = Random(7)
    samples = {
        "a.pdf": pdf_of([PARAGRAPH]),
        "a.docx": docx_of(P),
        "a.odt": odt_of("<text:p>One</text:p>"),
        "a.epub": epub_of(["<p>One</p>"]),
    }
    for name, content in samples.items():
        for _ in range(40):
            items = read_file(tmp_path / name, damaged(chance, content))
            assert all(isinstance(item, Record | Flaw) for item in items)
            assert len(items) == 1
