"""Find the script of a text (an ISO 15924 code) by the Unicode Script property of its letters."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import TypeVar

import numpy as np
import regex
from babel import Locale
from numpy.typing import NDArray

from tasks.writing.vocabulary import EAST_ASIAN_SCRIPTS

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: What the Unicode Character Database calls "common" and "inherited" has no script of its own.
_NO_SCRIPT = frozenset({"Zinh", "Zyyy", "Zzzz"})
NO_LETTERS = "Zyyy"
_KANA = ("Hira", "Kana")
#: A Chinese, Japanese or Korean character says as much as two letters (and is twice as wide):
#: a Chinese sentence about `iPhone 15 Pro Max` is not in Latin script.
WIDE_WEIGHT = 2
#: Share of kana or Hangul, next to Han, from which a text is Japanese or Korean: above a name
#: quoted in Chinese, below any sentence of the development sets (.3 and more).
MIN_SYLLABIC_SHARE = 0.1


def _is_known(code: str) -> bool:
    try:
        regex.compile(rf"\p{{sc={code}}}")
    except regex.error:
        return False
    return True


@lru_cache(maxsize=1)
def _letter_pattern() -> regex.Pattern[str]:
    """Return a pattern whose last group is named after the script of the letter it matches."""
    codes = [code for code in sorted(Locale("en").scripts) if _is_known(code)]
    groups = [rf"(?P<{code}>\p{{sc={code}}})" for code in codes if code not in _NO_SCRIPT]
    return regex.compile(rf"(?=[\p{{L}}\p{{M}}])(?:{'|'.join(groups)})")


@lru_cache(maxsize=1 << 17)
def _script_of_letter(char: str) -> str | None:
    """Return the script of a letter or of a mark that belongs to one script; else None."""
    match = _letter_pattern().match(char)
    return match.lastgroup if match else None


def script_counts(text: str) -> Counter[str]:
    """Count the letters and vowel signs of each script; empty if there are none."""
    counts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        script = _script_of_letter(char)
        if script is not None:
            counts[script] += count
    return counts


def script_of(text: str) -> str:
    """Return the commonest script: an ISO 15924 code, `Zyyy` if the text has no letters.

    Han with kana is `Jpan`, Han with Hangul `Kore`, Han alone `Hans`, `Hant`, or `Jpan` if
    Japanese forms stand in it. The language may say more: see `written_script`.
    """
    return dominant_script(script_counts(text), text)


def dominant_script(counts: Counter[str], text: str) -> str:
    """Return the script of a text whose letters are counted already (ties: by code)."""
    merged: Counter[str] = Counter()
    for script, count in counts.items():
        if script in EAST_ASIAN_SCRIPTS:
            merged["Hani"] += WIDE_WEIGHT * count
        else:
            merged[script] += count
    if not merged:
        return NO_LETTERS
    script = min(merged, key=lambda code: (-merged[code], code))
    return _east_asian_script(counts, _standard_counts(text)) if script == "Hani" else script


def _east_asian_script(counts: Mapping[str, int], standards: Sequence[int]) -> str:
    """Return the script of a text mostly in letters of East Asia.

    Args:
        counts: Letters of each script.
        standards: Characters by which standards hold them, as of `_standard_counts`.
    """
    kana = sum(counts[script] for script in _KANA)
    hangul = counts["Hang"]
    least = MIN_SYLLABIC_SHARE * (kana + hangul + counts["Hani"])
    if hangul > max(least, kana):
        return "Kore"
    if kana > max(least, _chinese_only(standards)):
        return "Jpan"
    return _han_script(standards)


def written_script(script: str, language: str) -> str:
    """Return what a text in Han alone is written in, once its language is known."""
    if script in {"Hans", "Hant"}:
        return {"ja": "Jpan", "ko": "Kore"}.get(language, script)
    return script


#: National character sets of 1978 to 1984, before they were widened to hold each other's
#: characters: what stands in one only tells Chinese and Japanese forms apart.
_STANDARDS = ("gb2312", "big5hkscs", "shift_jis")
_GB2312, _BIG5, _SHIFT_JIS = 1, 2, 4
_ALL_STANDARDS = _GB2312 | _BIG5 | _SHIFT_JIS


@lru_cache(maxsize=1 << 16)
def _standards(char: str) -> int:
    """Return which standards hold a character, a bit each; all if it is no Han character."""
    if _script_of_letter(char) != "Hani":
        return _ALL_STANDARDS
    return sum(1 << bit for bit, name in enumerate(_STANDARDS) if _is_encodable(char, name))


def _is_encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _standard_counts(text: str) -> list[int]:
    """Count the characters by which standards hold them: the index is a sum of bits."""
    held = Counter(map(_standards, text))
    return [held[bits] for bits in range(_ALL_STANDARDS + 1)]


def _chinese_only(standards: Sequence[int]) -> int:
    """Count the Han characters that are none of the Japanese national standard's."""
    return sum(count for bits, count in enumerate(standards) if not bits & _SHIFT_JIS)


def _han_script(standards: Sequence[int]) -> str:
    """Return the script of Han characters by those that not all standards hold.

    Characters of all standards, such as 中, say nothing; of nothing but such, `Hans`.
    """
    if standards[_SHIFT_JIS] > _chinese_only(standards):
        return "Jpan"
    traditional = sum(count for bits, count in enumerate(standards) if bits & _BIG5)
    simplified = sum(count for bits, count in enumerate(standards) if bits & _GB2312)
    return "Hant" if traditional > simplified else "Hans"


