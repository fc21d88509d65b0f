"""Decode bytes, and find out which encoding they are in.

In this order: a byte order mark; UTF-16, UTF-32 and ISO-2022 without one (their bytes
would pass for UTF-8); valid UTF-8 with at least one character beyond ASCII, which no other
encoding yields by chance and which pages keep wrong declarations beside; what the server
declares, then the page, unless that makes nonsense of it; else each line is in the encoding in
which it is the likeliest text (`mixed_lines`), UTF-8 with some damage among them. What has a form
of its own (the UTFs, ISO-2022) is recognised here.

What cannot be decoded becomes a lone surrogate, so that it is not mistaken for a U+FFFD that
was there before; `without_surrogates` makes it U+FFFD and counts it.
"""

import codecs
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from statistics import median

from tasks.reading.detection import MARK_UNDECODED, line_costs, readings
from tasks.reading.mixed_lines import MAX_LETTER_COST, decoded_lines
from tasks.reading.records import Encoding, ReadError
from tasks.settings import IngestSettings

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

_ESCAPED = ("iso2022_jp", "iso2022_jp_2", "iso2022_kr")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

#: What every text has, whatever its script: spaces, digits, punctuation.
_COMMON = re.compile("[\t\n\r -~\u3000-\u303f\uff00-\uff20]")
# Thai has a space every 60 characters, Chinese a punctuation mark every 20.
_MIN_COMMON_SHARE = 0.005
# Bytes of another kind read as UTF-16 hit what is unassigned or private in one of ten.
_MAX_UNASSIGNED_SHARE = 0.02

# ASCII words with some NUL read as UTF-16 are Chinese ("Bush hid the facts"). Of the bytes of
# real UTF-16, Latin letters and spaces are half at most.
_WORD_BYTES = b" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_WORD_SHARE = 0.6

_SAMPLE_BYTES = 64 * 1024
#: How sure another encoding must be than the one that is declared and makes nonsense: Cyrillic,
#: Greek, Thai and Polish sentences that are declared as `iso-8859-1` have .99 and more.
_MIN_BELYING_CONFIDENCE = 0.95
#: A few paragraphs.
_JUDGED_CHARS = 4096


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
    return named_encoding(found[1].decode("ascii", "replace"), "declared") if found else None


def named_encoding(name: str, source: str) -> Encoding | None:
    """Return the encoding of a name, as browsers understand it; None: no page may ask for it."""
    codec = _canonical(name)
    return Encoding(codec, source) if codec else None


