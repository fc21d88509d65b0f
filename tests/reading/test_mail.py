"""A message is a record with subject, sender and date; quotations and signatures are dropped."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.clean_documents import clean_documents
from tasks.reading.ingest import ingest_files
from tasks.reading.source import list_source
from tasks.settings import CleanSettings, IngestSettings
from tests.making.reading import fates, rows

REPLY = (
    "The ferry is late again.\n\n-- \nAnn Lee\nHarbour Office\n\n"
    "On Mon, 10 Feb 2025 at 10:00, Bo Ek <bo@b.example> wrote:\n> When will it come?\n"
)


def message(body: str, markup: str | None = None, *, has_file: bool = False) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Grüße aus Tartu", "Änn Lee <ann@a.example>"
    mail["Date"], mail["Message-ID"] = "Tue, 11 Feb 2025 08:30:00 +0000 (UTC)", "<x1@a.example>"
    mail.set_content(body)
    if markup:
        mail.add_alternative(markup, subtype="html")
    if has_file:
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Ä.pdf")
    return mail.as_bytes()


def kept_and_dropped(folder: Path) -> tuple[list[str], dict[str, str]]:
    files = list_source(str(folder)).files
    raw = pl.concat([documents for documents, _ in ingest_files(files, IngestSettings())])
    segments, _ = clean_documents(raw, CleanSettings())
    left_out = segments.filter(~pl.col("kept")).select("text", "reason").iter_rows()
    return segments.filter("kept")["text"].to_list(), dict(left_out)


def test_a_message_has_subject_sender_date_and_names_of_attachments(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message("Hello there.", has_file=True))
    [row] = rows(tmp_path)
    assert (row["title"], row["author"]) == ("Grüße aus Tartu", "Änn Lee")
    assert row["published_at"] == datetime(2025, 2, 11, 8, 30, tzinfo=UTC)
    assert (row["source_id"], row["text"]) == ("x1@a.example", "Hello there.\n")
    assert "Ä.pdf (application/pdf)" in str(row["record_fields"])


def test_quotations_and_signatures_are_segments_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message(REPLY))
    kept, dropped = kept_and_dropped(tmp_path)
    assert kept == ["The ferry is late again."]
    assert dropped == {
        "--": "signature",
        "Ann Lee": "signature",
        "Harbour Office": "signature",
        "On Mon, 10 Feb 2025 at 10:00, Bo Ek <bo@b.example> wrote:": "quoted_reply",
        "> When will it come?": "quoted_reply",
    }


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Bo\nWann?", ["Ja."]),
        ("Oui.\n\nDe : Bo\nEnvoyé : lundi\nÀ : Ann\nObjet : x\n\nQuand ?", ["Oui."]),
        ("Так.\n\nВт, 11 фев. 2025 г. в 10:00, Bo <bo@b.example> пишет:\n> Когда?", ["Так."]),
        ("好的。\n\n2025年2月11日 10:00 Bo <bo@b.example> 写道:\n> 何时?", ["好的。"]),
        ("> Eins?\nJa.\n> Zwei?\nNein, erst um fünf.", ["Ja.", "Nein, erst um fünf."]),
        ("> all of it\n> is quoted", ["> all of it", "> is quoted"]),
        ("Short note.\n\nSent from my iPhone", ["Short note."]),
        (
            "FYI\n\n---------- Forwarded message ---------\nFrom: X\nThe text that is sent on.",
            ["FYI", "The text that is sent on."],
        ),
        ("The list:\n-- first\n3 > 2 holds.", ["The list:", "-- first", "3 > 2 holds."]),
    ],
)
def test_what_a_message_says_itself_is_kept(tmp_path: Path, body: str, kept: list[str]) -> None:
    (tmp_path / "a.eml").write_bytes(message(body))
    found, _ = kept_and_dropped(tmp_path)
    assert [line for line in found if line in kept] == kept
    if "Forwarded" not in body:
        assert found == kept


def test_the_html_is_read_where_the_plain_text_says_little(tmp_path: Path) -> None:
    markup = (
        "<p>A much longer text that says a good deal more than the other.</p>"
        "<div class=gmail_signature>Ann</div>"
        "<div class=gmail_quote>On 10 Feb, Bo wrote:<blockquote>old</blockquote></div>"
    )
    (tmp_path / "a.eml").write_bytes(message("x", markup))
    kept, dropped = kept_and_dropped(tmp_path)
    assert kept == ["A much longer text that says a good deal more than the other."]
    assert set(dropped.values()) == {"signature", "quoted_reply"}


def test_each_message_of_a_mailbox_is_a_record(tmp_path: Path) -> None:
    second = (
        b"Subject: =?koi8-r?B?8NLJ18XU?=\nFrom: bo@b.example\n"
        b"Content-Type: text/plain; charset=koi8-r\n\n"
    )
    second += "Привет, паром опоздал.\n>From here on.\nFrom me.\n".encode("koi8-r")
    line = b"From bo@b.example Tue Feb 11 08:30:00 2025\n"
    (tmp_path / "a.mbox").write_bytes(line + message("One.") + b"\n" + line + second)
    assert fates(tmp_path) == {
        "a.mbox#1": "One.\n\n",
        "a.mbox#2": "Привет, паром опоздал.\nFrom here on.\nFrom me.\n",
    }
    assert [row["title"] for row in rows(tmp_path)] == ["Grüße aus Tartu", "Привет"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"From: a@b.c\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nA\n--x--",
            "encrypted",
        ),
        (b"From: a@b.c\nContent-Type: application/pkcs7-mime\n\nA", "encrypted"),
        (b"From: a@b.c\nContent-Type: image/png\n\nA", "no_text"),
        (b"From: a@b.c\nSubject: s\n\n \n", "no_text"),
    ],
)
def test_a_message_without_a_text_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.eml").write_bytes(content)
    assert fates(tmp_path) == {"a.eml": f"!{reason}"}


def test_flowed_text_is_joined(tmp_path: Path) -> None:
    head = b"From: a@b.c\nContent-Type: text/plain; format=flowed\n\n"
    (tmp_path / "a.eml").write_bytes(head + b"One \nparagraph.\n> quoted \n> too\n-- \nAnn\n")
    assert fates(tmp_path) == {"a.eml": "One paragraph.\n> quoted too\n-- \nAnn"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([
    b"From a@b.c Tue Feb 11 08:30:00 2025\n", b"From: =?x?q?=\n", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: message/rfc822\n", b"Content-Transfer-Encoding: base64\n", b"\n", b"--b\n", b"--b--\n", b"> q\n",
    b"-- \n", b"text \xff\n", b"Date: 99\n", b"Content-Type: text/html; charset=\xff\n", b"<p>x\n", b"\x00\n",
]), max_size=14))  # fmt: skip
def test_mail_gone_wrong_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    (folder / "a.eml").write_bytes(b"".join(lines))
    (folder / "b.mbox").write_bytes(b"From a@b.c Tue Feb 11 08:30:00 2025\n" + b"".join(lines))
    assert len(fates(folder)) >= 2
