"""Which encoding bytes are in that nobody names.

Encodings whose bytes look like others' are told by their form: UTF-16, UTF-32, ISO-2022, and
the Japanese ones by their kana. The rest is left to charset-normalizer, among the encodings
that browsers know.
"""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes
from charset_normalizer.md import mess_ratio

from tasks.reading.records import Encoding
from tasks.settings import IngestSettings

#: Encodings of pages (https://encoding.spec.whatwg.org/#names-and-labels) but those that are
#: told otherwise; charset-normalizer knows more, which it takes short texts for.
_CANDIDATES = (  # noqa: SIM905
    "cp1251 koi8_r koi8_u cp866 iso8859_5 mac_cyrillic gb18030 big5hkscs cp949 cp1252 cp1250 "
    "iso8859_2 cp1253 iso8859_7 cp1254 cp1255 cp1256 iso8859_6 cp1257 iso8859_4 iso8859_13 "
    "cp1258 cp874 iso8859_3 iso8859_10 iso8859_14 iso8859_16 euc_jp cp932"
).split()
_JAPANESE = ("euc_jp", "cp932")
_ESCAPED = ("iso2022_jp", "iso2022_jp_2", "iso2022_kr")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

# Japanese prose has half of its letters in kana, names and headlines a tenth; Chinese and
# Korean bytes read as Japanese have one in a hundred (`tests/reading/test_readers_detection.py`).
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_MIN_KANA_SHARE = 0.1
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

_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# charset-normalizer looks at five pieces of what it gets; this is more than enough for it.
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_LEAD_BYTES = 1024
#: A few paragraphs.
_JUDGED_CHARS = 4096


def mess_of(text: str) -> float:
    """Return how broken a text looks to charset-normalizer, 0 to 1."""
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


def detected_codec(data: bytes, settings: IngestSettings) -> Encoding | None:
    """Return the likeliest encoding of bytes that are no UTF-8, with its confidence."""
    sample = _sample(data)
    for codec in _JAPANESE:
        if (share := _kana_share(sample, codec)) >= _MIN_KANA_SHARE:
            return Encoding(codecs.lookup(codec).name, "detected", min(1.0, share / 0.5))
    return _by_mess(sample, settings) or _by_mess(data, settings)


def _kana_share(sample: bytes, codec: str) -> float:
    """Return the share of kana among the characters beyond ASCII."""
    text = sample.decode(codec, "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") > _MAX_UNASSIGNED_SHARE * len(text):
        return 0.0
    return len(_KANA.findall(text)) / max(1, beyond_ascii)


def _by_mess(sample: bytes, settings: IngestSettings) -> Encoding | None:
    threshold = 1 - settings.min_encoding_confidence
    best = from_bytes(sample, threshold=threshold, cp_isolation=_CANDIDATES).best()
    if best is None:
        return None
    return Encoding(codecs.lookup(best.encoding).name, "detected", 1 - best.chaos)


def _sample(data: bytes) -> bytes:
    """Return what detection is to look at: whole lines from where ASCII ends."""
    first = _NOT_ASCII.search(data)
    begin = max(0, (first.start() if first else 0) - _SAMPLE_LEAD_BYTES)
    sample = data[begin : begin + _SAMPLE_BYTES]
    return sample[: sample.rfind(b"\n") + 1] or sample
