"""Read e-mail: a message (`.eml`), or each message of a mailbox (`.mbox`), is a record.

By Python's `email`, which reads what is broken as well as it can. Of alternatives the plain text is
taken, unless it says much less than the HTML; shown parts are joined; attachments are named
in `record_fields`. Quoted replies and signatures stay: they are judged when the text is cleaned.
"""

import email
import email.policy
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from tasks.reading.content import Content
from tasks.reading.dates import parse_date
from tasks.reading.documents import document, whole_content
from tasks.reading.encodings import UTF8, decode, named_encoding, without_surrogates
from tasks.reading.fields import canonical_json
from tasks.reading.markup import without_tags
from tasks.reading.records import Encoding, Flaw, ReadError, Record, size_detail
from tasks.reading.streams import byte_chunks
from tasks.reading.values import language_tag
from tasks.settings import IngestSettings

#: The line between two messages: `From ann@a.example Tue Mar 12 10:22:00 2024`.
_BETWEEN = re.compile(rb"From (?:\S+ +)?\S.*\b\d{1,2}:\d{2}(?::\d{2})?\b.*\b\d{4}\b.*\r?\n?\Z")
_QUOTED_FROM = re.compile(rb"^>(?=>*From )")
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
#: A plain alternative of less than this share of the HTML says that the other is to be read.
_MIN_PLAIN_SHARE = 0.25
_MAX_PARTS = 1000
_SOFT_BREAK = " "
_SIGNATURE = "-- "
_QUOTES = re.compile(r">*")
_ANGLES = re.compile(r"<([^<>\s]+)>")
_COMMENT = re.compile(r"(?<!\s)\s*+\([^()]*\)\s*\Z")


