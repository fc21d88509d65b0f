"""Read texts with marked names, on which models are trained and measured.

A corpus is a folder of files `<split>/<language>/<source>.jsonl`, plain or `.xz`, one `Example`
per line: `{"text": …, "spans": [[start, end, label], …], "lang": …, "source": …}`.
"""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

_SUFFIXES = (".jsonl", ".jsonl.xz")


class CorpusError(ValueError):
    """A corpus cannot be used; the message names the file and the line."""


class Marked(NamedTuple):
    """A marked name: offsets in code points, and its label."""

    start: int
    end: int
    label: Literal["PER", "ORG", "LOC", "MISC"]


class Example(BaseModel):
    """A text and its names, which lie in it and do not overlap."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(min_length=1)
    spans: tuple[Marked, ...]
    lang: str
    source: str

    @model_validator(mode="after")
    def _spans_lie_in_the_text(self) -> "Example":
        end = 0
        for span in sorted(self.spans):
            if not 0 <= span.start < span.end <= len(self.text):
                raise ValueError(f"{list(span)} does not lie in the text of {len(self.text)}")
            if span.start < end:
                raise ValueError(f"{list(span)} overlaps the span before it")
            end = span.end
        return self


class CorpusFile(NamedTuple):
    """A file of a corpus and how many texts and names are in it."""

    file: str
    texts: int
    names: int


def corpus_files(folder: Path) -> list[Path]:
    """Return the files of a corpus, sorted.

    Raises:
        CorpusError: There is no such folder, or it holds no file of examples.
    """
    if not folder.is_dir():
        raise CorpusError(f"the corpus {folder} is not a folder: name one with --corpus")
    files = sorted(file for file in folder.glob("*/*/*") if file.name.endswith(_SUFFIXES))
    if not files:
        raise CorpusError(
            f"the corpus {folder} holds no examples: they lie in "
            "<split>/<language>/<source>.jsonl or .jsonl.xz"
        )
    return files


def read_examples(file: Path) -> Iterator[Example]:
    """Yield the examples of a file in its order.

    Raises:
        CorpusError: The file is damaged, or a line is no example.
    """
    number = 0
    try:
        with lzma.open(file) if file.suffix == ".xz" else file.open("rb") as lines:
            for number, line in enumerate(lines, 1):  # noqa: B007 (the error names it)
                yield Example.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise CorpusError(f"{file}, line {number}: {key} {problem['msg']}") from error
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise CorpusError(f"{file}, after line {number}: cannot be read ({error})") from error


def survey_corpus(folder: Path) -> list[CorpusFile]:
    """Read a whole corpus and count what is in it, so that training meets no surprise.

    Raises:
        CorpusError: As `corpus_files` and `read_examples` do.
    """
    return [_survey(file, folder) for file in corpus_files(folder)]


def _survey(file: Path, folder: Path) -> CorpusFile:
    names = [len(example.spans) for example in read_examples(file)]
    return CorpusFile(file.relative_to(folder).as_posix(), len(names), sum(names))
