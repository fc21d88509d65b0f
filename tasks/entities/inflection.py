"""What a word of a name may be once its case ending, clitic or honorific is gone.

Two words are forms of one name if they have a base in common. Endings of the noun and adjective
paradigms that names take; `-ов` and `-ów` are left out, since they make other surnames.
Source: the paradigms of the languages' grammars, as Universal Dependencies marks them.
"""

from functools import lru_cache

_CYRILLIC = "а у ом ем е ы и я ю й ь ой ей ою ею ью ым им ого его ому ему ий ый ая яя ую юю ых их"
_UKRAINIAN = "а у ом ем е и і я ю й ь ою ею єю ї ові еві єві ий ого ому им ою ий а ій"
_SERBIAN = "а у ом ем е и о ој им ог ог а у"
_POLISH = "a u em iem ie owi y i e ę ą o ego emu ym im ej iego iemu"
_CZECH = "a u em ovi e y i o ou ě ého ému ým é á ou ům"
_CROATIAN = "a u om em e i o oj im og a u"
_FINNISH = "n in a ä lla llä lle lta ltä ssa ssä sta stä ksi na nä"
_HUNGARIAN = "t ot et at nak nek ban ben ból ből ról ről val vel ra re hoz hez nál nél on en ön"
_BALTIC = "as is us a o u e ui am ą ų i ę ai"
_KOREAN = "은 는 이 가 을 를 의 에 와 과 도 로 에서 에게 측"
_ENDINGS: dict[str, tuple[str, ...]] = {
    language: tuple(sorted(set(endings.split()), key=lambda ending: (-len(ending), ending)))
    for languages, endings in (
        ("ru be", _CYRILLIC),
        ("uk rue", _UKRAINIAN),
        ("sr mk bg", _SERBIAN),
        ("pl", _POLISH),
        ("cs sk", _CZECH),
        ("hr bs sl", _CROATIAN),
        ("fi et", _FINNISH),
        ("hu", _HUNGARIAN),
        ("lt lv", _BALTIC),
        ("de nl sv da nb nn", "s"),
        ("ko", _KOREAN),
    )
    for language in languages.split()
}
#: Titles of respect that are written onto the name of a person.
_HONORIFICS = {
    "ja": ("容疑者", "大統領", "首相", "選手", "被告", "さん", "氏", "様"),
    "ko": ("대통령", "총리", "씨", "님"),
    "zh": ("先生", "女士", "总统", "總統"),
}
_PREFIXES: dict[str, tuple[str, ...]] = {
    "ar": ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ف", "ب", "ل", "ك"),
    "he": ("ול", "וב", "וה", "ו", "ב", "ל", "ה", "מ", "ש", "כ"),
}
#: Letters that must be left; Hangul and Han say in one what others say in two or three.
_MIN_BASE = {"ko": 2, **dict.fromkeys(["de", "nl", "sv", "da", "nb", "nn"], 4)}
_MIN_BASE_LETTERS = 3
#: Turkish and Azerbaijani write the endings of names after an apostrophe.
_APOSTROPHE = frozenset({"tr", "az", "crh", "tk"})


def inflects(language: str) -> bool:
    """Whether the names of a language have endings or clitics that are known here."""
    return language in _ENDINGS or language in _PREFIXES


def without_possessive(word: str, language: str) -> str:
    """Return a word without `'s`, and without a Turkish ending after an apostrophe."""
    head, mark, tail = word.rpartition("'")
    if mark and len(head) >= 2 and (tail in {"", "s"} or language in _APOSTROPHE):
        return head
    return word


def without_honorific(word: str, language: str) -> str:
    """Return a person's name without the title that is written onto it: `マスク氏`, `머스크씨`."""
    for honorific in _HONORIFICS.get(language, ()):
        if word.endswith(honorific) and len(word) - len(honorific) >= 2:
            return word[: -len(honorific)]
    return word


@lru_cache(maxsize=2**17)
def bases(word: str, language: str) -> tuple[str, ...]:
    """Return the bases that a word of a language may have; the word itself comes first."""
    least = _MIN_BASE.get(language, _MIN_BASE_LETTERS)
    found = [word]
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            found.append(word[: -len(ending)])
    for prefix in _PREFIXES.get(language, ()):
        if word.startswith(prefix) and len(word) - len(prefix) >= least:
            found.append(word[len(prefix) :])
    return tuple(dict.fromkeys(found))
