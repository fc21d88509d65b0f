"""The script of a text, as ISO 15924 codes, from the Unicode Script property of its letters."""

from collections import Counter
from functools import lru_cache

import regex
from babel import Locale

#: What the Unicode Character Database calls "common" and "inherited" has no script of its own.
_NO_SCRIPT = frozenset({"Zinh", "Zyyy", "Zzzz"})
NO_LETTERS = "Zyyy"
_KANA = ("Hira", "Kana")
_EAST_ASIAN = frozenset({"Hani", "Hang", "Bopo", *_KANA})
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
        if script in _EAST_ASIAN:
            merged["Hani"] += WIDE_WEIGHT * count
        else:
            merged[script] += count
    if not merged:
        return NO_LETTERS
    script = min(merged, key=lambda code: (-merged[code], code))
    return _east_asian_script(counts, text) if script == "Hani" else script


def _east_asian_script(counts: Counter[str], text: str) -> str:
    kana = sum(counts[script] for script in _KANA)
    hangul = counts["Hang"]
    least = MIN_SYLLABIC_SHARE * (kana + hangul + counts["Hani"])
    if hangul > max(least, kana):
        return "Kore"
    if kana > max(least, chinese_only_count(text)):
        return "Jpan"
    return _han_script(text)


def written_script(script: str, language: str) -> str:
    """Return what a text in Han alone is written in, once its language is known."""
    if script in {"Hans", "Hant"}:
        return {"ja": "Jpan", "ko": "Kore"}.get(language, script)
    return script


def chinese_only_count(text: str) -> int:
    """Count the Han characters that are none of the Japanese national standard's."""
    return sum("shift_jis" not in _standards(char) for char in text)


#: National character sets of 1978 to 1984, before they were widened to hold each other's
#: characters: what stands in one only tells Chinese and Japanese forms apart.
_STANDARDS = ("gb2312", "big5hkscs", "shift_jis")


@lru_cache(maxsize=1 << 16)
def _standards(char: str) -> frozenset[str]:
    """Return which standards hold a character; all of them if it is no Han character."""
    if _script_of_letter(char) != "Hani":
        return frozenset(_STANDARDS)
    return frozenset(name for name in _STANDARDS if _is_encodable(char, name))


def _is_encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _han_script(text: str) -> str:
    """Return the script of Han characters by those that not all standards hold.

    Characters of all standards, such as 中, say nothing; of nothing but such, `Hans`.
    """
    holds = [_standards(char) for char in text]
    japanese = holds.count(frozenset({"shift_jis"}))
    if japanese > chinese_only_count(text):
        return "Jpan"
    traditional = sum("big5hkscs" in standards for standards in holds)
    simplified = sum("gb2312" in standards for standards in holds)
    return "Hant" if traditional > simplified else "Hans"
