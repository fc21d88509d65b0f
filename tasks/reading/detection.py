"""Find the encoding of bytes by the language that results.

Each encoding that could be meant is tried. The bytes are most likely in the one in which they are
the likeliest text of some language (`letter_model`): its letters, which of them follow each other,
where its capitals stand. Encodings that read the bytes alike are one reading; what remains between
different readings is the confidence.
"""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tasks.reading.letter_model import Alphabet, Floats, alphabets, case_costs, cases

MARK_UNDECODED = "babelmill.mark"
codecs.register_error(MARK_UNDECODED, lambda error: ("\udcff", error.end))  # type: ignore[attr-defined]

#: Encodings with a byte for each letter, by what an encoding costs beforehand, in nats: those of
#: Windows are everywhere, the ISO's and those of Unix less, of DOS and Macintosh rare today.
#: Browsers know the first two groups (https://encoding.spec.whatwg.org/#names-and-labels).
_NARROW = {
    0.0: "cp1252 cp1251",
    1.0: "cp1250 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8_r",
    2.0: "iso8859_2 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_15 koi8_u cp866 mac_roman",
    3.0: "iso8859_1 iso8859_9 iso8859_3 iso8859_4 iso8859_10 iso8859_13 iso8859_14 iso8859_16 "
    "mac_cyrillic",
    5.0: "cp437 cp850 cp852 cp857 cp858 cp737 cp775 cp855 cp860 cp861 cp862 cp863 cp865 cp869 "
    "mac_latin2 mac_turkish mac_iceland mac_greek",
    7.0: "cp720 cp1125 mac_croatian mac_romanian hp_roman8 koi8_t kz1048 ptcp154",
}
#: Encodings of East Asia, and UTF-8 with some damage.
_WIDE = {
    0.0: "utf-8",
    1.0: "gb18030 big5hkscs cp949 cp932 euc_jp",
}
_COSTS_BEFOREHAND = {
    codecs.lookup(name).name: cost
    for group in (_NARROW, _WIDE)
    for cost, names in group.items()
    for name in names.split()
}
NARROW = tuple(codecs.lookup(name).name for names in _NARROW.values() for name in names.split())
WIDE = tuple(codecs.lookup(name).name for names in _WIDE.values() for name in names.split())
#: What a language costs beforehand that is not one of those with most pages, in nats.
_SMALLER_LANGUAGE = 1.5
_OF_MOST_PAGES = "en de fr es it pt nl pl ru ja zh zh-Hant ko tr cs sv hu el ar he".split()  # noqa: SIM905
#: Pairs of letters depend on each other: the odds between two readings are this root of what
#: they would be. Confidences of single sentences are then about the share that is right
#: (`benchmarks.encodings`).
_DEPENDENCE = 3.0
#: A reading with more of what cannot be decoded, beyond ASCII, is none.
_MAX_UNDECODED_SHARE = 0.5


@dataclass(frozen=True)
class Reading:
    """What bytes say in an encoding.

    Attributes:
        codec: The encoding; of several that say the same the commonest.
        cost: Negative logarithm of its probability, up to a constant.
        confidence: How much likelier it is than all other readings, 0 to 1.
    """

    codec: str
    cost: float
    confidence: float


def readings(data: bytes, only: Iterable[str] | None = None) -> list[Reading]:
    """Return what bytes may say, the likeliest first; none for bytes that are all ASCII.

    Args:
        data: Whole lines.
        only: Encodings to try; None: all.
    """
    tried = set(NARROW + WIDE if only is None else only)
    points = np.frombuffer(data, np.uint8)
    if not (points > 0x7F).any():
        return []
    costs: dict[bytes, tuple[float, str]] = {}
    narrow = [codec for codec in NARROW if codec in tried]
    for codec, cost in _narrow_costs(points, narrow):
        _keep(costs, _said(points, codec), codec, cost)
    for codec in WIDE:
        if codec in tried and (text := _decoded(data, codec)) is not None:
            _keep(costs, text.encode("utf-8", "surrogatepass"), codec, _wide_cost(text, codec))
    return _ranked(list(costs.values()))


def line_costs(lines: Sequence[bytes], codec: str) -> Floats:
    """Return what each line costs per character beyond ASCII, in the likeliest language of all.

    Args:
        lines: Lines, each with characters beyond ASCII.
        codec: The encoding of most of them.
    """
    texts = [line.decode(codec, MARK_UNDECODED) for line in lines]
    points = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    chars = np.where(points > 0xFFFF, 0x9FFF, points).astype(np.intp)
    before = np.concatenate((np.full(1, ord(" "), np.intp), chars[:-1]))
    is_open = (chars > 0x7F) | (before > 0x7F)
    first, second = before[is_open], chars[is_open]
    costs = _best_costs(first, second)
    costs += case_costs()[cases()[first], cases()[second]]
    ends = np.cumsum([len(text) + 1 for text in texts])
    owners = np.searchsorted(ends, np.flatnonzero(is_open), side="right")
    sums = np.bincount(owners, costs, minlength=len(texts))
    counts = np.bincount(owners, minlength=len(texts))
    means: Floats = sums / np.maximum(1, counts)
    return means


