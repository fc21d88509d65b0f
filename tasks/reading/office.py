"""Read documents of word processors: DOCX, by mammoth, and ODT, as HTML of what they say.

Left out are deletions that are tracked, comments, headers and footers. What a document says of
its making is no publication and stands in `record_fields`.
"""

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from tasks.reading.content import Content
from tasks.reading.encodings import UTF8, without_surrogates
from tasks.reading.fields import canonical_json
from tasks.reading.packages import element_texts, opened_package
from tasks.reading.records import Flaw, ReadError, Record, size_detail
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
#: Elements of ODT that are not read.
_UNREAD = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms"}
_UNREAD |= {f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls", f"{_OFFICE}annotation-end"}
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "<br>"}
_BLOCKS = {f"{_TEXT}p": "p", f"{_TEXT}h": "h2", f"{_TABLE}table-cell": "td"}
_BLOCKS |= {f"{_TABLE}table-row": "tr", f"{_TABLE}table": "table", f"{_TEXT}list-item": "li"}
_BLOCKS |= {f"{_TEXT}note-body": "blockquote"}
_DETAIL_CHARS = 200


def read_docx(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the document as a record of markup.

    Raises:
        ReadError: corrupt, encrypted, too_large, no_text; as `opened_package`.
    """
    with opened_package(content, settings) as package:
        if not package.has("word/document.xml"):
            raise ReadError("unsupported_format", "a package that is no text document")
        if package.size_bytes() > settings.max_record_bytes:
            raise ReadError("too_large", size_detail(settings.max_record_bytes))
        markup = _html_of_docx(package.file)
        tree = package.tree("docProps/core.xml")
    yield _record(markup, tree, settings)


class _Nameless:
    """A file as mammoth may have it: with a name, it would look beside it for linked pictures."""

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def seekable(self) -> bool:
        """It is."""
        return True


def _html_of_docx(file: BinaryIO) -> str:
    """Return a DOCX file as HTML, without its pictures.

    Raises:
        ReadError: corrupt.
    """
    import mammoth  # noqa: PLC0415 - other formats need not wait for it

    pictures = mammoth.images.img_element(lambda _: {})
    try:
        return str(mammoth.convert_to_html(_Nameless(file), convert_image=pictures).value)
    except Exception as error:  # mammoth raises whatever its code meets in a broken file
        raise ReadError("corrupt", f"the document: {error}"[:_DETAIL_CHARS]) from error


def read_odt(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the document as a record of markup.

    Raises:
        ReadError: corrupt, encrypted, too_large, no_text; as `opened_package`.
    """
    with opened_package(content, settings) as package:
        if not package.has("content.xml"):
            raise ReadError("unsupported_format", "a package that is no text document")
        if b":encryption-data" in package.read("META-INF/manifest.xml"):
            raise ReadError("encrypted", "a document with a password")
        body = package.tree("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise ReadError("unsupported_format", "no text document, but a table or slides")
        tree = package.tree("meta.xml")
    yield _record("".join(_html_of_odt(body)), tree, settings)


def _html_of_odt(body: Any) -> Iterator[str]:  # noqa: ANN401 - lxml is untyped
    """Yield pieces of HTML; not by recursion, since elements may be deep."""
    pending: list[str | Any] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
            continue
        if node.tag in _UNREAD or not isinstance(node.tag, str):
            continue
        tag = _BLOCKS.get(node.tag)
        yield f"<{tag}>" if tag else _SPACES.get(node.tag, "")
        yield html.escape(node.text or "")
        pending.append(f"</{tag}>\n" if tag else "")
        for child in reversed(node):
            pending += [html.escape(child.tail or ""), child]


def _record(markup: str, tree: Any, settings: IngestSettings) -> Record:  # noqa: ANN401
    """Return the record; a document without visible text has none.

    Raises:
        ReadError: no_text, too_large.
    """
    text, data = checked_text(markup, settings)
    created = element_texts(tree, f".//{_TERMS}created", f".//{_META}creation-date")
    rest = {"created": created[0]} if created else {}
    authors = element_texts(tree, f".//{_META}initial-creator", f".//{_DC}creator")
    return Record(
        number=None,
        content=data,
        text=text,
        is_markup=True,
        encoding=UTF8,
        replaced_chars=0,
        title=next(iter(element_texts(tree, f".//{_DC}title")), None),
        author="; ".join(authors) or None,
        declared_language=language_tag(next(iter(element_texts(tree, f".//{_DC}language")), None)),
        record_fields=canonical_json(rest) if rest else None,
    )


def checked_text(markup: str, settings: IngestSettings) -> tuple[str, bytes]:
    """Return the text of a document, and its bytes: what a record is known by.

    Raises:
        ReadError: no_text, too_large.
    """
    text = without_surrogates(markup)[0]
    pieces = (piece.rpartition(">")[2] for piece in text.split("<"))
    if not any(html.unescape(piece).strip() for piece in pieces):
        raise ReadError("no_text", "no text in it, but perhaps pictures")
    data = text.encode()
    if len(data) > settings.max_record_bytes:
        raise ReadError("too_large", size_detail(settings.max_record_bytes))
    return text, data
