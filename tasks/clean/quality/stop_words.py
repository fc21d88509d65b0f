"""The commonest function words of a language: spaCy's lists, of some 60 languages (MIT)."""

from functools import lru_cache
from importlib import resources
from runpy import run_path

import regex

from tasks.writing.scripts import script_of

#: Shorter lists say nothing: of the words of prose, those of Malayalam (9 words), Telugu (46)
#: and Korean (58) are less than .06, all others .1 and more (paragraphs of NTREX-128).
MIN_WORDS = 60
#: Lists hold clitics with their apostrophe (`l'`, `n't`); a word of a text has none.
_APOSTROPHES = "'’ʼ"
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u200c\u200d]+")


@lru_cache(maxsize=512)
def stop_words(language: str, script: str) -> frozenset[str]:
    """Return the stop words of a language, lower-case; none if no list of the script is of use.

    Args:
        language: BCP-47 tag.
        script: What the text is written in: a Serbian list in Cyrillic is no use for Latin.
    """
    words = _listed(language)
    is_written_so = script_of(" ".join(sorted(words))) == script
    return words if len(words) >= MIN_WORDS and is_written_so else frozenset()


@lru_cache(maxsize=256)
def _listed(language: str) -> frozenset[str]:
    # Not imported: its package would build the language's tokenizer, 4 s for French.
    source = resources.files("spacy.lang") / language / "stop_words.py"
    if not source.is_file():
        return frozenset()
    words = (word.strip(_APOSTROPHES).lower() for word in run_path(str(source))["STOP_WORDS"])
    return frozenset(word for word in words if _WORD.fullmatch(word))
