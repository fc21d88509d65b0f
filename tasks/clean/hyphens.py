"""Join a word that a hyphen parts at the end of a line, and keep the hyphens that are spelling.

A hyphen goes if what it joins is a word (`com-mittee`), or if nothing speaks for a compound. It
stays between words that the language writes with one (`price-determining`, `dit-il`, `кто-то`),
before a capital or a digit (`Baden-Württemberg`), and, with a space, where what follows is said
of both (`Ein- und Ausfuhr`).
"""

import lzma
from functools import lru_cache
from pathlib import Path

import regex

WORDS_FILE = Path(__file__).with_name("words.txt.xz")

#: What parts a word at a line's end: hyphens; soft ones and what scanners make of them never stay.
_ALWAYS_GOES = "\xad¬"
_HYPHENS = f"-‐֊{_ALWAYS_GOES}"
_LEFT = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}'’-])([\p{{L}}\p{{M}}\p{{N}}'’-]*[\p{{L}}\p{{M}}\p{{N}}])([{_HYPHENS}])$"
)
_RIGHT = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_WORD = regex.compile(r"[\p{L}\p{M}]{2,}")
#: Words looked at to tell the language of some lines.
_LOOKED_AT_WORDS = 200

#: Words before which a hyphen at a line's end is suspended, by language.
_CONJUNCTIONS = {
    "de": "und oder sowie bis bzw beziehungsweise als wie noch aber",
    "en": "and or to nor but",
    "nl": "en of tot als noch",
    "sv": "och eller samt till som",
    "da": "og eller samt til som",
    "nb": "og eller samt til som",
    "nn": "og eller samt til som",
    "fi": "ja tai sekä eli että",
    "et": "ja või ning kui",
    "hu": "és vagy illetve meg",
    "sl": "in ali",
    "hr": "i ili",
}
#: Words that are written to the one before with a hyphen, by language.
_CLITICS = {
    "fr": "il elle on ils elles je tu nous vous moi toi lui leur eux le la les en y ce là ci même "
    "mêmes être dire vis à",
    "ca": "lo la los les li hi ho ne me te se nos vos en",
    "pt": "se me te lhe lhes lo la los las no na nos nas vos o a os as feira feiras",
    "ro": "se mă te i o l le ne vă a au am ai ați un urilor ul uri lui",
    "ru": "то либо нибудь ка таки за под",
    "uk": "то небудь таки за під",
    "bg": "голям голяма голямо големи малък малка добър добра",
    "el": "",
}
#: Beginnings that are written to what follows with a hyphen, by language.
_PROCLITICS = {
    "ru": "по кое кой во в из",
    "uk": "по казна хтозна будь",
    "bg": "по най",
    "en": "non self ex well ill all half quasi so",
    "fr": "non ex vice mi demi semi celui celle ceux peut avant après contre sous au par là",
    "ro": "n s l d m v ne re într dintr printr",
    "pt": "ex vice pós pré pró recém além sem",
    "ca": "ex vice",
}
#: Languages that hyphenate words of any kind, when both are words.
_COMPOUNDING = frozenset({"en"})
#: Parts of words that happen to be words.
_NO_FIRST_WORD = "over under out up down fore mis inter sub super trans with in on for be to an a i"
_NO_LAST_WORD = "ing ed er ers ly ness ment ments less ful ship able ible tion sion ous ity ism ist"
#: Languages that write a word twice.
_DOUBLING = frozenset({"id", "ms"})


def joined(before: str, after: str, around: str) -> str | None:
    """Return two lines as one where a hyphen parts a word between them; None: it doesn't.

    Args:
        before: The line that ends with the hyphen.
        after: The line that follows.
        around: The text in which they stand, which tells the language.
    """
    if before[-1:] not in _HYPHENS:
        return None
    left, right = _LEFT.search(before), _RIGHT.match(after)
    if left is None or right is None:
        return None
    bare, word, rest = before[: left.end(1)], left[1], right[0]
    if left[2] in _ALWAYS_GOES:
        return bare + after
    if word[-1].isdigit() or rest[0].isdigit() or not (rest.islower() or _is_loud(word, rest)):
        return before + after
    if after[right.end() : right.end() + 1] == "-" and " " in before:
        return before + after  # up-to-date
    return _joined_word(before, after, (word.casefold(), rest.casefold()), language_of(around))


def parts_word(before: str, after: str) -> bool:
    """Whether a word goes on in the next line: a hyphen is last, and small letters follow."""
    if before[-1:] not in _HYPHENS or " " not in before:
        return False
    left, right = _LEFT.search(before), _RIGHT.match(after)
    if left is None or right is None:
        return False
    if regex.match(rf"[{_HYPHENS}](?:\s|$)", after[right.end() :]):
        return False  # a list of beginnings
    return left[2] in _ALWAYS_GOES or (not left[1][-1].isdigit() and after[0].islower())


def _is_loud(word: str, rest: str) -> bool:
    return len(word) > 1 and word.isupper() and rest.isupper()


def _joined_word(before: str, after: str, parts: tuple[str, str], language: str) -> str:
    word, rest = parts
    if rest in _CONJUNCTIONS.get(language, "").split():
        return f"{before} {after}"
    return before + after if _is_spelling(word, rest, language) else before[:-1] + after


def _is_spelling(word: str, rest: str, language: str) -> bool:
    """Whether the hyphen between two parts of a word is one that it always has."""
    known = words().get(language, {})
    last = word.rpartition("-")[2]
    if last + rest in known:
        return False
    if "-" in word and len(last) > 1:
        return True
    if rest in _CLITICS.get(language, "").split() and (last in known or len(last) <= 2):
        return True
    if last in _PROCLITICS.get(language, "").split() and len(rest) > 2:
        return True
    if language in _DOUBLING and last == rest:
        return True
    is_part = last in _NO_FIRST_WORD.split() or rest in _NO_LAST_WORD.split()
    return language in _COMPOUNDING and not is_part and last in known and rest in known


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, int]]:
    """Return the words of each language and their ranks."""
    with lzma.open(WORDS_FILE, "rt", encoding="utf-8") as lines:
        listed = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {tag: {word: rank for rank, word in enumerate(found.split())} for tag, found in listed}


def language_of(text: str) -> str:
    """Return the language that has most of a text's words, `und` if none has any."""
    found = [match[0].casefold() for match in _WORD.finditer(text[: 20 * _LOOKED_AT_WORDS])]
    found = found[:_LOOKED_AT_WORDS]
    scores = {
        tag: sum(_weight(known.get(word)) for word in found) for tag, known in words().items()
    }
    best = max(scores, key=lambda tag: (scores[tag], tag))
    return best if scores[best] else "und"


def _weight(rank: int | None) -> float:
    """Return what a word says for a language: the commonest most."""
    return 0.0 if rank is None else 1.0 / (1 + rank / 200) + 0.2
