"""Choose what an entity is called: in Latin letters, and once in each script that it goes by.

A name to show is a full one, without an ending, clitic or possessive if the texts have it so, and
not in capitals but for acronyms. English comes first, then languages without inflection. A person
without a Latin name has the usual spelling of the name's parts, where one is usual.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import regex

from tasks.entities.given_names import is_surname_first
from tasks.entities.inflection import (
    inflects,
    is_legal_form,
    without_honorific,
    without_possessive,
    word_bases,
    words_of,
)
from tasks.entities.listed_parts import is_listed, usual_spelling, usual_spellings
from tasks.entities.nodes import PERSON
from tasks.entities.person_words import PARTICLES, given_name_first, is_pronounced
from tasks.writing.devanagari import with_vowels
from tasks.writing.forms import comparable_form
from tasks.writing.romanize import name_script, romanized

_LATIN = "Latn"
#: An acronym has so many letters at most; longer names in capitals are shouted.
_MAX_ACRONYM_LETTERS = {"PER": 3, "ORG": 5, "LOC": 3, "MISC": 5}
_SMALL_WORDS = PARTICLES | {"of", "and", "the", "for"}
_ENGLISH = "en"
#: Han in Japanese is read in a way that no table of characters tells.
_UNREAD_LANGUAGES = frozenset({"ja"})
#: Scripts without vowels: a spelling without them (`Mnhtn`) is a name that nobody writes.
_VOWELLESS = frozenset({"Arab", "Hebr"})
_BREAK = re.compile(r"[\s·・･‧•∙゠=]+")
#: The commonest surnames of Chinese and Korean persons, which nine in ten of them have; from common
#: knowledge, as the ministries that register names count them.
_SURNAMES = regex.compile(
    "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|司徒|夏侯|남궁|황보|제갈|선우|독고|"
    "[王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧"
    "蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常"
    "武乔喬贺賀赖賴龚龔文"
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄채원천방공현함변염석]"
)
#: A given name has so many characters at most.
_MAX_GIVEN_CHARS = 2
#: What a name has that may have to be tidied; of a person also a patronymic, or a title in
#: Japanese, Chinese or Korean.
_MARKED = regex.compile(r"['’]|\p{Lu}{2}")
_MARKED_PERSON = regex.compile(
    r"['’,]|\p{Lu}{2}|вич|вн|ичн|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
)
_HAN = regex.compile(r"\p{Han}")
_WORD = re.compile(r"[^\W\d_]+")


class Spelt(NamedTuple):
    """A spelling of an entity.

    Attributes:
        surface: As the texts have it.
        language: Of the texts.
        script: Of the name.
        label: Of the mentions.
        is_bare: Whether it is one word of a person's name.
        mentions: How many there are.
    """

    surface: str
    language: str
    script: str
    label: str
    is_bare: bool
    mentions: int


class Shown(NamedTuple):
    """What an entity is called, and a name in each script that it goes by, sorted by script."""

    canonical_name: str
    display_names: list[dict[str, str]]


def shown(spellings: Sequence[Spelt], known_name: str | None) -> Shown:
    """Choose the names to show of an entity.

    Args:
        spellings: All its spellings, one at least.
        known_name: What it is known as beforehand, if anything.
    """
    tidied = {spelt: _tidy(spelt) for spelt in spellings}
    excess = _excess(spellings) if len(spellings) > 1 else dict.fromkeys(spellings, 0)
    ranked = sorted(
        (_rank(spelt, tidied[spelt], excess[spelt]), spelt.surface, spelt.script, spelt)
        for spelt in spellings
    )
    best: dict[str, Spelt] = {}
    for *_, spelt in ranked:
        best.setdefault(spelt.script, spelt)
    names = {script: tidied[spelt] for script, spelt in best.items()}
    least_bare = [spelt for *_, spelt in ranked if spelt.is_bare == ranked[0][-1].is_bare]
    latin = [spelt for spelt in least_bare if name_script(spelt.surface) == _LATIN]
    first = (latin or least_bare)[0]
    canonical = known_name or _in_latin(tidied[first], first)
    return Shown(
        canonical, [{"script": script, "name": name} for script, name in sorted(names.items())]
    )


def _rank(
    spelt: Spelt, tidied: str, excess: int
) -> tuple[bool, bool, int, bool, bool, bool, int, int]:
    """Return what is less for a better name: full, in order, base form, English, common."""
    is_marked = tidied != spelt.surface
    foreign = 0 if spelt.language == _ENGLISH else 2 if inflects(spelt.language) else 1
    is_lower = spelt.surface.islower()
    unlisted = _is_perhaps_inflected(spelt)
    is_turned = spelt.label == PERSON and is_surname_first(
        words_of(spelt.surface, spelt.label, spelt.language)
    )
    return (
        spelt.is_bare, is_turned, excess, unlisted, is_marked, is_lower, foreign, -spelt.mentions,
    )  # fmt: skip


def _is_perhaps_inflected(spelt: Spelt) -> bool:
    """Return whether no word of a person is in the list of names, whose forms are base forms."""
    if spelt.label != PERSON or not inflects(spelt.language):
        return False
    return not any(is_listed(comparable_form(word)) for word in _BREAK.split(spelt.surface) if word)


def _excess(spellings: Sequence[Spelt]) -> dict[Spelt, int]:
    """Return how many letters each spelling has more than the shortest form of its name.

    That is the base form in most languages; those that do not inflect have none.
    """
    found = dict.fromkeys(spellings, 0)
    by_base: dict[tuple[str, tuple[str, ...]], list[tuple[Spelt, int]]] = defaultdict(list)
    by_language = Counter(spelt.language for spelt in spellings)
    for spelt in spellings:
        if by_language[spelt.language] > 1 and inflects(spelt.language):
            words = words_of(spelt.surface, spelt.label, spelt.language)
            for base in word_bases(words, spelt.language):
                by_base[spelt.language, base].append((spelt, sum(map(len, words))))
    for forms in by_base.values():
        shortest = min(length for _, length in forms)
        for spelt, length in forms:
            found[spelt] = max(found[spelt], length - shortest)
    return found


def _tidy(spelt: Spelt) -> str:
    """Return a spelling without possessive and title, its words in their order, not shouted."""
    if not (_MARKED_PERSON if spelt.label == PERSON else _MARKED).search(spelt.surface):
        return spelt.surface
    surface = given_name_first(spelt.surface) if spelt.label == PERSON else spelt.surface
    surface = without_possessive(surface.replace("’", "'"), spelt.language)
    if spelt.label == PERSON:
        surface = without_honorific(surface, spelt.language)
    tidied = " ".join(_quiet(surface.split(" "), spelt.label))
    if tidied == spelt.surface.replace("’", "'"):
        return spelt.surface
    return _with_small_words(tidied) if surface.isupper() else tidied


def _quiet(words: Sequence[str], label: str) -> Iterator[str]:
    """Yield words, those in capitals with one only, if they are shouted: acronyms are not."""
    letters = sum(len(_letters(word)) for word in words)
    is_shouted = all(word.isupper() for word in words) and letters > _MAX_ACRONYM_LETTERS[label]
    for word in words:
        is_surname = label == PERSON and len(words) > 1 and len(_letters(word)) > 2
        is_loud = is_shouted or (is_surname and is_pronounced(word))
        if word.isupper() and is_loud and not is_legal_form(word):
            yield _capitalised(word)
        else:
            yield word


def _letters(word: str) -> str:
    return "".join(_WORD.findall(word))


def _capitalised(text: str) -> str:
    """Return a text with a capital at the beginning of each word."""
    return _WORD.sub(lambda word: word[0].capitalize(), text)


def _with_small_words(text: str) -> str:
    """Return a name whose particles and small words within are in small letters."""
    first, *others = text.split(" ")
    small = [word.lower() if word.lower() in _SMALL_WORDS else word for word in others]
    return " ".join([first, *small])


def _in_latin(name: str, spelt: Spelt) -> str:
    """Return a name in Latin letters: as persons' parts are usually spelt, else as romanised.

    What cannot be read stays as it is: Han in Japanese, and what writes no vowels.
    """
    words = [word for word in _BREAK.split(name) if word]
    if spelt.label == PERSON and len(words) == 1:
        words = _surname_apart(words[0])
    scripts = {name_script(word) for word in words}
    if name_script(name) == _LATIN or (
        spelt.language in _UNREAD_LANGUAGES and _HAN.search(name) is not None
    ):
        return name
    usual = usual_spellings(list(map(comparable_form, words))) if spelt.label == PERSON else None
    if usual:
        return _with_small_words(_capitalised(" ".join(usual)))
    if not _VOWELLESS.isdisjoint(scripts):
        return name
    return " ".join(filter(None, (_word_in_latin(word, spelt.label) for word in words))) or name


def _surname_apart(name: str) -> list[str]:
    """Return the surname and the given name of a person that is written in one (李强: Li Qiang)."""
    surname = _SURNAMES.match(name)
    given = len(name) - surname.end() if surname else 0
    if surname is None or not 0 < given <= _MAX_GIVEN_CHARS:
        return [name]
    return [surname[0], name[surname.end() :]]


def _word_in_latin(word: str, label: str) -> str:
    """Return a word as romanised; of a person's in kana (マーク: Mark) the usual spelling."""
    script = name_script(word)
    if script == _LATIN:
        return word
    if script == "Deva":
        return _capitalised(with_vowels(word))
    usual = usual_spelling(comparable_form(word)) if label == PERSON and script == "Kana" else None
    return _capitalised(usual or romanized(word))


def shown_by_entity(rows: Iterator[tuple[int, Spelt, str | None]]) -> Iterator[tuple[int, Shown]]:
    """Yield what each entity is called; `rows` are sorted by entity."""
    for entity, group in groupby(rows, key=lambda row: row[0]):
        spelt = list(group)
        yield entity, shown([row[1] for row in spelt], spelt[0][2])
