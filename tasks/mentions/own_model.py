"""Find the models that Babelmill trained itself, and say what they are and what they read.

A model directory is what spaCy writes of a pipeline, with a `babelmill.json` beside it (see
`Manifest`). A folder of models holds one directory per model.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal

from packaging.version import Version
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.mentions.entity_model import HASH_DIGITS, ModelError, ModelIdentity
from tasks.mentions.spacy_packages import ENTITY_PIPE, refuse_other_spacy

MANIFEST = "babelmill.json"
#: Files of the encoder, in the folder of its pipe (`tasks.mentions.unit_tagger`).
FILES = TOKENIZER, EMBEDDINGS, NETWORK = "tokenizer.json", "embeddings.npz", "network.onnx"
ROOT = Path(__file__).parents[2]
#: Our kinds of models: networks of our own from scratch, and the pretrained encoder, which is
#: right more often and ten times as slow.
Kind = Literal["fast", "accurate"]
_REMEDY = "restore it, or train it anew with `babelmill train entities`"


class Manifest(BaseModel):
    """What a model directory says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    version: str
    languages: tuple[str, ...] = Field(min_length=1)
    labels: tuple[str, ...] = Field(min_length=1)
    spacy_version: str
    #: SHA-256 of each other file, by its path relative to the directory.
    files: dict[str, str]
    kind: Kind = "fast"


class OwnModel(BaseModel):
    """A model directory that fits the installed spaCy; `check_files` says whether it is whole."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    manifest: Manifest

    @property
    def identity(self) -> ModelIdentity:
        """What the fingerprint knows of the model: not where it lies."""
        told = self.manifest.model_dump(mode="json", exclude_defaults=True)
        content = json.dumps(told, sort_keys=True)
        hashed = hashlib.sha256(content.encode()).hexdigest()[:HASH_DIGITS]
        name, version = self.manifest.name, self.manifest.version
        return ModelIdentity("babelmill", name, version, hashed, self.folder)


def write_manifest(
    folder: Path, name: str, version: str, languages: tuple[str, ...], kind: Kind = "fast"
) -> Manifest:
    """Make a model directory of what `Language.to_disk` wrote.

    Args:
        folder: What spaCy wrote; all files that belong to the model are there.
        name: Lower-case letters, digits and `_`.
        version: Any; another one for each model that is published.
        languages: Tags of the languages that it is to read.
        kind: Which of our models of a language it is.
    """
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    manifest = Manifest(
        name=name,
        version=version,
        languages=tuple(sorted(languages)),
        labels=tuple(sorted(meta["labels"][ENTITY_PIPE])),
        spacy_version=_compatible_versions(metadata.version("spacy")),
        files=_file_hashes(folder),
        kind=kind,
    )
    told = manifest.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(told, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _compatible_versions(version: str) -> str:
    """Return the versions of spaCy that read what this one wrote: the same minor version's.

    spaCy itself records the patch version too, and only warns.
    """
    major, minor = Version(version).release[:2]
    return f">={major}.{minor},<{major}.{minor + 1}"


@cache
def own_models(models: str | None, kind: Kind = "fast") -> dict[str, OwnModel]:
    """Return the models of a folder by the language that they read. None is loaded.

    Args:
        models: The setting `entities.models`, relative to the project's root; None: no models.
        kind: The setting `entities.model`. `accurate`: a language that no accurate model reads
            is read by a fast one; `fast`: it is read by fast ones only.

    Raises:
        ModelError: The folder or a manifest is missing or damaged, a model is made for another
            version of spaCy, or two models of a kind read one language.
    """
    by_kind: dict[Kind, dict[str, OwnModel]] = {"fast": {}, "accurate": {}}
    for model in _models_in(models):
        found = by_kind[model.manifest.kind]
        for language in model.manifest.languages:
            other = found.setdefault(language, model)
            if other is not model:
                raise ModelError(
                    f"entities.models: {other.folder} and {model.folder} both read {language!r}: "
                    "keep one of them in the folder"
                )
    return by_kind["fast"] if kind == "fast" else by_kind["fast"] | by_kind["accurate"]


def _models_in(models: str | None) -> Iterator[OwnModel]:
    if models is None:
        return
    folder = ROOT / models
    visible = folder.glob("[!.]*") if folder.is_dir() else ()
    directories = sorted(entry for entry in visible if entry.is_dir())
    if not directories:
        raise ModelError(
            f"entities.models: there is no model directory in {folder}: name a folder that holds "
            "some, or null for none"
        )
    yield from map(_fitting, directories)


def _fitting(folder: Path) -> OwnModel:
    manifest = _read_manifest(folder)
    refuse_other_spacy(
        f"the model {folder}",
        manifest.spacy_version,
        "train it anew with `babelmill train entities`, or install that version",
    )
    return OwnModel(folder=folder, manifest=manifest)


@cache
def check_files(folder: Path) -> None:
    """Make sure that a model directory holds the files that its manifest names, and no others.

    Once per process: who plans a build reads all models' files, who reads names those it loads.

    Raises:
        ModelError: It does not.
    """
    manifest, present = _read_manifest(folder), _file_hashes(folder)
    for name in sorted(present.keys() | manifest.files.keys()):
        if present.get(name) != manifest.files.get(name):
            raise ModelError(f"the model {folder} is damaged: {_damage(name, present, manifest)}")


def _damage(name: str, present: dict[str, str], manifest: Manifest) -> str:
    if name not in present:
        return f"its file {name} is missing; {_REMEDY}"
    if name not in manifest.files:
        return f"the file {name} does not belong to it; delete that file"
    return f"its file {name} is not what {MANIFEST} recorded; {_REMEDY}"


def _read_manifest(folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise ModelError(
            f"the model {folder} has no {MANIFEST}: {_REMEDY}, or take the directory away"
        ) from error
    except (OSError, ValidationError) as error:
        problem = _first_problem(error) if isinstance(error, ValidationError) else str(error)
        raise ModelError(
            f"the model {folder} has a damaged {MANIFEST} ({problem}): {_REMEDY}"
        ) from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    return " ".join([".".join(map(str, problem["loc"])), problem["msg"]]).strip()


def _file_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a model directory but the manifest and hidden ones."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")]
    names = {file.relative_to(folder).as_posix(): file for file in files if file.name != MANIFEST}
    return {name: hashlib.sha256(names[name].read_bytes()).hexdigest() for name in sorted(names)}