def _canonical(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
        b"text".decode(codec)  # refuses what is no text encoding, such as base64
    except (LookupError, ValueError):
        return None
    return None if codec in _REFUSED else _READ_AS.get(codec, codec)


def decode(
    data: bytes,
    hints: Sequence[Encoding],
    settings: IngestSettings,
    only: Collection[str] | None = None,
) -> tuple[str, Encoding]:
    """Decode a record.

    Args:
        data: Its bytes, or bytes of it.
        hints: What is said of its encoding, the most trusted first: by the server, by the
            record itself, or what was detected for the file around it.
        settings: How much may be damaged.
        only: Encodings to try where nothing says which it is; None: all.

    Returns:
        The text, with a lone surrogate for each sequence that could not be decoded, and
        the encoding. Control characters, NUL among them, are left as they are.

    Raises:
        ReadError: binary or undecodable.
    """
    if marked := byte_order_mark(data):
        return _decoded_by_mark(data, *marked, settings)
    if (wide := _wide(data, settings)) is not None:
        return wide
    if _control_share(data) > settings.max_control_share:
        raise ReadError("binary", "too many control characters for text")
    return _decoded_as_text(data, hints, settings, only)


def _wide(data: bytes, settings: IngestSettings) -> tuple[str, Encoding] | None:
    """Return the text if its encoding is one whose bytes pass for others'."""
    has_signs = _control_share(data) > 0 or b"\x1b" in data
    utf8 = _strict(data, "utf-8") if has_signs else None
    is_utf8 = utf8 is not None and not utf8.isascii()
    codec = wide_codec(data) if has_signs and not is_utf8 else None
    if codec is None:
        return None
    text = _tolerated(data, codec, settings)
    return None if text is None else (text, Encoding(codec, "detected", 1 - mess_of(text)))


def _decoded_by_mark(
    data: bytes, mark: bytes, encoding: Encoding, settings: IngestSettings
) -> tuple[str, Encoding]:
    text = _tolerated(data[len(mark) :], encoding.codec, settings)
    if text is None:
        raise ReadError("undecodable", f"the byte order mark says {encoding.codec}")
    return text, encoding


def _decoded_as_text(
    data: bytes,
    hints: Sequence[Encoding],
    settings: IngestSettings,
    only: Collection[str] | None,
) -> tuple[str, Encoding]:
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and (not hints or not utf8.isascii()):
        return utf8, next((hint for hint in hints if hint.codec == "utf-8"), UTF8)
    for hint in hints:
        is_damaged = hint.codec == "utf-8" and utf8 is None
        text = None if is_damaged else _tolerated(data, hint.codec, settings)
        if text is not None and not _is_belied(data, hint):
            return text, _judged(hint, text)
    if utf8 is not None:
        return utf8, UTF8
    return _decoded_by_detection(data, hints, settings, only)


def _is_belied(data: bytes, hint: Encoding) -> bool:
    """Return whether data is nonsense in the encoding that it declares, and text in another.

    Servers and editors declare `iso-8859-1` of what they do not know.
    """
    if hint.source == "detected" or hint.codec in ("utf-8", *_WIDE):
        return False
    lines = [line for line in data[:_SAMPLE_BYTES].split(b"\n") if not line.isascii()]
    if not lines or median(line_costs(lines, hint.codec).tolist()) <= MAX_LETTER_COST:
        return False
    best = next(iter(readings(b"\n".join(lines))), None)
    if best is None or best.codec == hint.codec or best.confidence < _MIN_BELYING_CONFIDENCE:
        return False
    return bool(median(line_costs(lines, best.codec).tolist()) <= MAX_LETTER_COST)


def _judged(hint: Encoding, text: str) -> Encoding:
    """Return what was declared, as sure as the text looks sound."""
    if hint.source == "detected":
        return hint
    return replace(hint, confidence=1.0 if text.isascii() else 1 - mess_of(text))


def _decoded_by_detection(
    data: bytes,
    hints: Sequence[Encoding],
    settings: IngestSettings,
    only: Collection[str] | None,
) -> tuple[str, Encoding]:
    found = decoded_lines(data, only)
    if found is None:
        raise ReadError("undecodable", "no encoding gives text")
    damage = len(_SURROGATE.findall(found.text))
    beyond_ascii = len(found.text) - len(found.text.encode("ascii", "ignore"))
    if found.codec == "utf-8" and damage <= settings.max_damaged_share * beyond_ascii:
        known = next((hint for hint in hints if hint.codec == "utf-8"), UTF8)
        sound = found.confidence * (1 - damage / beyond_ascii)
        return found.text, replace(known, confidence=sound)
    is_mess = 1 - mess_of(found.text) < settings.min_encoding_confidence
    is_nonsense = is_mess and found.letter_cost > MAX_LETTER_COST
    if is_nonsense or damage > settings.max_replaced_share * len(found.text):
        raise ReadError("undecodable", "no encoding gives text")
    return found.text, Encoding(found.codec, "detected", found.confidence)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _tolerated(data: bytes, codec: str, settings: IngestSettings) -> str | None:
    text = data.decode(codec, MARK_UNDECODED)
    damage = len(_SURROGATE.findall(text))
    return text if damage <= settings.max_replaced_share * len(text) else None


def _control_share(data: bytes) -> float:
    return 1 - len(data.translate(None, _CONTROLS)) / len(data) if data else 0.0


def mess_of(text: str) -> float:
    """Return how broken a text looks to charset-normalizer, 0 to 1."""
    from charset_normalizer.md import mess_ratio  # noqa: PLC0415 - UTF-8 need not wait for it

    return min(1.0, mess_ratio(text[:_JUDGED_CHARS], 1.0))


def wide_codec(data: bytes) -> str | None:
    """Return the codec of UTF-16 or UTF-32 without a mark, or of ISO-2022; None: neither."""
    sample = data[:_SAMPLE_BYTES]
    if escaped := next((codec for codec in _ESCAPED if _is_escaped(sample, codec)), None):
        return escaped
    if len(sample.translate(None, _WORD_BYTES)) < (1 - _MAX_WORD_SHARE) * len(sample):
        return None
    shares = {codec: _common_share(sample, codec) for codec in _WIDE}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= _MIN_COMMON_SHARE else None


def _is_escaped(sample: bytes, codec: str) -> bool:
    if b"\x1b" not in sample:
        return False
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeError:  # also "pending buffer overflow": an escape that never ends
        return False
    return not text.isascii()


def _common_share(sample: bytes, codec: str) -> float:
    """Return the share of what every text has; 0 where too much is no text at all."""
    text = sample[: len(sample) // 4 * 4].decode(codec, "replace")
    assigned = _assigned_chars(text)
    if not text or assigned < (1 - _MAX_UNASSIGNED_SHARE) * len(text):
        return 0.0
    return len(_COMMON.findall(text)) / len(text)


def _assigned_chars(text: str) -> int:
    unwanted = {"Cc", "Cn", "Co", "Cs"}
    counts = {character: text.count(character) for character in set(text)}
    return sum(
        count
        for character, count in counts.items()
        if character in "\t\n\r\f"
        or (character != "\ufffd" and unicodedata.category(character) not in unwanted)
    )