def _best_costs(first: NDArray[np.intp], second: NDArray[np.intp]) -> Floats:
    """Return the cost of each pair in the language in which all of them cost least."""
    once = np.ones(len(first))
    totals = [_costs(alphabet, first, second, once) for alphabet in alphabets()]
    alphabet = alphabets()[int(np.argmin([total.min() for total in totals]))]
    row = int(np.argmin(totals[alphabets().index(alphabet)]))
    costs: Floats = alphabet.costs[row, alphabet.classes[first], alphabet.classes[second]]
    return costs if alphabet.characters is None else costs + alphabet.characters[row, second]


def _keep(costs: dict[bytes, tuple[float, str]], said: bytes, codec: str, cost: float) -> None:
    """Keep the cheapest encoding of those that say the same."""
    costs[said] = min(costs.get(said, (np.inf, "")), (cost, codec))


def _ranked(costs: Sequence[tuple[float, str]]) -> list[Reading]:
    if not costs:
        return []
    ordered = sorted(costs)
    values = np.array([cost for cost, _ in ordered])
    odds = np.exp((values[0] - values) / _DEPENDENCE)
    shares = odds / odds.sum()
    return [
        Reading(codec, cost, float(share))
        for (cost, codec), share in zip(ordered, shares, strict=True)
    ]


def _decoded(data: bytes, codec: str) -> str | None:
    text = data.decode(codec, MARK_UNDECODED)
    damage = text.count("\udcff")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if damage <= _MAX_UNDECODED_SHARE * beyond_ascii else None


def _said(points: NDArray[np.uint8], codec: str) -> bytes:
    """Return something that two encodings share only if they read the bytes alike."""
    used = np.flatnonzero(np.bincount(points, minlength=256))
    return b"narrow" + _table(codec)[used].tobytes()


@lru_cache(maxsize=len(NARROW))
def _table(codec: str) -> NDArray[np.uint16]:
    """Return the character of each byte; a surrogate stands for none."""
    text = "".join(bytes([byte]).decode(codec, MARK_UNDECODED) for byte in range(256))
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _narrow_costs(points: NDArray[np.uint8], tried: Sequence[str]) -> Iterable[tuple[str, float]]:
    """Yield the encodings of one byte a letter that are no nonsense, and their costs."""
    framed = _framed(points)
    pairs = np.bincount(framed[:-1].astype(np.intp) << 8 | framed[1:], minlength=1 << 16)
    found = np.flatnonzero(pairs)
    first, second, counts = found >> 8, found & 0xFF, pairs[found].astype(np.float64)
    is_ascii = (first < 0x80) & (second < 0x80)
    plain = [
        _costs(alphabet, first[is_ascii], second[is_ascii], counts[is_ascii])
        + _costs_of_languages(alphabet)
        for alphabet in alphabets()
    ]
    rest = first[~is_ascii], second[~is_ascii], counts[~is_ascii]
    for codec in tried:
        table = _table(codec)
        chars = table[rest[0]], table[rest[1]]
        totals = [
            known + _costs(alphabet, *chars, rest[2])
            for alphabet, known in zip(alphabets(), plain, strict=True)
            if alphabet.characters is None
        ]
        yield codec, _total(totals) + _case_cost(*chars, rest[2]) + _COSTS_BEFOREHAND[codec]


def _framed(points: NDArray[np.uint8]) -> NDArray[np.uint8]:
    space = np.full(1, 0x20, np.uint8)
    return np.concatenate((space, points, space))


def _wide_cost(text: str, codec: str) -> float:
    """Return the cost of a text in any language."""
    points = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), np.uint32)
    # Beyond the first plane are rare ideographs and emoji: to be taken for a Han character.
    chars = np.where(points > 0xFFFF, 0x9FFF, points).astype(np.intp)
    pairs, counts = np.unique(chars[:-1] << 16 | chars[1:], return_counts=True)
    first, second, times = pairs >> 16, pairs & 0xFFFF, counts.astype(np.float64)
    totals = [
        _costs(alphabet, first, second, times) + _costs_of_languages(alphabet)
        for alphabet in alphabets()
    ]
    return _total(totals) + _case_cost(first, second, times) + _COSTS_BEFOREHAND[codec]


def _costs(
    alphabet: Alphabet, first: NDArray[np.intp], second: NDArray[np.intp], counts: Floats
) -> Floats:
    """Return the cost of pairs of characters in each language of an alphabet."""
    one, other = alphabet.classes[first], alphabet.classes[second]
    costs: Floats = alphabet.costs[:, one, other] @ counts
    if alphabet.characters is not None:
        costs = costs + alphabet.characters[:, second] @ counts
    return costs


def _costs_of_languages(alphabet: Alphabet) -> Floats:
    costs = [_SMALLER_LANGUAGE * (tag not in _OF_MOST_PAGES) for tag in alphabet.languages]
    return np.array(costs)


def _case_cost(first: NDArray[np.intp], second: NDArray[np.intp], counts: Floats) -> float:
    return float(case_costs()[cases()[first], cases()[second]] @ counts)


def _total(totals: Iterable[Floats]) -> float:
    """Return the cost of a text in any language: the negative logarithm of the summed odds."""
    costs = np.concatenate(list(totals)).astype(np.float64)
    return float(-np.logaddexp.reduce(-costs))