@dataclass(frozen=True, slots=True)
class Letters:
    """What the letters of a text say.

    Attributes:
        script: As of `script_of`.
        count: Letters and vowel signs of all scripts.
        visible: Characters that are not white space.
        chinese_only: Han characters that are none of the Japanese national standard's; 0 if
            the text is not mostly in letters of East Asia.
        others: Letters of other scripts than most of the text's, those of East Asia being one; of
            Hangul beside kana, whichever is less, by its width.
    """

    script: str
    count: int
    visible: int
    chinese_only: int
    others: int


def commonest_scripts(texts: Sequence[str]) -> list[str]:
    """Return the commonest script of each text as `script_of` does, those of East Asia as `Hani`.

    Which of them a text is in takes as long again to find out.
    """
    kinds, counts = _tally(*_points(texts), len(texts), _letter_or_space)
    is_script = [kind not in {_SPACE, _OTHER} for kind in kinds]
    return _commonest(list(compress(kinds, is_script)), counts[:, is_script])[0]


def letters_of(texts: Sequence[str]) -> list[Letters]:
    """Return what the letters of each text say, of many texts at a time."""
    points, owners = _points(texts)
    lengths = np.bincount(owners, minlength=len(texts))
    kinds, counts = _tally(points, owners, len(texts), _letter_or_space)
    is_script = [kind not in {_SPACE, _OTHER} for kind in kinds]
    spaces = counts[:, [kind == _SPACE for kind in kinds]].sum(axis=1)
    codes, counts = list(compress(kinds, is_script)), counts[:, is_script]
    scripts, own = _commonest(codes, counts)
    is_han = np.array([script == "Hani" for script in scripts], bool)
    standards = _standards_held(points, owners, is_han)
    for row in np.flatnonzero(is_han).tolist():
        found = Counter(dict(zip(codes, counts[row].tolist(), strict=True)))
        scripts[row] = _east_asian_script(found, standards[row].tolist())
    chinese_only = standards[:, [not held & _SHIFT_JIS for held in range(_ALL_STANDARDS + 1)]]
    total = counts.sum(axis=1)
    kana, hangul = (
        counts[:, [code in of for code in codes]].sum(axis=1) for of in (_KANA, ("Hang",))
    )
    others = total - own + np.where(is_han, WIDE_WEIGHT * np.minimum(kana, hangul), 0)
    numbers = total, lengths - spaces, chinese_only.sum(axis=1), others
    rows = zip(scripts, *(column.tolist() for column in numbers), strict=True)
    return [Letters(*row) for row in rows]


def _points(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Integers]:
    """Return the code points of all texts in a row, and which text each is of."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([len(text) for text in texts], np.int64)
    return points, np.repeat(np.arange(len(texts)), lengths)


_SPACE, _OTHER = " ", ""
Kind = TypeVar("Kind", str, int)


def _letter_or_space(char: str) -> str:
    """Return the script of a letter, a space for white space, or nothing."""
    return _SPACE if char.isspace() else _script_of_letter(char) or _OTHER


def _tally(
    points: NDArray[np.uint32], owners: Integers, texts: int, kind_of: Callable[[str], Kind]
) -> tuple[list[Kind], Integers]:
    """Return the kinds of characters, sorted, and how many of each a text has: (texts, kinds)."""
    # As small as the characters allow: to empty and search it is the work where texts are few.
    table = np.zeros(int(points.max(initial=0)) + 1, np.uint8)
    table[points] = 1
    seen = np.flatnonzero(table.view(np.bool_))
    kind_of_seen = [kind_of(chr(point)) for point in seen.tolist()]
    kinds = sorted(set(kind_of_seen))
    columns = {kind: column for column, kind in enumerate(kinds)}
    table[seen] = [columns[kind] for kind in kind_of_seen]
    cells = owners * len(kinds) + table[points]
    shape = texts, len(kinds)
    return kinds, np.bincount(cells, minlength=texts * len(kinds)).reshape(shape)


def _standards_held(points: NDArray[np.uint32], owners: Integers, is_han: Flags) -> Integers:
    """Count the characters of chosen texts as `_standard_counts`: (texts, sums of bits)."""
    chosen = is_han[owners]
    kinds, counts = _tally(points[chosen], owners[chosen], len(is_han), _standards)
    standards = np.zeros((len(is_han), _ALL_STANDARDS + 1), np.int64)
    standards[:, kinds] = counts
    return standards


def _commonest(codes: Sequence[str], counts: Integers) -> tuple[list[str], Integers]:
    """Return the commonest script of each text, and how many letters it has of it.

    Those of East Asia are one (ties: by code).

    Args:
        codes: ISO 15924, sorted.
        counts: Letters of each script, (texts, codes).
    """
    is_wide = [code in EAST_ASIAN_SCRIPTS for code in codes]
    wide = WIDE_WEIGHT * counts[:, is_wide].sum(axis=1)
    merged = np.where(is_wide, 0, counts)
    names = np.array([*codes, "Hani"])
    order = np.argsort(names, kind="stable")
    columns = np.column_stack([merged, wide])[:, order]
    first = names[order][columns.argmax(axis=1)]
    scripts: list[str] = np.where(columns.any(axis=1), first, NO_LETTERS).tolist()
    own = np.where(first == "Hani", columns.max(axis=1) // WIDE_WEIGHT, columns.max(axis=1))
    return scripts, own
