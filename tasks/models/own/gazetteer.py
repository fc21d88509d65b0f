"""Lists of names, as a feature of tokens: a hint to the model, never a rule."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from tasks.models.own.language import folded

#: The longest name of a list that is looked for, in tokens.
MAX_NAME_TOKENS = 5
FILE_NAME = "gazetteer.tsv.xz"


class Gazetteer:
    """Marks tokens that stand in lists: the lists' names become the token's lemma."""

    def __init__(self, lists: dict[str, str] | None = None) -> None:
        self.lists = lists or {}

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
        """Yield `start, end, lists` of each listed name that is not in lower case."""
        lists = self.lists
        norms = [token.norm_ for token in doc]
        for start, token in enumerate(doc):
            if token.is_lower or token.is_punct or token.is_space:
                continue
            key = ""
            for end in range(start + 1, min(len(norms), start + MAX_NAME_TOKENS) + 1):
                key += norms[end - 1]
                names = lists.get(key)
                if names is not None:
                    yield start, end, names
                if doc[end - 1].whitespace_:
                    key += " "

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
