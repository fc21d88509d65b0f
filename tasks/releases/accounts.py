"""Tell which bytes of a record became which characters, and in which segment each stands."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

_BYTE_ORDER_MARKS = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE,
                     codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A stretch of the raw text: a segment (by index), or what stands between two (None).

    Bytes are those of the record; None: the text is not the record's bytes decoded, but a
    field of it, or characters were replaced.
    """

    start_char: int
    end_char: int
    start_byte: int | None
    end_byte: int | None
    segment_index: int | None
    is_blank: bool


def account_for(
    text: str, segments: Sequence[tuple[int, int, int]], encoding: str, content_sha256: str
) -> list[Stretch]:
    """Cut a raw text into the stretches that its segments are and those between them.

    Args:
        text: The raw text.
        segments: Index, start and end of the segments that stand in it.
        encoding: What decoded the bytes.
        content_sha256: Digest of the record's bytes.

    Returns:
        Stretches in order, which together are the whole text. Byte offsets are given only if
        encoding the text gives the record's bytes again, which the digest proves.
    """
    cuts = list(_cuts(len(text), segments))
    pieces = [text[start:end] for start, end, _ in cuts]
    bounds = _byte_bounds(pieces, encoding, content_sha256) or [None] * (len(cuts) + 1)
    return [
        Stretch(
            start_char=start, end_char=end, start_byte=first, end_byte=last,
            segment_index=index, is_blank=not text[start:end].strip(),
        )
        for (start, end, index), (first, last) in zip(cuts, pairwise(bounds), strict=True)
    ]  # fmt: skip


def _cuts(
    text_chars: int, segments: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int | None]]:
    reached = 0
    for index, start, end in sorted(segments, key=lambda segment: segment[1]):
        if reached < start:
            yield reached, start, None
        yield start, end, index
        reached = end
    if reached < text_chars:
        yield reached, text_chars, None


def _byte_bounds(pieces: Sequence[str], encoding: str, sha256: str) -> list[int | None] | None:
    """Return where the pieces begin and the last ends in the bytes; None: it cannot be known."""
    for codec in (encoding, f"{encoding}-le", f"{encoding}-be"):
        try:
            encoder = codecs.getincrementalencoder(codec)()
            encoded = [encoder.encode(piece) for piece in pieces]
        except (LookupError, UnicodeEncodeError):
            continue
        encoded.append(encoder.encode("", final=True))
        for mark in _BYTE_ORDER_MARKS:
            if hashlib.sha256(mark + b"".join(encoded)).hexdigest() == sha256:
                lengths = [len(mark), *(len(piece) for piece in encoded[:-1])]
                return list(accumulate(lengths))
    return None
