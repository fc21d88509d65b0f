"""Traces of machine translation: counted, never altered.

Three kinds, each with a plain pattern, all seen in the seeds:

- placeholders that a translator put for a number and never took back (`XNUMX`);
- round brackets the wrong way round, as a right-to-left detour leaves them: `Altman )39歳(`;
- a Latin function word left standing before a word in another script: `La 法的構造`.

Latin letters glued to kana (`Muskは`) and Latin names in a Cyrillic or Arabic sentence are
normal and not counted.
"""

import regex

_PLACEHOLDER = regex.compile(r"XNUMX|<unk>", regex.IGNORECASE)
_REVERSED_BRACKETS = regex.compile(r"(?<=\s)[)）][^\s()（）][^()（）\n]{0,11}[(（]")
#: Articles, prepositions and conjunctions of the languages machine translation pivots through:
#: English, French, Italian, Spanish, Portuguese, German. `a`, `I` and `in` also name things.
_STUCK_WORD = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}'’.-])"
    r"(?:[Tt]he|of|and|to|[Ll][ae]|[Ll]es|des|du|et|[Ii]l|[Ll]o|gli|di|che|[Ee]l|[Ll][oa]s|del"
    r"|[Dd]er|[Dd]ie|[Dd]as|und|e|y)\s+(?=[^\P{L}\p{Latin}])",
    regex.V1,
)


def count_debris(text: str) -> int:
    """Return how many traces of machine translation a text shows."""
    count = len(_PLACEHOLDER.findall(text)) + len(_REVERSED_BRACKETS.findall(text))
    return count if text.isascii() else count + len(_STUCK_WORD.findall(text))
