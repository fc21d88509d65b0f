"""Write the stop words that spaCy lists: `python -m training.write_stop_words`."""

from collections.abc import Iterator
from importlib import resources
from runpy import run_path

import regex

from tasks.clean.quality import STOP_WORDS_FILE

_HEADER = """\
# Function words by language (BCP-47), a line each: `python -m training.write_stop_words`.
# Source: `spacy/lang/*/stop_words.py` of spaCy, under this licence:
#
# The MIT License (MIT)
#
# Copyright (C) 2016-2024 ExplosionAI GmbH, 2016 spaCy GmbH, 2015 Matthew Honnibal
#
# Permission is hereby granted, free of charge, to any person obtaining a copy
# of this software and associated documentation files (the "Software"), to deal
# in the Software without restriction, including without limitation the rights
# to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is
# furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in
# all copies or substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
# IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
# FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
# AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
# LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
# OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
# THE SOFTWARE.
"""
#: Lists hold clitics with their apostrophe (`l'`, `n't`); a word of a text has none.
_APOSTROPHES = "'’ʼ"
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u200c\u200d]+")


def listed_words() -> Iterator[tuple[str, list[str]]]:
    """Yield each language that spaCy has a list for, and its words: lower-case and sorted."""
    languages = resources.files("spacy.lang").iterdir()
    for folder in sorted(languages, key=lambda folder: folder.name):
        source = folder / "stop_words.py"
        if source.is_file():
            # Not imported: its package would build the language's tokenizer, 4 s for French.
            words = run_path(str(source))["STOP_WORDS"]
            lower = {word.strip(_APOSTROPHES).lower() for word in words}
            yield folder.name, sorted(word for word in lower if _WORD.fullmatch(word))


def written() -> str:
    """Return the content of the file."""
    lines = (f"{language}\t{' '.join(words)}\n" for language, words in listed_words())
    return _HEADER + "".join(lines)


def main() -> None:
    """Write the file."""
    STOP_WORDS_FILE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
