"""Know what kinds of bodies and places are called, and find the words for one among others.

A file of kinds has a row for each kind and language: `kind`, `language` and its names, parted by
`|`. In most languages words are compared but for their endings; in Japanese, Chinese and Korean
names are texts without spaces.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import regex

from tasks.entities.inflection import is_form_of, words_of
from tasks.entities.nodes import BODY
from tasks.writing.forms import comparable_form

#: Words that join a body and its country, or its words, in comparable form.
_CONNECTORS = frozenset(
    """of the for and de du des la le les l d der die das dem den für von della del dello degli
    delle dei di dell da do das dos los las e van voor i u y и та в
    की के का ने में और""".split()  # noqa: SIM905
)
_ELIDED = regex.compile(r"^\p{L}{1,4}'(?=\p{L}{3})")
#: Languages that write the parts of a name without spaces, or with and without.
UNDIVIDED = frozenset({"ja", "zh", "ko"})
_BETWEEN = regex.compile(r"[\s·・の]+")
#: Languages whose words begin with clitics: their ends are compared.
_ENDS = frozenset({"ar", "he"})
#: Languages whose words take endings that `inflection` does not know, up to so many letters.
_SUFFIXED, _SUFFIX_LETTERS = frozenset({"tr", "az", "fi", "hu", "et"}), 6
#: How Slavic neuter nouns end (министерство, ministerstwo), which names of people hardly do.
_NEUTER_ENDING = regex.compile(r"(?:ств|stw|stv)[оo]$")
_NEUTER_LETTERS = 4
_KEY_LETTERS = 3

Words = tuple[str, ...]


@dataclass(frozen=True)
class Kinds:
    """What kinds are called.

    Attributes:
        divided: By language and what all their forms have in common, words and the kind they mean.
        undivided: By language, names without spaces and the kind they mean.
    """

    divided: dict[str, dict[Words, list[tuple[Words, str]]]]
    undivided: dict[str, dict[str, str]]

    def of_words(self, words: Words, language: str) -> str | None:
        """Return the kind that words mean, all of them but what joins them, in any form."""
        content = content_words(words)
        for named, kind in self.divided.get(language, {}).get(_key(content, language), ()):
            if all(map(_is_form, content, named, [language] * len(named))):
                return kind
        return None

    def of_text(self, text: str, language: str) -> str | None:
        """Return the kind that a text without spaces means."""
        return self.undivided.get(language, {}).get(text)


@cache
def read_kinds(file: Path) -> Kinds:
    """Read a file of kinds."""
    divided: dict[str, dict[Words, list[tuple[Words, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    undivided: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, language, names in rows_of(file):
        for name in names.split("|"):
            words = content_words(words_of(name, BODY, language))
            divided[language][_key(words, language)].append((words, kind))
            undivided[language][without_spaces(name)] = kind
    return Kinds({tag: dict(by_key) for tag, by_key in divided.items()}, dict(undivided))


def rows_of(file: Path) -> list[list[str]]:
    """Return the rows of a table of ours, without its header."""
    _, *rows = file.read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows]


def without_spaces(name: str) -> str:
    """Return the comparable form of a name, without what stands between its parts."""
    return _BETWEEN.sub("", comparable_form(name))


def content_words(words: Words) -> Words:
    """Return words without those that join others, and without elided articles."""
    bare = (_ELIDED.sub("", word) for word in words)
    return tuple(word for word in bare if word not in _CONNECTORS)


def _key(words: Words, language: str) -> Words:
    """Return what all forms of words have in common."""
    if language in _ENDS:
        return tuple(word[-_KEY_LETTERS:] for word in words)
    return tuple(word[:_KEY_LETTERS] for word in words)


@lru_cache(maxsize=2**14)
def _is_form(word: str, other: str, language: str) -> bool:
    if language in _SUFFIXED and word.startswith(other):
        return len(word) - len(other) <= _SUFFIX_LETTERS
    stem = _stem(other)
    if stem and word.startswith(stem) and len(word) - len(stem) <= _NEUTER_LETTERS:
        return True
    return is_form_of(word, other, frozenset({language}))


def _stem(word: str) -> str:
    """Return a Slavic neuter noun without its ending; of another word nothing."""
    return word[:-1] if _NEUTER_ENDING.search(word) else ""
