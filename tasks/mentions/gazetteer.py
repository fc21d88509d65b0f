"""Lists of names, as a feature of tokens: a hint to the model, never a rule."""

import lzma
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import IS_LOWER, IS_PUNCT, IS_SPACE, NORM, SPACY
from spacy.language import Language
from spacy.tokens import Doc

from tasks.mentions.babelmill_language import folded, without_proclitics

#: The longest name of a list that is looked for, in tokens.
MAX_NAME_TOKENS = 5
FILE_NAME = "gazetteer.tsv.xz"


class Gazetteer:
    """Marks tokens that stand in lists: the lists' names become the token's lemma."""

    def __init__(self, lists: dict[str, str] | None = None) -> None:
        self.lists = lists or {}

    @property
    def lists(self) -> dict[str, str]:
        """The lists that each name stands in, by the name's key."""
        return self._lists

    @lists.setter
    def lists(self, lists: dict[str, str]) -> None:
        self._lists = lists
        self._sorted = sorted(lists)

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of each token that is part of a listed name."""
        marks: dict[int, set[str]] = {}
        for start, end, names in self.matches(doc):
            for index in range(start, end):
                place = "" if end == start + 1 else "B" if index == start else "I"
                marks.setdefault(index, set()).update(f"{n}{place}" for n in names.split())
        for index, found in marks.items():
            doc[index].lemma_ = " ".join(sorted(found))
        return doc

    def matches(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        """Yield `start, end, lists` of each listed name that is not in lower case.

        In Arabic also of those that stand together with `and`, `in` or the article.
        """
        attributes = doc.to_array([NORM, SPACY, IS_LOWER, IS_PUNCT, IS_SPACE])
        norms = [doc.vocab.strings[norm] for norm in attributes[:, 0].tolist()]
        spaces = [" " * space for space in attributes[:, 1].tolist()]
        for start in np.flatnonzero(~attributes[:, 2:].any(axis=1)).tolist():
            end = start + MAX_NAME_TOKENS
            words, gaps = norms[start:end], spaces[start:end]
            for first in dict.fromkeys((words[0], without_proclitics(words[0]))):
                for count, names in self._names([first, *words[1:]], gaps):
                    yield start, start + count, names

    def _names(self, words: list[str], spaces: list[str]) -> Iterator[tuple[int, str]]:
        """Yield `number of words, lists` of each listed name that the words begin with."""
        key = ""
        for count, (word, space) in enumerate(zip(words, spaces, strict=True), 1):
            key += word
            names = self.lists.get(key)
            if names is not None:
                yield count, names
            key += space
            if not self._goes_on(key):
                return

    def _goes_on(self, key: str) -> bool:
        """Say whether a longer listed name begins so."""
        place = bisect_right(self._sorted, key)
        return place < len(self._sorted) and self._sorted[place].startswith(key)

    def to_bytes(self, **_: Any) -> bytes:  # noqa: ANN401 (spaCy's protocol)
        """Return the lists, compressed."""
        lines = "".join(f"{key}\t{names}\n" for key, names in sorted(self.lists.items()))
        return lzma.compress(lines.encode())

    def from_bytes(self, data: bytes, **_: Any) -> "Gazetteer":  # noqa: ANN401
        """Read what `to_bytes` returned."""
        lines = lzma.decompress(data).decode().splitlines()
        self.lists = dict(line.split("\t") for line in lines)
        return self

    def to_disk(self, path: Path, **_: Any) -> None:  # noqa: ANN401
        """Write the lists."""
        path.mkdir(parents=True, exist_ok=True)
        (path / FILE_NAME).write_bytes(self.to_bytes())

    def from_disk(self, path: Path, **_: Any) -> "Gazetteer":  # noqa: ANN401
        """Read the lists."""
        return self.from_bytes((path / FILE_NAME).read_bytes())


@Language.factory("babelmill_gazetteer", assigns=["token.lemma"])
def make_gazetteer(nlp: Language, name: str) -> Gazetteer:  # noqa: ARG001 (spaCy's protocol)
    """Return an empty gazetteer."""
    return Gazetteer()


def key_of(name: str) -> str:
    """Return the form in which a name is looked up."""
    return folded(name)
