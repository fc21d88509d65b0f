"""Read RSS and Atom feeds: an entry is a record, read when it is whole.

Not feedparser: it holds the whole feed, and rewrites the markup of the texts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from tasks.reading.content import ChunkFile, Content
from tasks.reading.entities import with_characters
from tasks.reading.fields import Row, canonical_json, read_row
from tasks.reading.lines import utf8_chunks
from tasks.reading.markup import is_fragment
from tasks.reading.records import Flaw, ReadError, Record, size_detail
from tasks.settings import IngestSettings

_ROOTS = {"rss", "rdf", "feed"}
_ENTRIES = {"item", "entry"}
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_MEDIA = "http://search.yahoo.com/mrss/"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
#: Namespaces of RSS and Atom themselves, and of Dublin Core; others say it again, shorter.
_CORE = {
    "",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/ns#",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
}
#: Elements of an entry that hold its text, the fullest first.
_TEXTS = ("content", "description", "summary")
_LESSER_TEXTS = (f"{{{_ITUNES}}}summary", f"{{{_MEDIA}}}description", f"{{{_MEDIA}}}text")
#: Elements with one value, and the fields that they become.
_FIELDS = {
    "title": "title",
    "link": "link",
    "guid": "guid",
    "id": "id",
    "pubDate": "pubdate",
    "published": "published",
    "issued": "published",
    "date": "date",
    "updated": "updated",
    "category": "category",
}
_AUTHORS = {"creator", "author"}
#: `office@a.example (Harbour Office)` and `Harbour Office <office@a.example>`.
_NAMED_ADDRESS = re.compile(
    r"[^\s@]+@[^\s@(]+\s*\((?P<name>[^()]+)\)|(?P<first>[^<>]+)<[^<>@]+@[^<>@]+>"
)
_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]++@[^\s@.]++\.[^\s@]")
_FEEDS = {"channel", "feed"}
_OF_FEED = {"title": "site", "language": "language"}
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ANY_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*[\s/>]|<!--")
_ESCAPED_CDATA = re.compile(r"\s*<!\[CDATA\[(.*?)(?:\]\]>\s*)?\Z", re.DOTALL)
#: What libxml2 says of a document that is not whole.
_CUT_OFF = {"ERR_TAG_NOT_FINISHED", "ERR_DOCUMENT_END", "ERR_GT_REQUIRED", "ERR_CDATA_NOT_FINISHED"}
_DETAIL_CHARS = 200


def read_feed(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each entry, numbered from 1.

    Raises:
        ReadError: unsupported_format: XML but no feed; corrupt or truncated: no XML from here
            on; binary; as `byte_chunks`.
    """
    chunks, encoding = utf8_chunks(content, settings)
    settings = settings.model_copy(update={"text_field": None})
    number, of_feed = 0, dict[str, object]()
    for element in _elements(ChunkFile(with_characters(chunks))):
        name = _name(element)
        if name in _ENTRIES:
            number += 1
            fields = {**of_feed, **_fields(element)}
            _forget(element)
            yield _record(Row(number, b"", fields, encoding), settings)
        elif _name(element.getparent()) in _FEEDS and name in _OF_FEED:
            of_feed |= {_OF_FEED[name]: _value(element, name)}
            of_feed |= _language(element.getparent())


def _elements(file: ChunkFile) -> Iterator[Any]:
    """Yield the elements of a feed, each when it is whole.

    Nothing outside the file is fetched, and libxml2's own limits hold: ten million characters
    in a text, entities that grow a little.
    """
    events = etree.iterparse(
        file, ("start", "end"), recover=True, no_network=True, load_dtd=False, encoding="utf-8"
    )
    is_first = True
    try:
        for event, element in events:
            if is_first:
                _require_feed(element)
            is_first = False
            if event == "end" and isinstance(element.tag, str):
                yield element
    except etree.XMLSyntaxError as error:
        if file.given_bytes:
            raise ReadError("corrupt", f"the XML: {error.msg}"[:_DETAIL_CHARS]) from error
    _require_end(events.error_log)


