"""Count traces of machine translation, by kind; alter none, and drop nothing for them.

- `placeholder`: what a translator put for a number or a tag and never took back (`XNUMX`);
- `bracket`: brackets around a number the wrong way round, as a right-to-left detour leaves
  them (`Altman )39歳(`), or with spaces inside;
- `punctuation`: marks of two traditions side by side (`。.`), or of another script's;
- `untranslated_word`: words left in another script or language.

A clean text may have a few (a term, a quotation); many say how it came about.

Names, abbreviations, terms in brackets and quotations are no debris: a run of words of another
script counts only if none of them is capitalised, but for a function word (`La 法的構造`). In
a text of one script, function words of another language count (`und the Regierung`). Function
words are those of thirteen languages in Latin script (`function_words.tsv`), those that machine
translation comes from most.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path

import numpy as np
import polars as pl
import regex

from expectations.working_tables import CUT_SEGMENTS
from tasks.writing.characters import CharacterTable, batches, code_points
from tasks.writing.measures import UNASSIGNED, writing_of
from tasks.writing.scripts import WIDE_WEIGHT, dominant_script, script_counts, script_of
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
#: Google Translate's numbers, unknown words of SentencePiece and fairseq, and the tags and
#: slots that translation memories (XLIFF) and software messages are protected by.
_PLACEHOLDER = regex.compile(
    r"XNUMX|<unk>|\[UNK\]|⁇|(?<!\w)__\p{Lu}{2,8}_?\d*__(?!\w)|</?(?:ph|x|g|bpt|ept) id=[^<>]{1,20}>"
    r"|\{\{\s?[\w.]{1,40}\s?\}\}|%\d\$[sd]",
    regex.IGNORECASE,
)
#: Closing before opening, where nothing was opened shortly before: round a number, or after a
#: space; and a number in brackets with a space inside.
_BRACKET = regex.compile(
    r"(?:(?<=\s)[)）]|(?<![(（][^()（）\n]{0,20})[)）](?=[^()（）\n]{0,11}\p{N}))"
    r"[^\s()（）][^()（）\n]{0,11}[(（]"
    r"|[(（]\s+\p{N}[^()（）\n]{0,11}[)）]|[(（]\p{N}[^()（）\n]{0,10}\s+[)）]"
)
_DOUBLED_MARK = regex.compile(r"[。、，][.,]|(?<!\.)[.,][。、，]|[،؛][,;]|[,;][،؛]|।\.|\.।|؟\?|\?؟")
_MIXED_BRACKETS = regex.compile(r"（[^()（）\n]{1,40}\)|\([^()（）\n]{1,40}）")
#: Marks of East Asia, Arabic and Devanagari after a letter of the alphabets that end sentences
#: with a full stop.
_FOREIGN_MARK = regex.compile(r"(?<=[\p{Latin}\p{Cyrillic}\p{Greek}])[。、，؛،؟।]")
_ALPHABETS = frozenset({"Latn", "Cyrl", "Grek"})
#: A full stop or comma of the alphabets after Han or kana, in a text that has its own.
_ASCII_MARK = regex.compile(r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}])[.,;](?=\s|$)")
_OWN_MARK = regex.compile(r"[。、，]")

#: What a text must hold to have any traces but words, for Polars, which knows no look-around.
_MARKS = "|".join(
    (
        r"(?i:xnumx|<unk>|\[unk\]|⁇|__|\{\{|%\p{Nd}\$|</?(?:ph|x|g|bpt|ept) id=)",
        r"[)）][^()（）\n]{1,12}[(（]|[(（][\s\x1c-\x1f]|[\s\x1c-\x1f][)）]",
        r"[。、，][.,]|[.,][。、，]|[،؛][,;]|[,;][،؛]|।\.|\.।|؟\?|\?؟",
        r"（[^()（）\n]{1,40}\)|\([^()（）\n]{1,40}）",
        rf"[\p{{Latin}}\p{{Cyrillic}}\p{{Greek}}{UNASSIGNED}][。、，؛،؟।]",
        rf"[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}{UNASSIGNED}][.,;](?:[\s\x1c-\x1f]|$)",
    )
)
#: Beside these Polars and `regex` do not see the same words.
_JOINER = rf"[\p{{M}}\p{{Cf}}\p{{Pc}}{UNASSIGNED}]"
_JOINED = rf"\p{{Latin}}{_JOINER}|{_JOINER}\p{{Latin}}"


@dataclass(frozen=True, order=True, slots=True)
class Debris:
    """Traces of one kind; script (ISO 15924) and language (BCP-47) of untranslated words only."""

    kind: str
    script: str | None
    language: str | None
    count: int


def find_debris(text: str) -> list[Debris]:
    """Return the traces of machine translation in a text, by kind, script and language."""
    counts: Counter[tuple[str, str | None, str | None]] = Counter()
    counts["placeholder", None, None] = _count(_PLACEHOLDER, text)
    if "(" in text or "（" in text:
        counts["bracket", None, None] = _count(_BRACKET, text)
    if text.isascii():
        scripts = Counter({"Latn": 1})
    else:
        scripts = script_counts(text)
        counts["punctuation", None, None] = _mixed_punctuation(text, dominant_script(scripts, ""))
    words = untranslated_words(_PLACEHOLDER.sub(" ", text), scripts)
    counts.update(("untranslated_word", *word) for word in words)
    found = (Debris(*key, count) for key, count in counts.items() if count)
    return sorted(found, key=lambda each: (each.kind, each.script or "", each.language or ""))


def _mixed_punctuation(text: str, script: str) -> int:
    count = _count(_DOUBLED_MARK, text) + _count(_MIXED_BRACKETS, text)
    if script in _ALPHABETS:
        return count + _count(_FOREIGN_MARK, text)
    return count + (_count(_ASCII_MARK, text) if _OWN_MARK.search(text) else 0)


def _count(pattern: "regex.Pattern[str]", text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def debris_columns(texts: pl.Series) -> list[pl.Series]:
    """Return `debris` and `debris_count` of texts; a text's depend on that text only.

    Nearly no text has any, so only those that may have are looked at closely.
    """
    candidates = _may_have_debris(texts).arg_true()
    looked_at = zip(candidates, map(find_debris, texts.gather(candidates)), strict=True)
    found = {row: traces for row, traces in looked_at if traces}
    types = CUT_SEGMENTS.polars_schema
    columns = {
        "row": list(found),
        "debris": [[asdict(trace) for trace in traces] for traces in found.values()],
        "debris_count": [sum(trace.count for trace in traces) for traces in found.values()],
    }
    names = ("debris", "debris_count")
    traced = pl.DataFrame(
        columns, schema={"row": pl.UInt32(), **{name: types[name] for name in names}}
    )
    every = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32(), eager=True)})
    joined = every.join(traced, on="row", how="left", maintain_order="left")
    filled = joined.select(pl.col("debris").fill_null([]), pl.col("debris_count").fill_null(0))
    return filled.get_columns()


def _may_have_debris(texts: pl.Series) -> pl.Series:
    """Return whether each text may have a trace: true of all that have one, and of few others."""
    is_mixed, may_be_mostly_latin = _mixed_writings(texts.to_list())
    # Names stand in Latin script in texts of all others, capitalised: they are no traces.
    may_be_foreign = is_mixed & (may_be_mostly_latin | texts.str.contains(_small_latin_word()))
    return texts.str.contains(_MARKS) | may_be_foreign | (~is_mixed & _may_mix_languages(texts))


def _mixed_writings(texts: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """Return which texts have letters of several scripts, those of East Asia being one.

    Returns:
        The same, and whether the foreign letters may be others than Latin ones.
    """
    mixed, others = np.zeros(len(texts), np.bool_), np.zeros(len(texts), np.bool_)
    for batch in batches(map(len, texts)):
        points, starts = code_points(texts[batch])
        numbers = _WRITINGS[points]
        is_latin, is_other = numbers == _LATIN, numbers > _LATIN
        latin_count, other_count = (
            np.add.reduceat(flags, starts, dtype=np.int64) for flags in (is_latin, is_other)
        )
        least = np.minimum.reduceat(np.where(is_other, numbers, 255), starts)
        has_several_others = least < np.maximum.reduceat(numbers, starts)
        mixed[batch] = (np.minimum(latin_count, other_count) > 0) | has_several_others
        others[batch] = (latin_count >= other_count) | has_several_others
    return pl.Series(mixed, dtype=pl.Boolean()), pl.Series(others, dtype=pl.Boolean())


#: Numbers of writings, as they occur.
_LATIN = 1
_NUMBERS = defaultdict(count(_LATIN + 1).__next__, Latn=_LATIN)


def _writing_numbers(characters: str) -> list[int]:
    """Return a number for the writing of each letter; 0 for what is no letter."""
    scripts = [next(iter(script_counts(char)), None) for char in characters]
    return [0 if script is None else _NUMBERS[writing_of(script)] for script in scripts]


_WRITINGS = CharacterTable(_writing_numbers)


@lru_cache(maxsize=1)
def _small_latin_word() -> str:
    """Return a pattern for Polars of words without a capital, and of function words with one."""
    listed = "|".join(sorted(word.title() for word in _languages_of()))
    before = r"(?:^|[^\p{Latin}\p{N}@#/_.&-])"
    small = rf"[[\p{{Latin}}{UNASSIGNED}]--\p{{Lu}}--\p{{Lt}}]"
    return rf"{before}(?:{small}|(?:{listed})(?:[^\p{{L}}]|$))"


def _may_mix_languages(texts: pl.Series) -> pl.Series:
    """Return whether each text may have function words of one language among another's."""
    words = texts.str.extract_all(rf"\b(?:{'|'.join(sorted(_languages_of()))})\b")
    row = pl.int_range(len(texts), dtype=pl.UInt32(), eager=True)
    languages = (
        pl.DataFrame({"row": row, "word": words})
        .explode("word")
        .join(_listed_words(), on="word")
        .group_by("row", "language")
        .agg(is_frequent=pl.len() >= MIN_FUNCTION_WORDS, is_telling=pl.col("is_telling").any())
    )
    frequent, telling = (languages.filter(name) for name in ("is_frequent", "is_telling"))
    beside = telling.join(frequent, on="row")
    rows = beside.filter(pl.col("language") != pl.col("language_right"))["row"]
    return row.is_in(rows.implode()) | texts.str.contains(_JOINED)


@lru_cache(maxsize=1)
def _listed_words() -> pl.DataFrame:
    """Return `word, language, is_telling`: whether a word says by itself which language it is."""
    rows = [
        (word, language, len(languages) == 1 and len(word) >= MIN_WORD_CHARS_IN_SAME_SCRIPT)
        for word, languages in _languages_of().items()
        for language in sorted(languages)
    ]
    return pl.DataFrame(rows, schema=["word", "language", "is_telling"], orient="row")


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
    word = rf"{letter}(?:[\p{{M}}'’-]*+{letter})*+\p{{M}}*+"
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
    for index, languages in enumerate(known):
        if languages is None or first in languages or len(languages) > 1:
            continue
        if len(words[index]) < MIN_WORD_CHARS_IN_SAME_SCRIPT:
            continue
        beside = words[max(index - 1, 0) : index] + words[index + 1 : index + 2]
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
