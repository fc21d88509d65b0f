"""Make the trained encoder a pipe of spaCy, so that `spacy.load` reads its model directory."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from tasks.mentions.own_model import FILES
from tasks.mentions.unit_tagger import UnitTagger

#: Name of the factory, and the version of what it reads.
FACTORY = "babelmill_encoder"


class EncoderPipe:
    """Marks the names that the encoder finds; a token of which only a part is a name is one."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._tagger: UnitTagger | None = None

    @property
    def tagger(self) -> UnitTagger:
        """The encoder.

        Raises:
            ValueError: None was loaded.
        """
        if self._tagger is None:
            raise ValueError("the encoder is empty: load a model directory with spacy.load")
        return self._tagger

    @property
    def labels(self) -> tuple[str, ...]:
        """What names may be called; as spaCy's `meta.json` records it."""
        return () if self._tagger is None else self._tagger.labels

    def __call__(self, doc: Doc) -> Doc:
        """Mark the names of a document."""
        found = [
            doc.char_span(start, end, label=label, alignment_mode="expand")
            for start, end, label, *_ in self.tagger.find([doc.text])[0]
        ]
        doc.ents = filter_spans([span for span in found if span is not None])
        return doc

    def read(self, folder: Path) -> None:
        """Load the encoder of a folder.

        Raises:
            OSError, ValueError: A file is missing or damaged.
        """
        self._folder, self._tagger = folder, UnitTagger(folder)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 (spaCy's protocol)
        """Write the encoder: a copy of the files that it was read from."""
        Path(path).mkdir(exist_ok=True)
        if self._folder is not None:
            for name in FILES:
                shutil.copyfile(self._folder / name, Path(path) / name)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "EncoderPipe":  # noqa: ARG002 (spaCy's protocol)
        """Read what `to_disk` wrote."""
        self.read(Path(path))
        return self


@Language.factory(FACTORY, assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def make_encoder(nlp: Language, name: str) -> EncoderPipe:  # noqa: ARG001 (spaCy's protocol)
    """Return an empty pipe."""
    return EncoderPipe()
