"""Read books (EPUB) as HTML: the chapters in the order of the book's spine, as one record.

By lxml, since EbookLib is under the AGPL.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from tasks.reading.content import Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import document
from tasks.reading.encodings import UTF8
from tasks.reading.office import checked_text
from tasks.reading.packages import Package, element_texts, opened_package
from tasks.reading.records import Flaw, ReadError, Record, size_detail
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

_CONTAINER = "META-INF/container.xml"
_ROOTFILE = ".//{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGE_TYPES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}
_BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ENCRYPTED_PAGE = re.compile(rb"CipherReference[^>]*\.x?html?[\"']", re.IGNORECASE)


def read_epub(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the book as a record of markup.

    Raises:
        ReadError: corrupt, encrypted, too_large, no_text; as `opened_package`.
    """
    with opened_package(content, settings) as package:
        if _ENCRYPTED_PAGE.search(package.read("META-INF/encryption.xml")):
            raise ReadError("encrypted", "a book under rights management")
        place = _place_of_contents(package)
        contents = package.tree(place)
        chapters = list(_chapters(package, contents, posixpath.dirname(place), settings))
    yield _record(*checked_text("\n".join(chapters), settings), contents)


def _place_of_contents(package: Package) -> str:
    """Return the name of the part that lists the book's parts.

    Raises:
        ReadError: corrupt.
    """
    container = package.tree(_CONTAINER)
    found = [] if container is None else list(container.iterfind(_ROOTFILE))
    place = unquote(found[0].get("full-path", "")) if found else ""
    if not package.has(place):
        raise ReadError("corrupt", "no list of the book's parts")
    return place


def _chapters(
    package: Package,
    contents: Any,  # noqa: ANN401 - lxml is untyped
    folder: str,
    settings: IngestSettings,
) -> Iterator[str]:
    """Yield the markup of each chapter, in order.

    Raises:
        ReadError: too_large: all of them together; as `Package.read`.
    """
    manifest = {
        item.get("id"): item
        for item in contents.iterfind(f"{_OPF}manifest/{_OPF}item")
        if item.get("media-type") in _PAGE_TYPES and "nav" not in item.get("properties", "").split()
    }
    size_bytes = 0
    for reference in contents.iterfind(f"{_OPF}spine/{_OPF}itemref"):
        item = manifest.pop(reference.get("idref"), None)
        if item is None:
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        data = package.read(name)
        size_bytes += len(data)
        if size_bytes > settings.max_record_bytes:
            raise ReadError("too_large", size_detail(settings.max_record_bytes))
        page = document(data, (), settings, is_markup=True)
        if isinstance(page, Record):
            found = _BODY.search(page.text)
            yield found[1] if found else page.text


def _record(text: str, data: bytes, contents: Any) -> Record:  # noqa: ANN401
    said = contents.find(f"{_OPF}metadata")

    def first(name: str) -> str | None:
        return next(iter(element_texts(said, f".//{_DC}{name}")), None)

    return Record(
        number=None,
        content=data,
        text=text,
        is_markup=True,
        encoding=UTF8,
        replaced_chars=0,
        source_id=first("identifier"),
        title=first("title"),
        author="; ".join(element_texts(said, f".//{_DC}creator")) or None,
        site=first("publisher"),
        published_at=parse_date(first("date")),
        declared_language=language_tag(first("language")),
    )
