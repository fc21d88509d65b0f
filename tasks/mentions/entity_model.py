"""Define what an entity model is to the rest of the pipeline, whatever library it is of."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from expectations.labels import Evidence

#: Hex digits of a content hash: enough to tell the few versions of one package apart.
HASH_DIGITS = 12
#: Longest text that a model is given, in code points. Sudachi refuses more than 65,535 bytes
#: after NFKC, which makes up to 33 bytes of one character (ﷺ), and more than 49,149 before;
#: time and memory of a batch follow its longest text.
MAX_TEXT_CHARS = 1500


class ModelError(ValueError):
    """A model that the settings ask for, or that is installed, cannot be used."""


#: Whose scores of names are alike, so that one curve makes probabilities of them.
Scorer = Literal["accurate", "fast", "lac", "natasha"]
#: The score of a name that a model gives none.
UNSCORED = 0.5


class Span(NamedTuple):
    """A name in a text: code point offsets and the label, in the model's own terms.

    Attributes:
        score: From 0 to 1, the surer the more: first in the model's own terms, then a
            probability (`tasks.mentions.confidence`).
        evidence: Who says so.
    """

    start: int
    end: int
    label: str
    score: float = UNSCORED
    evidence: Evidence = "model"


@dataclass(frozen=True, order=True)
class ModelIdentity:
    """Which model reads a language; equal identities give equal mentions.

    `folder` is where a model lies that is no installed package; moving it changes nothing.
    """

    backend: Literal["babelmill", "lac", "natasha", "spacy"]
    name: str
    version: str
    content_hash: str
    folder: Path | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """Name and version, as tables show them."""
        return f"{self.name} {self.version}"

    @property
    def described(self) -> str:
        """Name, version and content hash, as fingerprints and releases record them."""
        return f"{self.title} {self.content_hash}"


class EntityModel(Protocol):
    """A loaded model."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What it may raise at a text that it cannot read."""

    @property
    def scorer(self) -> Scorer:
        """How its scores are to be read."""

    @property
    def is_steady(self) -> bool:
        """Whether it finds the same names in a text, whatever texts it is given with."""

    def find(self, texts: list[str]) -> list[list[Span]]:
        """Return the names in each text, of at most `MAX_TEXT_CHARS` and not blank."""


def content_hash(distribution: metadata.Distribution, more: str = "") -> str:
    """Digest an installed package: its files, and the versions of what it requires.

    Cheap: the hashes of the files are those that pip recorded at installation.

    Args:
        distribution: The package.
        more: Anything else that the model depends on.
    """
    recorded = sorted(
        f"{file} {file.hash.value}"
        for file in distribution.files or []
        if file.hash is not None and ".dist-info/" not in str(file)
    )
    content = json.dumps([distribution.version, recorded, _requirements(distribution), more])
    return hashlib.sha256(content.encode()).hexdigest()[:HASH_DIGITS]


def _requirements(distribution: metadata.Distribution) -> list[str]:
    required = [line for line in distribution.requires or [] if "extra ==" not in line]
    names = {match.group() for line in required if (match := re.match(r"[\w.-]+", line))}
    return [f"{name}=={_version(name)}" for name in sorted(names)]


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # required on another platform or Python
        return None
