"""Recognise a file by its name, or by its first bytes where the name says nothing.

A mirrored site has `index.html?p=2`, `news.php`, `page.html.1` and names without an ending. A name
that says that it is something else (`logo.png`, `style.css`) is believed, unread.
"""

import mimetypes
import re
from pathlib import PurePosixPath

from tasks.reading.encodings import decode
from tasks.reading.markup import is_markup_document
from tasks.reading.records import ReadError
from tasks.settings import IngestSettings

COMPRESSION_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
#: How much of a file is looked at.
HEAD_BYTES = 4096
#: What wget, browsers and editors append to a name: a query, a number, the mark of a copy.
_APPENDED = re.compile(r"[?@][^/]*$|\.\d{1,3}$|~$|\.(?:bak|orig|old|tmp|download)$| ?\(\d{1,3}\)$")
_TYPES = mimetypes.MimeTypes(filenames=())
#: Endings of programs that write pages: the program's source is seldom met with.
_PAGE_PROGRAMS = {
    ".php",
    ".asp",
    ".aspx",
    ".jsp",
    ".cgi",
    ".cfm",
    ".do",
    ".shtml",
    ".phtml",
    ".jhtml",
}
#: Other files that people keep beside texts, which no registry of types names.
_OTHER_NAMES = (
    "7z cfg class conf cpp db dmg ds_store go ini iso java less lock log lz4 map nib o odp ods pem"
    " pyc rb rs rar rtf sass scss sql sqlite toml ts tsx ttf vue woff woff2 yaml yml"
)
_OTHER_SUFFIXES = frozenset(f".{name}" for name in _OTHER_NAMES.split())
_CUT_CHARACTER = re.compile(rb"(?<=.{4000})[\x80-\xff]{1,3}\Z", re.DOTALL)
_ZIP = rb"PK\x03\x04.{26}"
_PAGE = re.compile(
    rb"(?:<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>|\s)*<(?:!doctype html|html|head|body|div|p|article"
    rb"|main|section|h1|table|meta|title)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*(?:<\?xml\s|<(?:rss|feed|rdf:rdf)[\s>])", re.IGNORECASE)
_MAIL_HEADER = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}"
)
_MAIL_NAMES = re.compile(rb"(?im)^(?:from|subject|message-id|received|return-path|date):")
_CUE = rb"\s*+\d{1,6}[ \t]*+\r?\n\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s+-->"
_JSON_LINE = re.compile(rb'\s*\{\s*"[^\n]*\}[ \t]*\r?\n\s*\{')
_MAGIC = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (rb"%PDF-\d", "pdf"),
        (_ZIP + rb"mimetypeapplication/epub\+zip", "epub"),
        (_ZIP + rb"mimetypeapplication/vnd\.oasis\.opendocument\.text", "odt"),
        (_ZIP + rb"mimetype.*META-INF/container\.xml", "epub"),
        (_ZIP + rb"mimetype.*(?:content|styles|meta)\.xml", "odt"),
        (_ZIP + rb"(?:\[Content_Types\]\.xml|_rels/|docProps/|word/)", "docx"),
        (rb"PK\x03\x04|PK\x05\x06", "zip"),
        (rb"PAR1", "parquet"),
        (rb"ARROW1", "arrow"),
        (rb"WARC/\d\.\d\r?\n", "warc"),
        (rb".{257}ustar", "tar"),
        (rb"From \S+ [^\r\n]*\d{2}:\d{2}[^\r\n]*\r?\n[A-Za-z-]+:", "mbox"),
        (rb"(?:\xef\xbb\xbf)?WEBVTT\s", "subtitles"),
        (rb"(?:\xef\xbb\xbf)?" + _CUE, "subtitles"),
    )
)


def suffixes_of(file_name: str) -> list[str]:
    """Return the endings that a name may mean, the likeliest first, in lower case."""
    name = file_name.lower()
    found = [_suffix(name)]
    while (bare := _APPENDED.sub("", name)) not in {name, ""}:
        name = bare
        found.append(_suffix(name))
    return found


def _suffix(name: str) -> str:
    path = PurePosixPath(name)
    return path.with_suffix("").suffix if path.suffix in COMPRESSION_SUFFIXES else path.suffix


def says_otherwise(file_name: str) -> bool:
    """Tell whether a name says that its file is none of those that are read, or hidden."""
    name = PurePosixPath(file_name.lower())
    suffix = next((suffix for suffix in reversed(suffixes_of(file_name)) if suffix), "")
    if name.name.startswith("."):
        return True
    if suffix in _PAGE_PROGRAMS:
        return False
    kind, packing = _TYPES.guess_type(f"a{suffix}")
    return suffix in _OTHER_SUFFIXES or kind is not None or packing is not None


def recognised(head: bytes, settings: IngestSettings) -> str | None:
    """Return the name of the format of a file's first bytes; None: of none that is read."""
    for pattern, name in _MAGIC:
        if pattern.match(head):
            return name
    # Markup says itself in which encoding it is: it need not be told before.
    if _PAGE.match(head) or _XML.match(head):
        return _of_text(head)
    try:
        text = decode(_CUT_CHARACTER.sub(b"", head), (), settings)[0]
    except ReadError:
        return None
    return _of_text(text.removeprefix("\ufeff").encode("utf-8", "replace"))


def _of_text(head: bytes) -> str:
    if _PAGE.match(head) or is_markup_document(head.decode("utf-8", "replace")):
        return "html"
    if _XML.match(head):  # whether it is one, its reader says
        return "feed"
    first = head.lstrip()[:1]
    if first == b"{":
        return "jsonl" if _JSON_LINE.match(head) else "json"
    if first == b"[" and re.match(rb'\s*\[\s*[\[{"]', head):
        return "json"
    if _MAIL_HEADER.match(head) and len(set(_MAIL_NAMES.findall(head))) > 1:
        return "email"
    return "text"
