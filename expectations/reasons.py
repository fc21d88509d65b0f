"""Name the reasons for which records and segments are left out: no table may hold others.

`docs/reasons.md` is generated from these.
"""

from dataclasses import dataclass
from typing import Literal

#: What was asked to be left out: it says nothing of the source.
OUTSIDE_PERIOD = "outside_period"
Subject = Literal["record", "segment", "block", "document"]


@dataclass(frozen=True)
class Reason:
    """A short name, the stage that gives it, what it is given to, and what it means.

    A block is a segment that was never main text of its page: no language, no name is looked for.
    """

    name: str
    stage: str
    subject: Subject
    meaning: str


REASONS: dict[str, Reason] = {
    reason.name: reason
    for reason in (
        Reason("empty", "ingest", "record", "It has no bytes, or nothing but white space."),
        Reason("binary", "ingest", "record", "Its bytes are not text in any encoding."),
        Reason("undecodable", "ingest", "record", "No encoding decodes it well enough."),
        Reason(
            "too_large",
            "ingest",
            "record",
            "It is larger than `ingest.max_record_bytes`, or beyond another limit on sizes.",
        ),
        Reason("truncated", "ingest", "record", "The file ends too early, from here on."),
        Reason(
            "too_many_members",
            "ingest",
            "record",
            "The archive has more than `ingest.max_archive_members`, from here on.",
        ),
        Reason(
            "too_many_rejects",
            "ingest",
            "record",
            "The file has more than `ingest.max_file_rejects`: this row counts those from here on.",
        ),
        Reason(
            "too_deep",
            "ingest",
            "record",
            "An archive lies in more others than `ingest.max_archive_depth` allows.",
        ),
        Reason("encrypted", "ingest", "record", "A password is needed to read it."),
        Reason("http_status", "ingest", "record", "The server answered with another status."),
        Reason("corrupt", "ingest", "record", "The container cannot be read, from here on."),
        Reason(
            "malformed_record", "ingest", "record", "The line or row is not what its format says."
        ),
        Reason("no_text_field", "ingest", "record", "No field with a known name holds text."),
        Reason(
            "no_text",
            "ingest",
            "record",
            "It holds no text: scanned pages, pictures, a message of attachments only.",
        ),
        Reason(
            OUTSIDE_PERIOD,
            "ingest",
            "record",
            "Its date is not from `ingest.since` on and before `ingest.until`, which were asked "
            "for, or it has none: no fault of the record.",
        ),
        Reason("unreadable", "ingest", "record", "The file system refuses to give the file."),
        Reason("symlink_loop", "ingest", "record", "The link leads back to a folder above it."),
        Reason("outside_source", "ingest", "record", "The link leads out of the source."),
        Reason("linked_folder", "ingest", "record", "The folder is read where it lies, not here."),
        Reason("unsupported_format", "ingest", "record", "No reader knows this kind of file."),
        Reason("no_main_text", "compose", "record", "The page has no main text."),
        Reason("nothing_kept", "compose", "record", "Every segment was dropped."),
        Reason(
            "low_quality",
            "compose",
            "record",
            "Its text breaks a limit of `quality`, which was asked to reject such.",
        ),
        Reason(
            "chrome",
            "clean",
            "segment",
            "Page furniture: share, subscribe, read on, navigation, or what recurs over the site.",
        ),
        Reason("link", "clean", "segment", "Nothing but an address."),
        Reason(
            "quoted_reply",
            "clean",
            "segment",
            "An e-mail quotes the message that it answers.",
        ),
        Reason(
            "signature",
            "clean",
            "segment",
            "What mail programs and mailing lists put below each message.",
        ),
        Reason("blank", "clean", "segment", "Nothing in it can be seen: control characters only."),
        Reason("repeated", "clean", "segment", "It stands earlier in the same document."),
        Reason(
            "foreign_boilerplate",
            "tag_language",
            "segment",
            "A disclaimer or advert in another language than the body.",
        ),
        Reason(
            "page_furniture",
            "clean",
            "block",
            "Not the page's main text: menus, notices, sidebars.",
        ),
        Reason("caption", "clean", "block", "It stands below a picture or above a table."),
        Reason("title", "clean", "block", "The page's title, which is in `documents.title`."),
        Reason("related", "clean", "block", "It leads on to other texts."),
        Reason("comment", "clean", "block", "What readers wrote below it."),
        Reason("consent", "clean", "block", "It asks for consent to cookies and tracking."),
        Reason("paywall", "clean", "block", "It asks for a subscription or a login."),
        Reason("dialog", "clean", "block", "A window that opens over the page."),
        Reason("hidden", "clean", "block", "The page does not show it at first."),
        Reason(
            "superseded",
            "find_versions",
            "document",
            "Its page was fetched again later and said something else: that version counts.",
        ),
        Reason("exact", "find_duplicates", "document", "Its text is that of another document."),
        Reason(
            "near", "find_duplicates", "document", "Its text is nearly that of another document."
        ),
        Reason("kept", "compose", "document", "No rule drops it."),
    )
}


def reasons_for(*subjects: Subject) -> frozenset[str]:
    """Return the names of the reasons that are given to subjects."""
    return frozenset(name for name, reason in REASONS.items() if reason.subject in subjects)


#: Why a text of a page is no segment of its main text.
BLOCK_REASONS = reasons_for("block")
