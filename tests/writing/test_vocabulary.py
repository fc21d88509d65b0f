"""The sets of letters, scripts and signs agree with each other and with Unicode."""

import polars as pl
import pytest
import regex

from tasks.writing import vocabulary
from tasks.writing.languages import KNOWN_TAGS, expected_scripts
from tasks.writing.vocabulary import (
    COMPLEX_LETTERS,
    EAST_ASIAN_SCRIPTS,
    IDEOGRAPHIC_STOPS,
    JOINED_LETTERS,
    SENTENCE_ENDS,
    UNSPACED_LANGUAGES,
    UNSPACED_LETTERS,
    UNSPACED_SCRIPTS,
    WIDE_LETTERS,
)

#: Codes of mixtures and forms, which Unicode does not give to characters.
_NOT_OF_CHARACTERS = {"Hans", "Hant", "Jpan", "Kore"}
_SETS = {
    name: value
    for name, value in vars(vocabulary).items()
    if name.endswith(("_LETTERS", "_STOPS", "_ENDS")) or name == "CLOSERS"
}
_CHARACTERS = "".join(map(chr, range(0x110000)))


def _scripts_of(letters: str) -> set[str]:
    """Return the scripts that have a letter of the set."""
    found = set(regex.findall(rf"[[{letters}]&&[\p{{L}}\p{{M}}]--[ーｰ]]", _CHARACTERS, regex.V1))
    codes = set()
    while found:
        char = found.pop()
        name = next(code for code in _CODES if regex.match(rf"\p{{sc={code}}}", char))
        codes.add(name)
        found -= set(regex.findall(rf"\p{{sc={name}}}", "".join(found)))
    return codes


_CODES = [*UNSPACED_SCRIPTS, "Hang", "Latn", "Cyrl", "Arab", "Deva", "Zyyy", "Zinh"]
_CODES = [code for code in _CODES if code not in _NOT_OF_CHARACTERS]


def test_unspaced_letters_are_those_of_the_unspaced_scripts() -> None:
    assert _scripts_of(UNSPACED_LETTERS) == set(UNSPACED_SCRIPTS) - _NOT_OF_CHARACTERS
    assert _scripts_of(JOINED_LETTERS) == _scripts_of(UNSPACED_LETTERS) | {"Hang"}


def test_wide_letters_are_those_of_east_asia() -> None:
    assert _scripts_of(WIDE_LETTERS) == EAST_ASIAN_SCRIPTS - _NOT_OF_CHARACTERS | {"Yiii"}
    assert not _scripts_of(WIDE_LETTERS) & _scripts_of(COMPLEX_LETTERS)


def test_unspaced_languages_have_no_other_script() -> None:
    written = {tag: expected_scripts(tag) for tag in KNOWN_TAGS - {"und"}}
    unspaced = {tag for tag, scripts in written.items() if scripts <= set(UNSPACED_SCRIPTS)}
    assert unspaced == UNSPACED_LANGUAGES


@pytest.mark.parametrize("char", [*".!?。！？؟۔।։።།…", "\u037e"])
def test_sentences_of_any_script_end(char: str) -> None:
    assert regex.match(f"[{SENTENCE_ENDS}]", char)
    assert pl.Series([char]).str.contains(f"[{SENTENCE_ENDS}]").item()


def test_ideographic_stops_are_stops() -> None:
    assert regex.fullmatch(f"[{SENTENCE_ENDS}]+", IDEOGRAPHIC_STOPS)


@pytest.mark.parametrize("name", sorted(_SETS))
def test_every_set_stands_between_brackets(name: str) -> None:
    for flags in (regex.V0, regex.V1):
        assert regex.search(f"[{_SETS[name]}]", _CHARACTERS, flags)
        assert not regex.match(f"[{_SETS[name]}]", "a", flags)
