"""Words that a translator left as they were: in another script than the text, or language.

Names, abbreviations, terms in brackets and quotations are no debris: a run of words of another
script counts only if none of them is capitalised, but for a function word (`La 法的構造`). In
a text of one script, function words of another language count (`und the Regierung`). Function
words are those of thirteen languages in Latin script (`function_words.tsv`), those that machine
translation comes from most.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import regex

from tasks.clean.lines import writing_of
from tasks.writing.scripts import WIDE_WEIGHT, dominant_script, script_of
from tasks.writing.vocabulary import WIDE_LETTERS

_FILE = Path(__file__).parent / "function_words.tsv"
#: Least share of the letters in the main script: below it a text is written in two.
MIN_MAIN_SHARE = 0.6
#: Shorter words are units, symbols and parts of names; in a text of the same script, words of
#: several languages (`as`, `dos`, `has`).
MIN_WORD_CHARS, MIN_WORD_CHARS_WITHOUT_CASE, MIN_WORD_CHARS_IN_SAME_SCRIPT = 3, 2, 4
#: Function words of its own language that a text must have, and how many times those of others.
MIN_FUNCTION_WORDS, MIN_LEAD = 4, 4
#: What is said in brackets or quoted may stand in any language.
_ASIDE = regex.compile(
    r"[(（\[【][^()（）\[\]【】\n]{0,200}[)）\]】]"
    r"|[“„«「『\"][^“”„«»「」『』\"\n]{0,300}[”“»」』\"]"
)
_LATIN_WORD = regex.compile(r"(?<![\p{L}\p{N}@#/_.'’-])\p{Latin}+(?![\p{L}\p{N}@/_'’-]|\.\p{L})")
#: Scripts of one language, nearly.
_LANGUAGES = {"Jpan": "ja", "Kore": "ko", "Thai": "th", "Grek": "el", "Armn": "hy", "Geor": "ka"}


def untranslated_words(text: str, scripts: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield script and language (`und`: not known) of each untranslated word.

    Args:
        text: A segment.
        scripts: Its letters by script (`script_counts`).
    """
    main = writing_of(dominant_script(scripts, ""))
    weights = {script: _weight(script) * count for script, count in scripts.items()}
    own = sum(weight for script, weight in weights.items() if writing_of(script) == main)
    if own == sum(weights.values()):
        if main == "Latn":
            yield from _words_of_other_languages(_ASIDE.sub(" ", text))
    elif own >= MIN_MAIN_SHARE * sum(weights.values()):
        for run in _foreign_run(main).finditer(_ASIDE.sub(" ", text)):
            yield from _words_of(run)


def _weight(script: str) -> int:
    return WIDE_WEIGHT if writing_of(script) == "Hani" else 1


@lru_cache(maxsize=64)
def _foreign_run(main: str) -> "regex.Pattern[str]":
    """Return a pattern for words, one space apart, in another script than the main one."""
    own = WIDE_LETTERS if main == "Hani" else rf"\p{{sc={main}}}"
    letter = rf"[\p{{L}}--[{own}\p{{sc=Zyyy}}\p{{sc=Zinh}}]]"
    word = rf"{letter}(?:[\p{{M}}'’-]*{letter})*\p{{M}}*"
    return regex.compile(
        rf"(?<![\p{{N}}@#/_.&-])(?<!{letter}){word}(?:[ \xa0]{word})*(?![\p{{N}}@/_-]|\.\p{{L}})",
        regex.V1,
    )


def _words_of(run: "regex.Match[str]") -> Iterator[tuple[str, str]]:
    words = run[0].split()
    if any(word != word.lower() and not _is_function_word(word) for word in words):
        return
    if all(_is_function_word(word) for word in words) and _is_glued(run):
        return
    script = script_of(run[0])
    language = _language_of(words) if script == "Latn" else _LANGUAGES.get(script, "und")
    is_cased = run[0].upper() != run[0].lower()
    least = MIN_WORD_CHARS if is_cased else MIN_WORD_CHARS_WITHOUT_CASE
    for word in words:
        if len(word) >= least or _is_function_word(word):
            yield script, language


def _is_function_word(word: str) -> bool:
    """Return whether it is one, written small or as at the beginning of a sentence."""
    is_written_so = word.islower() or (len(word) > 1 and word.istitle())
    return is_written_so and word.lower() in _languages_of()


def _is_glued(run: "regex.Match[str]") -> bool:
    around = run.string[run.start() - 1 : run.start()] + run.string[run.end() : run.end() + 1]
    return any(char.isalpha() for char in around)


def _language_of(words: list[str]) -> str:
    known = [_languages_of()[word.lower()] for word in words if word.lower() in _languages_of()]
    common = frozenset.intersection(*known) if known else frozenset()
    return next(iter(common)) if len(common) == 1 else "und"


def _words_of_other_languages(text: str) -> Iterator[tuple[str, str]]:
    words = _LATIN_WORD.findall(text)
    known = [_languages_of().get(word) for word in words]
    hits = Counter(language for languages in known for language in languages or ())
    first = min(hits, key=lambda language: (-hits[language], language), default="")
    if hits[first] < MIN_FUNCTION_WORDS:
        return
    for place, languages in enumerate(known):
        if languages is None or first in languages or len(languages) > 1:
            continue
        if len(words[place]) < MIN_WORD_CHARS_IN_SAME_SCRIPT:
            continue
        beside = words[max(place - 1, 0) : place] + words[place + 1 : place + 2]
        (language,) = languages
        is_rare = MIN_LEAD * hits[language] <= hits[first]
        if is_rare and all(word.islower() for word in beside):
            yield "Latn", language


@lru_cache(maxsize=1)
def _languages_of() -> Mapping[str, frozenset[str]]:
    """Return the languages of each function word."""
    found: dict[str, set[str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        language, words = line.split("\t")
        for word in words.split():
            found.setdefault(word, set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}
