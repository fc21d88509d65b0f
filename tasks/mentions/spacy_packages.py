"""Find the spaCy pipeline packages that are installed, and say what they are.

Packages are found by their entry point, as `spacy.util.get_installed_models` finds them,
but without importing them or spaCy: to name the models must cost nothing.
"""

import json
import re
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tasks.mentions.entity_model import ModelError, ModelIdentity, content_hash

ENTITY_PIPE = "ner"
_PACKAGE_NAME = re.compile(r"[a-z]{2,3}_\w+")


@cache
def installed_packages() -> dict[str, metadata.Distribution]:
    """Return the installed pipeline packages, by name, e.g. `fr_core_news_md`."""
    entry_points = metadata.entry_points(group="spacy_models")
    return {
        point.name: point.dist
        for point in entry_points
        if point.dist is not None and _PACKAGE_NAME.fullmatch(point.name)
    }


@cache
def _meta(name: str) -> dict[str, Any]:
    spec = find_spec(name)
    folder = Path(spec.origin).parent if spec and spec.origin else Path(name)
    try:
        meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ModelError(
            f"the spaCy package {name} is damaged ({error}): install it again, or uninstall it"
        ) from error
    return meta


def package_labels(name: str) -> dict[str, list[str]]:
    """Return the labels that each pipe of a package may give.

    Raises:
        ModelError: The package has no readable `meta.json`.
    """
    labels: dict[str, list[str]] = _meta(name).get("labels", {})
    return {pipe: given for pipe, given in labels.items() if given}


def identity(name: str) -> ModelIdentity:
    """Return the identity of an installed package.

    Raises:
        ModelError: The package is damaged, or made for another version of spaCy.
    """
    meta, distribution = _meta(name), installed_packages()[name]
    refuse_other_spacy(
        f"the spaCy package {name} {meta['version']}",
        meta.get("spacy_version", ""),
        f"run `python -m spacy download {name}`, or uninstall it",
    )
    hashed = content_hash(distribution, json.dumps(meta, sort_keys=True))
    return ModelIdentity("spacy", name, distribution.version, hashed)


def refuse_other_spacy(model: str, wanted: str, remedy: str) -> None:
    """Make sure that the installed spaCy is one that a model is made for.

    Raises:
        ModelError: It is not, or `wanted` is no range of versions.
    """
    present = metadata.version("spacy")
    try:
        fits = SpecifierSet(wanted).contains(present, prereleases=True)
    except InvalidSpecifier as error:
        raise ModelError(f"{model} is made for no version of spaCy ({error}): {remedy}") from error
    if not fits:
        raise ModelError(f"{model} is made for spaCy {wanted}, not for {present}: {remedy}")
