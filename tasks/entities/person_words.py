"""Say in which order a person's name is written, and which of its words are not hers alone.

Lists and officials write the surname first: in capitals (`PUTIN Vladimir`), before a comma
(`Putin, Vladimir`), or before a patronymic (`Путин Владимир Владимирович`). Hungarian does so
always. Patronymics and particles (`van`, `de la`) are told from other words; these belong to the
surname.
"""

from functools import lru_cache

import regex

from tasks.writing.forms import comparable_form

#: Words before a surname, in comparable form (source: the particles of CLDR's and the style books'
#: lists). `al`, `ben` and `el` are left out: they are given names, too (Al Gore, Ben Affleck).
PARTICLES = frozenset(
    """van von vom der den de del della delle dello degli dei di da dal dalla do dos das du des la
    le les los las ter ten te 't zu zum zur af av bin ibn bint dela y e
    фон ван дер де ден ди да дель делла ла ле дю фан
    フォン ファン デ デア デル ラ ル ディ ダ
    فون فان دي دير دو دا لا لو 폰 판 드 데 데어""".split()  # noqa: SIM905
)
#: Languages that write a person's surname first.
SURNAME_FIRST = frozenset({"hu"})
#: Languages in whose names a second surname follows the first, and may be left out.
TWO_SURNAMES = frozenset({"es", "pt", "ca", "gl"})
#: A surname may end so, too (Абрамович): a word counts only between two others, or behind them.
_PATRONYMIC = regex.compile(
    r"\p{Cyrillic}{2,}(?:[оеё]вич|[оеі]вн|ьич|[иі]чн|[ії]вн|йович)"
    r"(?:а|у|ом|ем|е|ы|и|і|ой|ою|ам|ами|ах|ові|ем)?"
    r"|\p{Latin}{2,}(?:[oe]vi[cč]h?|ovitch|evitch|owitsch|ewitsch|ovna|evna|owna|ewna)"
)
_CAPITALS = regex.compile(r"\p{Lu}[\p{Lu}\p{M}'’ʼ\-]+")
_VOWEL = regex.compile(r"[AEIOUYÀ-ÖØ-ÝŒĀĒĪŌŪАЕЁИОУЫЭЮЯІЇЄΑΕΗΙΟΥΩ]")
_CONSONANT_AND_VOWEL = regex.compile(r"[BCDFGHJKLMNPQRSTVWXZ][AEIOUY]")
_COMMA = regex.compile(r"(\p{L}[^,]*),\s*(\p{L}[^,]*)")
#: What stands behind a comma and is no given name.
GENERATIONS = frozenset(
    ("jr", "sr", "junior", "senior", "ii", "iii", "iv", "мл", "ст", "младший", "старший")
)


def given_name_first(surface: str) -> str:
    """Return a person's name with the surname last, if it is marked as standing first.

    It is marked by capitals, a comma or a patronymic behind it; else nothing changes.
    """
    comma = _COMMA.fullmatch(surface)
    if comma and comparable_form(comma[2].strip(" .")) not in GENERATIONS:
        return f"{comma[2]} {comma[1]}"
    words = surface.split()
    capitals = _leading_capitals(words)
    if 0 < capitals < len(words) and not any(map(_CAPITALS.fullmatch, words[capitals:])):
        return " ".join(words[capitals:] + words[:capitals])
    if len(words) == 3 and is_patronymic(words[2].casefold()) and not _is_initial(words[0]):
        return " ".join(words[1:] + words[:1])
    return surface


def _leading_capitals(words: list[str]) -> int:
    """Return how many words at the beginning are surnames in capitals; initials are none."""
    count = 0
    for word in words:
        if not _CAPITALS.fullmatch(word) or not is_pronounced(word):
            break
        count += 1
    return count


def is_pronounced(word: str) -> bool:
    """Whether a word in capitals may be a surname: `LI` and `PUTIN`, not `JK` or `BTS`."""
    if len(word) == 2:
        return bool(_CONSONANT_AND_VOWEL.fullmatch(word))
    return bool(_VOWEL.search(word))


def _is_initial(word: str) -> bool:
    return word.endswith(".")


@lru_cache(maxsize=2**16)
def is_patronymic(word: str) -> bool:
    """Whether a word in lower case may be a patronymic of an East Slavic name, in any case."""
    return _PATRONYMIC.fullmatch(word) is not None


def without_patronymic(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a person's words without the patronymic that stands in their middle."""
    if len(words) == 3 and is_patronymic(words[1]):
        return words[:1] + words[2:]
    return words


def is_surname(words: tuple[str, ...]) -> bool:
    """Whether a name is one word, or one with its particles only: `Musk`, `van Gogh`."""
    return all(word in PARTICLES for word in words[:-1]) and (
        len(words) == 1 or words[-1] not in PARTICLES
    )


def particles_before(words: tuple[str, ...], index: int) -> tuple[str, ...]:
    """Return the particles that stand immediately before a word of a name, in their order."""
    start = index
    while start and words[start - 1] in PARTICLES:
        start -= 1
    return words[start:index]
