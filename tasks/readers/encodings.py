"""Which encoding bytes are in.

In this order: a byte order mark; UTF-16, UTF-32 and ISO-2022 without one (their bytes
would pass for UTF-8); valid UTF-8 with at least one character beyond ASCII, which no other
encoding yields by chance and which pages keep wrong declarations beside; the declared
encoding; UTF-8 with some damage; detection by charset-normalizer.

What cannot be decoded becomes a lone surrogate, so that it can be told from a U+FFFD that
was there before; `without_surrogates` makes it U+FFFD and counts it.
"""

import codecs
import re

from charset_normalizer import from_bytes

from tasks.readers.records import Encoding, ReadError
from tasks.settings import IngestSettings

#: Error handler of codecs: a lone surrogate for each sequence that cannot be decoded.
MARK_UNDECODED = "babelmill.mark"
codecs.register_error(MARK_UNDECODED, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]
_SURROGATE = re.compile("[\ud800-\udfff]")

_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
UTF8 = Encoding("utf-8", "utf-8")

# Browsers look at 1,024 bytes; saved pages often begin with comments of that size.
_DECLARATION_BYTES = 4096
_DECLARATION = re.compile(
    rb"""<(?:\?xml\b[^>]{0,200}?\bencoding|meta\b[^>]{0,400}?\bcharset)\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# What browsers read these names as (https://encoding.spec.whatwg.org/#names-and-labels): the
# supersets that pages really use. A UTF-16 declaration readable as ASCII is wrong.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
# Codecs of Python that no page may ask for.
_REFUSED = {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_WIDE = ("utf-16", "utf-32", "iso2022")
# UTF-16 has .5 in most scripts, in Devanagari and Bengali (whose upper byte is a tab) .07.
_WIDE_CONTROL_SHARE = 0.01
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# charset-normalizer looks at five pieces of what it gets; this is more than enough for it.
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_LEAD_BYTES = 1024


def without_surrogates(text: str) -> tuple[str, int]:
    """Return the text with U+FFFD for each lone surrogate, and how many there were."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.subn("\ufffd", text)
    return text, 0


def byte_order_mark(data: bytes) -> tuple[bytes, Encoding] | None:
    """Return the mark that data begins with and the encoding it stands for."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return mark, Encoding(codec, "bom")
    return None


def declared_encoding(data: bytes) -> Encoding | None:
    """Return the encoding that a page's `meta` or XML declaration names, if Python knows it."""
    found = _DECLARATION.search(data[:_DECLARATION_BYTES])
    codec = _canonical(found[1].decode("ascii", "replace")) if found else None
    return Encoding(codec, "declared") if codec else None


def _canonical(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        b"text".decode(codec)  # refuses what is no text encoding, such as base64
    except (LookupError, ValueError):
        return None
    return None if codec in _REFUSED else _READ_AS.get(codec, codec)


def decode(data: bytes, hint: Encoding | None, settings: IngestSettings) -> tuple[str, Encoding]:
    """Decode a record.

    Args:
        data: Its bytes, or bytes of it.
        hint: What it declares, or what was detected for the file around it.
        settings: How much may be damaged.

    Returns:
        The text, with a lone surrogate for each sequence that could not be decoded, and
        the encoding. Control characters, NUL among them, are left as they are.

    Raises:
        ReadError: binary or undecodable.
    """
    if marked := byte_order_mark(data):
        return _decoded_by_mark(data, *marked, settings)
    if (wide := _wide_encoding(data, settings)) is not None:
        return wide
    if _control_share(data) > settings.max_control_share:
        raise ReadError("binary", "too many control characters for text")
    return _decoded_as_text(data, hint, settings)


def _wide_encoding(data: bytes, settings: IngestSettings) -> tuple[str, Encoding] | None:
    if not _has_wide_signs(data):
        return None
    encoding = _detected(data[:_SAMPLE_BYTES], settings)
    if encoding is None or not encoding.codec.startswith(_WIDE):
        return None
    text = _tolerated(data, encoding, settings)
    return None if text is None else (text, encoding)


def _has_wide_signs(data: bytes) -> bool:
    share = _control_share(data)
    if share > _WIDE_CONTROL_SHARE or b"\x1b$" in data:
        return True
    return share > 0 and _strict(data, "utf-8") is None


def _decoded_by_mark(
    data: bytes, mark: bytes, encoding: Encoding, settings: IngestSettings
) -> tuple[str, Encoding]:
    text = _tolerated(data[len(mark) :], encoding, settings)
    if text is None:
        raise ReadError("undecodable", f"the byte order mark says {encoding.codec}")
    return text, encoding


def _decoded_as_text(
    data: bytes, hint: Encoding | None, settings: IngestSettings
) -> tuple[str, Encoding]:
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and (hint is None or not utf8.isascii()):
        return utf8, hint if hint and hint.codec == "utf-8" else UTF8
    if hint and (text := _tolerated(data, hint, settings)) is not None:
        return text, hint
    if utf8 is None and (utf8 := _damaged_utf8(data, settings)) is None:
        return _decoded_by_detection(data, settings)
    return utf8, UTF8


def _decoded_by_detection(data: bytes, settings: IngestSettings) -> tuple[str, Encoding]:
    encoding = _detected(_sample(data), settings) or _detected(data, settings)
    text = _tolerated(data, encoding, settings) if encoding else None
    if encoding is None or text is None:
        raise ReadError("undecodable", "no encoding gives text")
    return text, encoding


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _tolerated(data: bytes, encoding: Encoding, settings: IngestSettings) -> str | None:
    text = data.decode(encoding.codec, MARK_UNDECODED)
    damage = len(_SURROGATE.findall(text))
    return text if damage <= settings.max_replaced_share * len(text) else None


def _damaged_utf8(data: bytes, settings: IngestSettings) -> str | None:
    text = data.decode("utf-8", MARK_UNDECODED)
    damage = len(_SURROGATE.findall(text))
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if damage <= settings.max_damaged_share * beyond_ascii else None


def _control_share(data: bytes) -> float:
    return 1 - len(data.translate(None, _CONTROLS)) / len(data) if data else 0.0


def _sample(data: bytes) -> bytes:
    """Return what detection is to look at: whole lines from where ASCII ends."""
    first = _NOT_ASCII.search(data)
    begin = max(0, (first.start() if first else 0) - _SAMPLE_LEAD_BYTES)
    sample = data[begin : begin + _SAMPLE_BYTES]
    return sample[: sample.rfind(b"\n") + 1] or sample


def _detected(data: bytes, settings: IngestSettings) -> Encoding | None:
    best = from_bytes(data, threshold=1 - settings.min_encoding_confidence).best()
    return Encoding(codecs.lookup(best.encoding).name, "detected") if best else None
