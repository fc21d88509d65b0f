"""Look tokens up in lists of names, as a feature of theirs: a hint to the model, never a rule."""

import lzma
from bisect import bisect_left
from collections.abc import Iterator, Sequence
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
#: What is read when no longer name begins so.
_NOTHING = -1
#: A token of no text: its form, and whether a space follows.
Form = tuple[str, bool]


class Gazetteer:
    """Marks tokens that stand in lists: the lists' names become the token's lemma."""

    def __init__(self, lists: dict[str, str] | None = None) -> None:
        self.lists = lists or {}

    @property
    def lists(self) -> dict[str, str]:
        """The lists that each name stands in, by the name's key."""
        return dict(line.split("\t") for line in self._lines)

    @lists.setter
    def lists(self, lists: dict[str, str]) -> None:
        # Hundreds of thousands: as lines they take a third of the memory of a dictionary.
        self._lines = sorted(f"{key}\t{names}" for key, names in lists.items())

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of each token that is part of a listed name."""
        names = ListedNames(self)
        for index, mark in names.marks(*_forms(doc, names)).items():
            doc[index].lemma_ = names.mark_names[mark]
        return doc

    def matches(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        """Yield `start, end, lists` of each listed name that is not in lower case.

        In Arabic also of those that stand together with `and`, `in` or the article.
        """
        names = ListedNames(self)
        tokens, starts = _forms(doc, names)
        for start in starts:
            for end, lists in names.found(tokens, start):
                yield start, end, lists

    def names(self, key: str) -> str | None:
        """Return the lists that a name stands in; None: it stands in none."""
        line = self._from(f"{key}\t")
        return line.partition("\t")[2] if line.startswith(f"{key}\t") else None

    def goes_on(self, key: str) -> bool:
        """Say whether a longer listed name begins so."""
        return self._from(f"{key}\n").startswith(key)  # past the line of the name itself

    def _from(self, key: str) -> str:
        """Return the first line that does not come before a key; none: an empty one."""
        index = bisect_left(self._lines, key)
        return self._lines[index] if index < len(self._lines) else ""

    def to_bytes(self, **_: Any) -> bytes:  # noqa: ANN401 (spaCy's protocol)
        """Return the lists, compressed."""
        return lzma.compress("".join(f"{line}\n" for line in self._lines).encode())

    def from_bytes(self, data: bytes, **_: Any) -> "Gazetteer":  # noqa: ANN401
        """Read what `to_bytes` returned."""
        self._lines = lzma.decompress(data).decode().split("\n")[:-1]
        return self

    def to_disk(self, path: Path, **_: Any) -> None:  # noqa: ANN401
        """Write the lists."""
        path.mkdir(parents=True, exist_ok=True)
        (path / FILE_NAME).write_bytes(self.to_bytes())

    def from_disk(self, path: Path, **_: Any) -> "Gazetteer":  # noqa: ANN401
        """Read the lists."""
        return self.from_bytes((path / FILE_NAME).read_bytes())


class ListedNames:
    """Finds listed names among tokens; what was looked up once is remembered.

    A token is the number of its form. From each token on, the forms are read as long as a
    listed name begins so: a step leads from what was read, a number too, to what is read next.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._numbers: dict[Form, int] = {}
        self._forms: list[Form] = []
        self._beginnings: dict[int, tuple[int, ...]] = {}
        self._read = [""]
        self._steps: dict[tuple[int, int], tuple[str | None, int]] = {}
        #: The lemma that each mark stands for, by its number; the first marks nothing.
        self.mark_names = [""]
        self._marks: dict[str, int] = {"": 0}
        self._joined: dict[tuple[int, str, str], int] = {}

    def __len__(self) -> int:
        """Return how much is remembered."""
        return len(self._steps)

    def number(self, form: Form) -> int:
        """Return the number of a form."""
        number = self._numbers.get(form)
        if number is None:
            number = self._numbers[form] = len(self._forms)
            self._forms.append(form)
        return number

    def begins(self, number: int) -> bool:
        """Say whether a listed name may begin with a form."""
        return any(self._after(0, first) != (None, _NOTHING) for first in self._firsts(number))

    def _firsts(self, number: int) -> tuple[int, ...]:
        """Return what a name may begin with at a form: in Arabic also what it is without `and`."""
        found = self._beginnings.get(number)
        if found is None:
            form, is_spaced = self._forms[number]
            stem = without_proclitics(form)
            found = (number,) if stem == form else (number, self.number((stem, is_spaced)))
            self._beginnings[number] = found
        return found

    def marks(self, tokens: Sequence[int], starts: Sequence[int]) -> dict[int, int]:
        """Return the number of the mark of each token that is part of a listed name.

        Args:
            tokens: The numbers of the forms of a text's tokens.
            starts: Where names may begin.
        """
        marks: dict[int, int] = {}
        for start in starts:
            for end, names in self.found(tokens, start):
                for index in range(start, end):
                    position = "" if end == start + 1 else "B" if index == start else "I"
                    marks[index] = self._marked(marks.get(index, 0), names, position)
        return marks

    def found(self, tokens: Sequence[int], start: int) -> Iterator[tuple[int, str]]:
        """Yield `end, lists` of each listed name that begins at a token."""
        for first in self._firsts(tokens[start]):
            read, step = 0, first
            for end in range(start + 1, start + MAX_NAME_TOKENS + 1):
                names, read = self._after(read, step)
                if names is not None:
                    yield end, names
                if read == _NOTHING or end == len(tokens):
                    break
                step = tokens[end]

    def _after(self, read: int, token: int) -> tuple[str | None, int]:
        """Return the lists of what is read with a token more, and its number."""
        step = self._steps.get((read, token))
        return self._step(read, token) if step is None else step

    def _step(self, read: int, token: int) -> tuple[str | None, int]:
        form, is_spaced = self._forms[token]
        key = self._read[read] + form
        names = self._gazetteer.names(key)
        if is_spaced:
            key += " "
        following = _NOTHING
        if self._gazetteer.goes_on(key):
            following = len(self._read)
            self._read.append(key)
        step = self._steps[read, token] = (names, following)
        return step

    def _marked(self, mark: int, names: str, position: str) -> int:
        """Return the number of a mark with more lists."""
        key = (mark, names, position)
        joined = self._joined.get(key)
        if joined is None:
            lists = {*self.mark_names[mark].split(), *(f"{n}{position}" for n in names.split())}
            lemma = " ".join(sorted(lists))
            joined = self._marks.setdefault(lemma, len(self.mark_names))
            if joined == len(self.mark_names):
                self.mark_names.append(lemma)
            self._joined[key] = joined
        return joined


def _forms(doc: Doc, names: ListedNames) -> tuple[list[int], list[int]]:
    """Return the numbers of a document's forms, and where names may begin."""
    attributes = doc.to_array([NORM, SPACY, IS_LOWER, IS_PUNCT, IS_SPACE])
    norms = [doc.vocab.strings[norm] for norm in attributes[:, 0].tolist()]
    spaces = attributes[:, 1].astype(bool).tolist()
    starts = np.flatnonzero(~attributes[:, 2:].any(axis=1)).tolist()
    return [names.number(form) for form in zip(norms, spaces, strict=True)], starts


@Language.factory("babelmill_gazetteer", assigns=["token.lemma"])
def make_gazetteer(nlp: Language, name: str) -> Gazetteer:  # noqa: ARG001 (spaCy's protocol)
    """Return an empty gazetteer."""
    return Gazetteer()


def key_of(name: str) -> str:
    """Return the form in which a name is looked up."""
    return folded(name)