def read_mail(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield the message as a record.

    Raises:
        ReadError: As `whole_content`.
    """
    data = whole_content(content, settings)
    if data:
        yield _message(data, settings)


def read_mailbox(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield a record or a flaw for each message, numbered from 1.

    Raises:
        ReadError: malformed_record: it does not begin with a message; as `byte_chunks`.
    """
    for number, data in enumerate(_messages(content, settings.max_record_bytes), 1):
        if data is None:
            yield Flaw(number, "too_large", size_detail(settings.max_record_bytes))
        else:
            yield _message(data, settings)._replace(number=number)


def _messages(content: Content, max_bytes: int) -> Iterator[bytes | None]:
    """Yield the bytes of each message; None for one that is too large."""
    message, size_bytes, is_begun, is_blank_before = list[bytes](), 0, False, True
    for line in _lines(content, max_bytes):
        if is_blank_before and _BETWEEN.match(line):
            if is_begun:
                yield b"".join(message) if size_bytes <= max_bytes else None
            message, size_bytes, is_begun = [], 0, True
        elif not is_begun and line.strip():
            raise ReadError("malformed_record", "no line that begins with From before a message")
        elif is_begun:
            size_bytes += len(line)
            message += [_QUOTED_FROM.sub(b"", line)] if size_bytes <= max_bytes else []
        is_blank_before = not line.strip()
    if is_begun:
        yield b"".join(message) if size_bytes <= max_bytes else None


def _lines(content: Content, max_bytes: int) -> Iterator[bytes]:
    """Yield lines with their ends; one that is larger than a message may be comes in pieces."""
    pending = bytearray()
    for chunk in byte_chunks(content):
        pending += chunk
        *lines, last = pending.split(b"\n")
        yield from (bytes(line) + b"\n" for line in lines)
        pending = bytearray(last)
        if len(pending) > max_bytes:
            yield bytes(pending)
            pending.clear()
    if pending:
        yield bytes(pending)


@dataclass
class _Parts:
    """The texts of a message that are shown, in order, and what else it holds."""

    texts: list[Message] = field(default_factory=list)
    attachments: list[Message] = field(default_factory=list)


def _message(data: bytes, settings: IngestSettings) -> Record | Flaw:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    try:
        parts = _shown(message, settings)
        pieces = [_text(part, settings) for part in parts.texts]
    except ReadError as failure:
        return Flaw(None, failure.reason, failure.detail)
    except RecursionError:
        return Flaw(None, "malformed_record", "parts within too many others")
    read = [(part, piece) for part, piece in zip(parts.texts, pieces, strict=True) if piece]
    if not read:
        kinds = sorted({part.get_content_type() for part in parts.attachments})
        return Flaw(None, "no_text", f"its parts: {', '.join(kinds) or 'none with text'}"[:200])
    is_markup = any(part.get_content_type() == "text/html" for part, _ in read)
    texts = [piece.text if not is_markup else _as_html(piece, part) for part, piece in read]
    text = "\n\n".join(texts)
    first = read[0][1]
    record = Record(
        number=None,
        content=data,
        text=text,
        is_markup=is_markup,
        encoding=first.encoding if text else UTF8,
        replaced_chars=sum(piece.replaced_chars for _, piece in read),
    )
    return _with_headers(record, message, parts.attachments, settings)


def _shown(message: Message, settings: IngestSettings) -> _Parts:
    """Return the parts of a message that a reader is shown.

    Raises:
        ReadError: encrypted.
    """
    parts = _Parts()
    pending = [message]
    for _ in range(_MAX_PARTS):
        if not pending:
            break
        part = pending.pop()
        kind = part.get_content_type()
        is_file = part.get_content_disposition() == "attachment"
        if kind in _ENCRYPTED and part.get_param("smime-type") != "signed-data":
            raise ReadError("encrypted", "an encrypted message")
        if kind == "multipart/alternative":
            pending.append(_best(_children(part), settings))
        elif part.is_multipart() and (kind != "message/rfc822" or not parts.texts) and not is_file:
            pending += reversed(_children(part))
        elif kind in {"text/plain", "text/html"} and not is_file and not part.is_multipart():
            parts.texts.append(part)
        else:
            parts.attachments.append(part)
    return parts


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return (
        [child for child in payload if isinstance(child, Message)]
        if isinstance(payload, list)
        else []
    )


def _best(alternatives: list[Message], settings: IngestSettings) -> Message:
    """Return the alternative to read: plain text, unless the last one says much more."""
    if not alternatives:
        return Message()
    plain = [part for part in alternatives if part.get_content_type() == "text/plain"]
    pages = [part for part in alternatives if part.get_content_type() == "text/html"]
    if not plain or not pages:
        return (plain or alternatives)[-1]
    said = _text(pages[-1], settings)
    visible = " ".join(without_tags(said.text).split()) if said else ""
    own = _text(plain[0], settings)
    is_enough = own is not None and len(own.text) >= _MIN_PLAIN_SHARE * len(visible)
    return plain[0] if is_enough else pages[-1]


def _text(part: Message, settings: IngestSettings) -> Record | None:
    """Return a part as a record without headers; None: it is blank.

    Raises:
        ReadError: binary, undecodable.
    """
    body = part.get_payload(decode=True)
    charset = part.get_content_charset()
    hint = named_encoding(charset, "declared") if charset else None
    is_markup = part.get_content_type() == "text/html"
    data = body if isinstance(body, bytes) else b""
    item = document(data, [hint] if hint else [], settings, is_markup=is_markup)
    if isinstance(item, Flaw):
        return None
    if not is_markup and str(part.get_param("format", "")).lower() == "flowed":
        joins_words = str(part.get_param("delsp", "")).lower() == "yes"
        return item._replace(text=_unflowed(item.text, joins_words=joins_words))
    return item._replace(text=item.text.replace("\r\n", "\n"))


def _unflowed(text: str, *, joins_words: bool) -> str:
    """Return `format=flowed` text (RFC 3676) with its paragraphs in one line each."""
    lines: list[str] = []
    is_open, depth = False, 0
    for line in text.splitlines():
        quotes = len(_QUOTES.match(line)[0])  # type: ignore[index]
        body = line[quotes:].removeprefix(" ")
        flows = line.endswith(_SOFT_BREAK) and body != _SIGNATURE
        body = body[:-1] if flows and joins_words else body
        if is_open and quotes == depth:
            lines[-1] += body
        else:
            lines.append(f"{'>' * quotes} {body}" if quotes else body)
        is_open, depth = flows, quotes
    return "\n".join(lines)


def _as_html(piece: Record, part: Message) -> str:
    if part.get_content_type() == "text/html":
        return piece.text
    return "<br>\n".join(html.escape(line) for line in piece.text.splitlines())


def _with_headers(
    record: Record, message: Message, attachments: list[Message], settings: IngestSettings
) -> Record:
    people = getaddresses([_header(message, "From", settings) or ""])
    names = [name for name, _ in people if name]
    others: dict[str, object] = {
        name.lower().replace("-", "_"): _header(message, name, settings)
        for name in ("From", "To", "Cc", "In-Reply-To", "List-Id")
    }
    others["attachments"] = [_named(part, settings) for part in attachments]
    archived = _ANGLES.search(_header(message, "Archived-At", settings) or "")
    rest = {name: value for name, value in others.items() if value}
    return record._replace(
        source_id=(_header(message, "Message-ID", settings) or "").strip("<> ") or None,
        url=archived[1] if archived else None,
        title=_header(message, "Subject", settings),
        author="; ".join(names) or None,
        published_at=parse_date(_COMMENT.sub("", _header(message, "Date", settings) or "")),
        declared_language=language_tag(_header(message, "Content-Language", settings)),
        record_fields=canonical_json(rest) if rest else None,
    )


def _named(part: Message, settings: IngestSettings) -> str:
    name = part.get_filename()
    shown = _decoded(name, settings) if isinstance(name, str) else ""
    return f"{shown} ({part.get_content_type()})".strip()


def _header(message: Message, name: str, settings: IngestSettings) -> str | None:
    value = message.get(name)
    return (_decoded(value, settings) or None) if value is not None else None


def _decoded(value: object, settings: IngestSettings) -> str:
    """Return a header in one line, its encoded words decoded."""
    try:
        pieces = decode_header(value)  # type: ignore[arg-type]
    except (ValueError, LookupError, email.errors.MessageError):
        pieces = [(str(value), None)]
    text = "".join(_piece(data, charset, settings) for data, charset in pieces)
    return " ".join(without_surrogates(text)[0].split())


def _piece(data: str | bytes, charset: str | None, settings: IngestSettings) -> str:
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    hint: Encoding | None = named_encoding(charset, "declared") if charset else None
    try:
        return decode(data, [hint] if hint else [], settings)[0]
    except ReadError:
        return data.decode("ascii", "replace")
