"""Say how likely a text is in each of some fifty languages, by pairs of its letters.

Of a language the file holds how often each letter follows each other one; of Chinese, Japanese
and Korean, how often each character stands. Written by `training.write_letter_pairs`.
Likelihoods of two readings of the same bytes can be compared, also where one of them has more
letters: each is the probability of all that it reads. Costs are whole numbers of small parts, so
that their sums are exact, in whatever order a processor adds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

FILE = Path(__file__).with_name("letter_pairs.npz")
#: Costs are rounded to this many parts of one: sums stay exact up to 2**41.
_PARTS = 2.0**12
#: Stands in an alphabet for white space, for digits, for letters and for signs of no other class.
SPACE, DIGIT = " ", "0"
OTHER_LETTER, OTHER_SIGN, CONTROL, UNDECODED = "\ue000", "\ue001", "\ue002", "\ue003"
#: How likely a class of characters is that hardly any text has: a letter of another script, a rare
#: sign, a control, what cannot be decoded.
RARE_SHARES = {OTHER_LETTER: 1e-6, OTHER_SIGN: 1e-6, CONTROL: 1e-10, UNDECODED: 1e-7}
#: Damage has several bytes: a cut emoji three.
_STILL_UNDECODED = 0.3
#: Signs that texts of any language have, and how likely each is at least.
SIGNS = (
    "!\"#$%&'()*+,-./:;<=>?@[]_|~°§€£©®·№¿¡«»‹›“”„‘’‚–—…•™ªº²³½×´`\u200c\u200d"
    "、。「」『』（），：；？！《》・"
)
_SIGN_SHARE = 4e-5
#: Share of what other languages of a script write in a language's text.
_FOREIGN_SHARE = 0.05
#: The same for a Han character or syllable: of those that a language has, most are not in its file.
_UNSEEN_SHARE, _UNSEEN_CHARACTERS = 0.05, 8000
#: Of a cased letter after none, after a small one, after a capital: how likely it is a capital.
#: Counted over the file's texts in Latin and Cyrillic script; within words, capitals are rare.
_CAPITAL = (0.12, 0.0015, 0.25)


@dataclass(frozen=True)
class Alphabet:
    """The languages of one script, and how likely each letter is after each other.

    Attributes:
        script: ISO 15924.
        languages: Their tags.
        classes: Class of each character of the Basic Multilingual Plane, uint8.
        costs: Negative logarithm of the probability of a class after another, (languages,
            classes, classes).
        characters: What a character of East Asia costs beyond its class, (languages, 65536);
            None for other scripts.
    """

    script: str
    languages: tuple[str, ...]
    classes: NDArray[np.uint8]
    costs: Floats
    characters: Floats | None


@lru_cache(maxsize=1)
def alphabets() -> tuple[Alphabet, ...]:
    """Read the file."""
    with np.load(FILE, allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    return tuple(_alphabet(held, number) for number in range(len(held["scripts"])))


def _alphabet(held: dict[str, NDArray[np.generic]], number: int) -> Alphabet:
    letters = str(held["letters"][number])
    names = held["languages"].tolist()
    rows = [row for row, script in enumerate(held["script_of"].tolist()) if script == number]
    counts = np.zeros((len(rows), len(letters), len(letters)), np.float64)
    for place, row in enumerate(rows):
        mine = held["pair_language"] == row
        counts[place, held["pair_first"][mine], held["pair_second"][mine]] = held["pair_count"][
            mine
        ]
    characters = (
        _character_costs(held, rows) if (held["character_language"] == rows[0]).any() else None
    )
    return Alphabet(
        script=str(held["scripts"][number]),
        languages=tuple(names[row] for row in rows),
        classes=_classes(letters, str(held["scripts"][number])),
        costs=_pair_costs(counts, letters),
        characters=characters,
    )


def _pair_costs(counts: NDArray[np.float64], letters: str) -> Floats:
    """Return the cost of each class after each other.

    What was not seen after a letter is as likely as it is anywhere, the more so the more
    different letters follow this one (Witten and Bell 1991).
    """
    rare = [letters.index(letter) for letter in RARE_SHARES]
    counts[:, :, rare] = 0
    single = counts.sum(axis=1)
    share = single / single.sum(axis=1, keepdims=True)
    share = (1 - _FOREIGN_SHARE) * share + _FOREIGN_SHARE * share.mean(axis=0)
    share = np.maximum(share, [_SIGN_SHARE * (letter in SIGNS) for letter in letters])
    share[:, rare] = list(RARE_SHARES.values())
    before = counts.sum(axis=2, keepdims=True)
    kinds = (counts > 0).sum(axis=2, keepdims=True) + 1
    likely = (counts + kinds * share[:, None, :]) / (before + kinds)
    undecoded = letters.index(UNDECODED)
    likely[:, undecoded, undecoded] = _STILL_UNDECODED
    return _cost_of(np.maximum(likely, 1e-30))


def _cost_of(likely: Floats) -> Floats:
    """Return the negative logarithm of probabilities, rounded so that sums are exact."""
    costs: Floats = np.rint(-np.log(likely) * _PARTS) / _PARTS
    return costs


def _classes(letters: str, script: str) -> NDArray[np.uint8]:
    """Return the class of each character of the first plane: its place in the alphabet."""
    place = {letter: number for number, letter in enumerate(letters)}
    return np.array(
        [place[class_of(chr(point), place, script)] for point in range(1 << 16)], np.uint8
    )


def class_of(char: str, letters: "dict[str, int] | set[str]", script: str) -> str:
    """Return what stands in an alphabet for a character.

    Args:
        char: The character.
        letters: The alphabet.
        script: That of the alphabet; of East Asia's letters each script is a class.
    """
    if char in " \t\n\v\f\r\u3000":
        return SPACE
    if "0" <= char <= "9":
        return DIGIT
    if script == "Hani" and (wide := wide_class(char)):
        return wide
    small = char.lower()[0]
    if small in letters:
        return small
    return _rare_class(char)


def _rare_class(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return UNDECODED
    if "\ue000" <= char <= "\uf8ff" or (not char.isprintable() and not char.isspace()):
        return CONTROL
    return OTHER_LETTER if char.isalpha() else OTHER_SIGN


def wide_class(char: str) -> str:
    """Return the character that stands for all of its script in East Asia, or nothing."""
    if "\u4e00" <= char <= "\u9fff":
        return "\u4e00"
    if "\uac00" <= char <= "\ud7a3":
        return "\uac00"
    if "\u3041" <= char <= "\u3096":
        return "\u3042"
    return "\u30a2" if "\u30a1" <= char <= "\u30fc" else ""


def _character_costs(held: dict[str, NDArray[np.generic]], rows: Sequence[int]) -> Floats:
    """Return what each character of East Asia costs beyond its class, by language."""
    kinds = np.array([ord(wide_class(chr(point)) or "\0") for point in range(1 << 16)])
    costs = np.zeros((len(rows), 1 << 16))
    for place, row in enumerate(rows):
        mine = held["character_language"] == row
        counts = np.zeros(1 << 16)
        counts[held["character"][mine].astype(np.int64)] = held["character_count"][mine]
        for kind in set(kinds.tolist()) - {0}:
            of_kind = kinds == kind
            total = max(1.0, counts[of_kind].sum())
            likely = (1 - _UNSEEN_SHARE) * counts[of_kind] / total
            likely += _UNSEEN_SHARE / min(_UNSEEN_CHARACTERS, int(of_kind.sum()))
            costs[place, of_kind] = _cost_of(likely)
    return costs


@lru_cache(maxsize=1)
def cases() -> NDArray[np.uint8]:
    """Return whether each character of the first plane is small (1), a capital (2), none (0)."""
    chars = map(chr, range(1 << 16))
    return np.array([2 if char.isupper() else int(char.islower()) for char in chars], np.uint8)


@lru_cache(maxsize=1)
def case_costs() -> Floats:
    """Return the cost of a character's case after another's, (3, 3); of no case 0."""
    return _cost_of(np.array([[1.0, 1 - capital, capital] for capital in _CAPITAL]))