def _require_feed(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    name = _name(root)
    if name.lower() not in _ROOTS:
        raise ReadError("unsupported_format", f"XML, but no RSS or Atom: <{name[:40]}>")


def _require_end(errors: Iterable[Any]) -> None:
    """Raise if the parser had to close the last elements itself.

    Raises:
        ReadError: truncated.
    """
    if any(error.type_name in _CUT_OFF for error in errors):
        raise ReadError("truncated", "the XML ends too early")


def _name(element: Any) -> str:  # noqa: ANN401
    """Return an element's name without its namespace; of a comment or nothing, no name."""
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _language(feed: Any) -> dict[str, object]:  # noqa: ANN401
    language = feed.get("{http://www.w3.org/XML/1998/namespace}lang")
    return {"language": language} if language else {}


def _fields(entry: Any) -> dict[str, object]:  # noqa: ANN401
    """Return what an entry says under the names of `tasks.reading.fields`; lists as they came."""
    fields: dict[str, object] = dict(_language(entry))
    children = [child for child in entry if isinstance(child.tag, str)]
    for child in sorted(children, key=lambda child: _namespace(child) not in _CORE):
        name = _FIELDS.get(_name(child), "")
        value = _value(child, name)
        if name and value:
            fields.setdefault(name, value)
    text, is_markup = _text(entry, children)
    text_fields = {"html" if is_markup else "text": text} if text else {}
    return {**fields, **_authors(children), **text_fields}


def _namespace(element: Any) -> str:  # noqa: ANN401
    return str(element.tag.rpartition("}")[0].removeprefix("{"))


def _value(element: Any, name: str) -> str:  # noqa: ANN401
    if name == "link" and element.get("href"):
        return str(element.get("href")) if element.get("rel", "alternate") == "alternate" else ""
    return " ".join(_without_cdata("".join(element.itertext())).split())


def _authors(children: list[Any]) -> dict[str, object]:
    """Return the names of the authors; an address without a name is none."""
    found = [_person(child) for child in children if _name(child) in _AUTHORS]
    people = {"author": list(dict.fromkeys(name for name in found if "@" not in name and name))}
    addresses = {"author_address": next((name for name in found if "@" in name), "")}
    return {name: value for name, value in (people | addresses).items() if value}


def _person(element: Any) -> str:  # noqa: ANN401
    inner = [child for child in element if _name(child) == "name"]
    text = _value(inner[0] if inner else element, "author")
    if found := _NAMED_ADDRESS.fullmatch(text):
        return (found["name"] or found["first"]).strip(' "')
    return text if inner or len(element) == 0 or not _ADDRESS.search(text) else ""


def _text(entry: Any, children: list[Any]) -> tuple[str, bool]:  # noqa: ANN401
    """Return the fullest text of an entry, and whether it is markup."""
    core = {_name(child): child for child in reversed(children) if _namespace(child) in _CORE}
    found = [entry.find(f"{{{_CONTENT}}}encoded"), *(core.get(name) for name in _TEXTS)]
    found += [next(entry.iter(name), None) for name in _LESSER_TEXTS]
    for element in found:
        text = "" if element is None else _without_cdata(_inner(element))
        if text.strip():
            return text, _is_markup(text, element)
    return "", False


def _is_markup(text: str, element: Any) -> bool:  # noqa: ANN401
    """Tell whether a text is markup: in Atom as it says, in RSS as it looks."""
    kind = element.get("type", "")
    is_named = "html" in kind or _namespace(element) == _CONTENT
    if is_fragment(text) or (is_named and _ANY_TAG.search(text)):
        return True
    return kind not in {"text", "text/plain"} and _ENTITY.search(text) is not None


def _without_cdata(text: str) -> str:
    """Return what a CDATA section says that was escaped with its marks."""
    found = _ESCAPED_CDATA.match(text) if "<![CDATA[" in text else None
    return found[1] if found else text


def _inner(element: Any) -> str:  # noqa: ANN401
    """Return an element's text; with elements in it (Atom's XHTML), their markup."""
    if len(element) == 0:
        return element.text or ""
    children = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return (element.text or "") + "".join(children)


def _forget(entry: Any) -> None:  # noqa: ANN401
    """Free an entry and what stood before it, which would be held to the end."""
    entry.clear()
    while entry.getprevious() is not None:
        del entry.getparent()[0]


def _record(row: Row, settings: IngestSettings) -> Record | Flaw:
    content = canonical_json(row.fields).encode()
    if len(content) > settings.max_record_bytes:
        return Flaw(row.number, "too_large", size_detail(settings.max_record_bytes))
    return read_row(replace(row, content=content), settings)
