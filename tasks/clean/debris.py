"""Traces of machine translation: counted by kind, never altered, and nothing is dropped for them.

- `placeholder`: what a translator put for a number or a tag and never took back (`XNUMX`);
- `bracket`: brackets around a number the wrong way round, as a right-to-left detour leaves
  them (`Altman )39歳(`), or with spaces inside;
- `punctuation`: marks of two traditions side by side (`。.`), or of another script's;
- `untranslated_word`: words left in another script or language (`tasks.clean.untranslated`).

A clean text may have a few (a term, a quotation); many say how it came about.
"""

from collections import Counter
from dataclasses import dataclass

import regex

from tasks.clean.untranslated import untranslated_words
from tasks.writing.scripts import dominant_script, script_counts

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
