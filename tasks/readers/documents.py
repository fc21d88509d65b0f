"""Readers of files that are one document: text and HTML."""

from collections.abc import Iterator

from tasks.readers.encodings import declared_encoding, decode, without_surrogates
from tasks.readers.fields import is_markup_document
from tasks.readers.records import Flaw, ReadError, Record, size_detail
from tasks.readers.streams import byte_chunks
from tasks.settings import IngestSettings

_BEGIN_BYTES = 1024


def read_text(path: str, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the file as a record; one that begins like an HTML document is markup."""
    yield _document(_content(path, settings), settings, is_markup=False)


def read_html(path: str, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the file as a record of markup, decoded as its `meta` or XML declaration says."""
    yield _document(_content(path, settings), settings, is_markup=True)


def _content(path: str, settings: IngestSettings) -> bytes:
    """Return the file's bytes.

    Raises:
        ReadError: As `byte_chunks`; too_large also for a plain file.
    """
    content = bytearray()
    for chunk in byte_chunks(path, settings.max_expansion):
        content += chunk
        if len(content) > settings.max_record_bytes:
            raise ReadError("too_large", size_detail(settings.max_record_bytes))
    return bytes(content)


def _document(content: bytes, settings: IngestSettings, *, is_markup: bool) -> Record | Flaw:
    if not content:
        return Flaw(None, "empty", "no bytes")
    begins_as_markup = is_markup_document(content[:_BEGIN_BYTES].decode("latin-1"))
    hint = declared_encoding(content) if is_markup or begins_as_markup else None
    raw_text, encoding = decode(content, hint, settings)
    text, replaced_chars = without_surrogates(raw_text)
    if not text.strip():
        return Flaw(None, "empty", "white space only")
    return Record(
        number=None,
        content=content,
        text=text,
        is_markup=is_markup or is_markup_document(text),
        encoding=encoding,
        replaced_chars=replaced_chars,
    )
