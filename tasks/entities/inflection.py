"""Divide a name into words, and say what a word may be without its ending, clitic or title.

Gone are titles of respect, legal forms, points and possessives. Two words are forms of one name
if they have a base in common. Endings of the noun and adjective paradigms that names take; `-ов`
and `-ów` are left out, since they make other surnames. Source: the paradigms of the languages'
grammars, as Universal Dependencies marks them.
"""

from functools import lru_cache
from itertools import product

import polars as pl
import regex

from tasks.entities.person_words import given_name_first
from tasks.entities.places import country_names
from tasks.writing.forms import comparable_form

_BREAK = regex.compile(r"[\s·・･‧•∙.,=゠_/()\"“”„«»「」『』\p{Pd}]+")
#: Forms of companies, as they are written beside names (source: common knowledge; ISO 20275
#: lists thousands more that hardly occur in news).
_LEGAL = frozenset(
    """inc incorporated corp corporation co company ltd limited llc llp plc lp gmbh ag kg kgaa ohg
    se sa sas sarl spa srl bv nv ab asa oy oyj aps kft zrt doo sl slu sro spzoo pty pte bhd tbk pt
    jsc pjsc ojsc cjsc ооо оао зао пао ао ип нко гк тоо тов пат ват
    株式会社 有限会社 合同会社 有限公司 股份有限公司 集团 주식회사 유한회사 شركة""".split()  # noqa: SIM905
)
_ATTACHED = regex.compile(
    r"^(?:株式会社|有限会社|\(株\)|주식회사)"
    r"|(?:株式会社|股份有限公司|有限公司|주식회사|(?<=[\p{Katakana}ー\p{Latin}\d])[社紙])$"
)
#: Words for a company, group or team that are written onto its name (丰田公司, 皇家马德里队), but
#: not onto a country's.
_COMPANY = regex.compile(r"(?<=\p{Han}{2}|[\p{Latin}\d])(?:公司|集团|集團|グループ|[队隊])$")
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
#: More words are a title or a sentence, and have too many combinations of endings.
_MAX_WORDS = 4


def words_of(surface: str, label: str, language: str) -> tuple[str, ...]:
    """Return the words of a name in comparable form; never none.

    A person's surname comes last, where it is marked as standing first. Gone are possessives,
    titles of respect that are written onto a person's name, and the legal form of an organisation
    unless nothing else is left.
    """
    text = surface
    if label == "ORG":
        text = comparable_form(_without_company(_ATTACHED.sub("", surface) or surface))
    elif label == "PER":
        text = given_name_first(surface)
    parts = [comparable_form(part) for part in _BREAK.split(text) if part]
    words = [without_possessive(part, language) for part in _initials_joined(parts)]
    if label in {"PER", "MISC"}:
        words = [without_honorific(word, language) for word in words]
    if label in {"ORG", "MISC"}:
        words = [word for word in words if word not in _LEGAL] or words
    return tuple(words) or (comparable_form(surface),)


def _without_company(name: str) -> str:
    bare = _COMPANY.sub("", name)
    return name if comparable_form(bare) in country_names() else bare


def _initials_joined(parts: list[str]) -> list[str]:
    """Return the words; letters that stand alone side by side are one: U. S., J. K."""
    words: list[str] = []
    was_initial = False
    for part in parts:
        if was_initial and _is_initial(part):
            words[-1] += part
        else:
            words.append(part)
        was_initial = _is_initial(part)
    return words


def _is_initial(part: str) -> bool:
    return len(part) == 1 and part.lower() != part.upper()


def is_legal_form(word: str) -> bool:
    """Whether a word is a form of companies: GmbH, ООО."""
    return comparable_form(word) in _LEGAL


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


def word_bases(words: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """Return all combinations of the bases of a name's words; long names have themselves only."""
    if len(words) > _MAX_WORDS or not inflects(language):
        return [words]
    return list(product(*(bases(word, language) for word in words)))


def is_form_of(word: str, other: str, languages: frozenset[str]) -> bool:
    """Whether two words of one script are one but for inflection in one of the languages."""
    return word == other or any(
        not set(bases(word, language)).isdisjoint(bases(other, language)) for language in languages
    )


def kept_letters(text: pl.Expr, language: pl.Expr) -> pl.Expr:
    """Return what all forms of a text have in common in its language: how they begin, or end.

    No base is shorter than the letters that must be left of a word, and a language has endings
    or prefixes, not both. So texts that differ here are no forms of each other.
    """
    least = language.replace_strict(_MIN_BASE, default=_MIN_BASE_LETTERS, return_dtype=pl.Int64)
    ends = pl.lit(_MIN_BASE_LETTERS)
    return (
        pl.when(language.is_in(list(_PREFIXES)))
        .then(text.str.tail(ends))
        .otherwise(text.str.head(least))
    )


def may_be_forms(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether words can be forms of each other in any language: most words cannot.

    See `kept_letters`.
    """
    least = min(_MIN_BASE.values())
    ends = pl.lit(_MIN_BASE_LETTERS)
    return (one.str.head(least) == other.str.head(least)) | (
        one.str.tail(ends) == other.str.tail(ends)
    )
