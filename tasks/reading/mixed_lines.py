"""Decode bytes whose encoding nobody names, line by line where lines are in different encodings.

Lines that are UTF-8 beyond ASCII are UTF-8, unless all of them together are likelier text in the
encoding of the others. Those others have one encoding, but for lines that it cannot decode or
makes nonsense of: each of these has its own.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.reading.detection import MARK_UNDECODED, line_costs, readings

#: Of the lines beyond ASCII so many bytes are looked at for the encoding of all: hundreds of lines.
_SAMPLE_BYTES = 1 << 18
#: A line that costs so many times what the lines of its file do, per character beyond ASCII, may
#: be in another encoding; that must then be so many nats likelier. Lines of one language differ
#: by a half, and each letter of a wrong encoding costs about ten nats.
_STRANGE_TIMES = 1.6
_MIN_GAIN = 20.0
#: Of sentences in fifty languages a character beyond ASCII costs 7.3 nats at most, in the right
#: encoding; of bytes drawn at random 8.3 in the best of all.
MAX_LETTER_COST = 8.0
#: So many strange lines are looked at each by itself, a millisecond each.
_MAX_STRANGE_LINES = 2000


@dataclass(frozen=True)
class Decoded:
    """What lines say.

    Attributes:
        text: With a lone surrogate for what could not be decoded.
        codec: The encoding of most bytes beyond ASCII.
        confidence: How sure the encodings are, 0 to 1, by bytes beyond ASCII.
        letter_cost: What a character beyond ASCII costs in the median line, in nats.
    """

    text: str
    codec: str
    confidence: float
    letter_cost: float


def decoded_lines(data: bytes, only: Collection[str] | None = None) -> Decoded | None:
    """Return what lines beyond ASCII say; None if no encoding makes text of them.

    Args:
        data: Whole lines.
        only: Encodings to try; None: all.
    """
    lines = data.split(b"\n")
    open_lines = [number for number, line in enumerate(lines) if not line.isascii()]
    is_utf8 = {number: _is_utf8(lines[number]) for number in open_lines}
    others = [number for number in open_lines if not is_utf8[number]]
    chosen = {number: ("utf-8", 1.0) for number in open_lines if is_utf8[number]}
    if others:
        found = _chosen(lines, others, only)
        if found is None:
            return None
        main = _commonest(found, lines)[0]
        if chosen and main != "utf-8" and _is_likelier([lines[n] for n in chosen], main):
            found |= dict.fromkeys(chosen, (main, 1.0))
        chosen |= found
    codec, confidence = _commonest(chosen, lines)
    text = "\n".join(
        line.decode(chosen[number][0], MARK_UNDECODED) if number in chosen else line.decode("ascii")
        for number, line in enumerate(lines)
    )
    looked_at = [line for number in open_lines if (line := lines[number])][:_MAX_STRANGE_LINES]
    letter_cost = float(np.median(line_costs(looked_at, codec)))
    return Decoded(text, codec, confidence, letter_cost)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _chosen(
    lines: Sequence[bytes], numbers: Sequence[int], only: Collection[str] | None
) -> dict[int, tuple[str, float]] | None:
    """Return encoding and confidence of each of the lines that are no UTF-8."""
    found = readings(_sample([lines[number] for number in numbers]), only)
    if not found:
        return None
    codec, confidence = found[0].codec, found[0].confidence
    chosen = dict.fromkeys(numbers, (codec, confidence))
    for number in _strange(lines, numbers, codec):
        own = readings(lines[number], only)
        known = next((reading.cost for reading in own if reading.codec == codec), np.inf)
        if own and own[0].cost + _MIN_GAIN < known:
            chosen[number] = own[0].codec, own[0].confidence
    return chosen


def _sample(lines: Sequence[bytes]) -> bytes:
    """Return lines from the beginning, as many as are looked at."""
    ends = np.cumsum([len(line) + 1 for line in lines])
    count = max(1, int(np.searchsorted(ends, _SAMPLE_BYTES, side="right")))
    return b"\n".join(lines[:count])[: 2 * _SAMPLE_BYTES]


def _strange(lines: Sequence[bytes], numbers: Sequence[int], codec: str) -> list[int]:
    """Return the lines that the encoding of most cannot decode or makes nonsense of."""
    if len(numbers) < 2:
        return []
    costs = line_costs([lines[number] for number in numbers], codec)
    usual = float(np.median(costs))
    strange = [
        number
        for number, cost in zip(numbers, costs.tolist(), strict=True)
        if cost > _STRANGE_TIMES * usual
    ]
    return strange[:_MAX_STRANGE_LINES]


def _is_likelier(lines: Sequence[bytes], codec: str) -> bool:
    """Whether lines that happen to be UTF-8 are likelier text in another encoding."""
    best = readings(_sample(lines), ("utf-8", codec))
    return bool(best) and best[0].codec != "utf-8"


def _commonest(chosen: dict[int, tuple[str, float]], lines: Sequence[bytes]) -> tuple[str, float]:
    """Return the encoding with most bytes beyond ASCII, and the mean confidence of all."""
    weights: Counter[str] = Counter()
    sure = 0.0
    for number, (codec, confidence) in chosen.items():
        weight = sum(byte > 0x7F for byte in lines[number])
        weights[codec] += weight
        sure += weight * confidence
    codec = min(weights, key=lambda name: (-weights[name], name))
    return codec, sure / weights.total()
