"""Choose the model that reads a language, and say what its labels mean.

A language is read by the first of these:

1. what `entities.backends` names: an installed spaCy pipeline package, `natasha`, `lac`, a model
   of our own, or null;
2. natasha's slovnet for Russian and, before our fast models, Baidu's LAC for Chinese (what was
   measured: docs/mentions.md);
3. a model that Babelmill trained itself (`tasks.mentions.own_model`), fast or accurate as
   `entities.model` says;
4. none: the segment is not analysed and says so, and is never given to another language's.

A package is a program, which runs when it is loaded: one that is installed for something else
is left alone.
"""

import gc
import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal

import polars as pl
from threadpoolctl import threadpool_limits

from expectations.labels import LABELS
from tasks.mentions import spacy_packages
from tasks.mentions.entity_model import EntityModel, ModelError, ModelIdentity, content_hash
from tasks.mentions.own_model import NETWORK, OwnModel, check_files, own_models
from tasks.mentions.spacy_packages import ENTITY_PIPE
from tasks.settings import EntitySettings, Settings
from tasks.writing.bare_names import is_bare_name
from tasks.writing.languages import KNOWN_TAGS, UNDETERMINED, likely_language_of

#: The language tags that a segment with a name for its language can have.
READABLE_TAGS = KNOWN_TAGS - {UNDETERMINED}
#: Models that libraries made for one language: its tag, and the package that holds the model.
LIBRARIES: dict[Literal["natasha", "lac"], tuple[str, str]] = {
    "natasha": ("ru", "natasha"),
    "lac": ("zh", "jieba"),
}
#: Libraries that go before the encoder, too.
_BEFORE_ENCODER = frozenset({"natasha"})
#: What `entities.backends` calls the model of our own that reads the language.
OWN = "own"
#: What the maps say of labels that are no names: dates, amounts, titles, kinds of things.
DROPPED = "dropped"
LABEL_MAPS = Path(__file__).with_name("label_maps.json")


def check_backends(settings: EntitySettings) -> None:
    """Refuse settings that name unknown languages or models.

    Raises:
        ModelError: A key of `entities.backends`, or a language of a model of our own, is not a
            tag that segments can have; a value names no model for the language; a model is
            missing, damaged or made for another spaCy; or it gives a label that no map knows.
    """
    for language in sorted(settings.backends):
        if language not in READABLE_TAGS:
            raise ModelError(
                f"entities.backends: {language!r} is not a language tag; "
                f"allowed are {', '.join(sorted(READABLE_TAGS))}"
            )
        model_for(language, settings)
    own = own_models(settings.models, settings.model)
    for folder in sorted({model.folder for model in own.values()}):
        check_files(folder)
    for language, model in own.items():
        if language not in READABLE_TAGS:
            raise ModelError(
                f"the model {model.folder} is said to read {language!r}, which is not a language "
                "tag that segments can have: train it anew without that language"
            )
        _own_identity(model, settings)


def model_for(language: str, settings: EntitySettings) -> ModelIdentity | None:
    """Return the model that reads a language, or None. No model is loaded.

    Raises:
        ModelError: The model cannot be used; the message says why and what to do.
    """
    if language in settings.backends:
        name = settings.backends[language]
        return None if name is None else _named(language, name, settings)
    found = (backend(language, settings) for backend in ORDER)
    return next((model for model in found if model is not None), None)


def _named(language: str, name: str, settings: EntitySettings) -> ModelIdentity:
    if (library := _library(language, settings)) is not None and library.name == name:
        return library
    own = own_models(settings.models, settings.model)
    if name == OWN or name in {model.manifest.name for model in own.values()}:
        return _named_own(language, name, settings)
    installed = spacy_packages.installed_packages()
    if name not in installed:
        known = sorted({*installed, *(model.manifest.name for model in own.values())})
        raise ModelError(
            f"entities.backends: {language!r} names {name!r}, which is not installed. Run "
            f"`python -m spacy download {name}`, or name one of {', '.join(known)}, "
            f"`natasha` (for ru), `lac` (for zh), or null (not to analyse {language})"
        )
    if ENTITY_PIPE not in spacy_packages.package_labels(name):
        raise ModelError(
            f"entities.backends: {language!r} names {name!r}, which finds no entities: "
            f"it has no trained `{ENTITY_PIPE}`. Name another package"
        )
    return _pipeline(name, settings)


def _named_own(language: str, name: str, settings: EntitySettings) -> ModelIdentity:
    """Return the model of our own that reads a language, which must be the one named."""
    own = own_models(settings.models, settings.model)
    model = own.get(language)
    if model is None or name not in (OWN, model.manifest.name):
        read = [tag for tag, other in own.items() if name in (OWN, other.manifest.name)]
        raise ModelError(
            f"entities.backends: {language!r} names {name!r}, which does not read it but only "
            f"{', '.join(sorted(read)) or 'nothing'}. Name another model, or null (not to analyse "
            f"{language})"
        )
    return _own_identity(model, settings)


def _own_identity(model: OwnModel, settings: EntitySettings) -> ModelIdentity:
    check_labels(model.manifest.name, model.manifest.labels, settings)
    return model.identity


def _pipeline(package: str, settings: EntitySettings) -> ModelIdentity:
    labels = spacy_packages.package_labels(package)[ENTITY_PIPE]
    check_labels(package, labels, settings)
    return spacy_packages.identity(package)


def _library(language: str, _: EntitySettings) -> ModelIdentity | None:
    """Return the identity of the installed library made for a language, which holds its model."""
    for name, (read, holder) in LIBRARIES.items():
        if language == read:
            return _library_identity(name, holder)
    return None


def _library_first(language: str, settings: EntitySettings) -> ModelIdentity | None:
    """Return the library for a language that goes before our own model for it."""
    library = _library(language, settings)
    own = own_models(settings.models, settings.model).get(language)
    is_behind = own is not None and own.manifest.kind == "accurate"
    if library is not None and is_behind and library.name not in _BEFORE_ENCODER:
        return None
    return library


@cache
def _library_identity(name: Literal["natasha", "lac"], holder: str) -> ModelIdentity:
    """Return the identity of a library by the package that holds its model; read once, 40 ms."""
    package = metadata.distribution(holder)
    return ModelIdentity(name, name, package.version, content_hash(package))


def _own(language: str, settings: EntitySettings) -> ModelIdentity | None:
    model = own_models(settings.models, settings.model).get(language)
    return None if model is None else _own_identity(model, settings)


#: Who is asked for a model of a language, the first one first.
ORDER: tuple[Callable[[str, EntitySettings], ModelIdentity | None], ...] = (_library_first, _own)


def models_in_use(settings: Settings) -> list[str]:
    """Return `language=model` for each language of the vocabulary that has a model, sorted.

    Raises:
        ModelError: As `check_backends` and `model_for` do.
    """
    check_backends(settings.entities)
    return list(_described(sorted(READABLE_TAGS), settings.entities).values())


def _described(languages: list[str], settings: EntitySettings) -> dict[str, str]:
    wanted = languages if settings.enabled else []
    found = {tag: model_for(tag, settings) for tag in wanted}
    return {tag: f"{tag}={model.described}" for tag, model in found.items() if model is not None}


@cache
def shipped_labels() -> dict[str, str]:
    """Return what each label of the shipped maps means: one of `LABELS`, or `DROPPED`.

    Raises:
        ModelError: Two maps, or two entries of one, disagree about a label.
    """
    meanings: dict[str, str] = {}
    for scheme in json.loads(LABEL_MAPS.read_text(encoding="utf-8"))["schemes"]:
        for meaning in (*LABELS, DROPPED):
            for label in scheme["labels"].get(meaning, []):
                if meanings.setdefault(label, meaning) != meaning:
                    raise ModelError(f"{LABEL_MAPS.name} says two things of {label}")
    return meanings


def meaning_of(label: str, model: str, settings: EntitySettings) -> str:
    """Return what a model's label means: one of `LABELS`, or `DROPPED`.

    Raises:
        ModelError: Neither the settings nor the shipped maps know the label.
    """
    meaning = settings.label_map.get(label) or shipped_labels().get(label)
    if meaning is None:
        raise ModelError(
            f"the model {model} gives the label {label!r}, which no label map knows: say in the "
            f"settings, under entities.label_map, which of {', '.join(LABELS)} it is, "
            f"or {DROPPED!r}"
        )
    return meaning


def check_labels(model: str, labels: Iterable[str], settings: EntitySettings) -> None:
    """Make sure that all labels of a model are known, before it reads anything.

    Raises:
        ModelError: One is not.
    """
    for label in labels:
        meaning_of(label, model, settings)


def with_readers(clean_segments: pl.DataFrame) -> pl.DataFrame:
    """Return CLEAN_SEGMENTS with `reader`: the language whose model is to read them, or null.

    It is their own. A document that is nothing but names has none: its names are read as those of
    the language that is written most in their script.
    """
    language, kept = pl.col("language"), pl.col("kept")
    own = clean_segments.with_columns(
        reader=pl.when(language != UNDETERMINED).then(language),
        is_of_names=(kept & (language != UNDETERMINED)).any().over("doc_id").not_(),
    )
    open_rows = own.with_row_index("row").filter("is_of_names", kept, pl.col("reader").is_null())
    columns = open_rows.select("row", "text", "script").iter_rows()
    readers = own["reader"].to_list()
    for row, text, script in columns:
        if is_bare_name(text):
            readers[row] = likely_language_of(script)
    return own.drop("is_of_names").with_columns(pl.Series("reader", readers, dtype=pl.String))


def readable_segments(
    clean_documents: pl.DataFrame, clean_segments: pl.DataFrame, duplicates: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of CLEAN_SEGMENTS that deserve a model, with `reader`, the language of it.

    They are kept, have a language or are a name, and belong to none of `duplicates`.
    """
    documents = clean_documents.join(duplicates, on="doc_id", how="anti").select("doc_id")
    readable = with_readers(clean_segments).filter(pl.col("kept"), pl.col("reader").is_not_null())
    return readable.join(documents, on="doc_id", how="semi").sort("doc_id", "segment_index")


def model_context(
    clean_documents: pl.DataFrame,
    clean_segments: pl.DataFrame,
    duplicates: pl.DataFrame,
    novelties: pl.DataFrame,
    settings: EntitySettings,
) -> pl.DataFrame:
    """Return which models the mentions of each document depend on. No model is loaded.

    Args:
        clean_documents: CLEAN_DOCUMENTS.
        clean_segments: CLEAN_SEGMENTS.
        duplicates: DUPLICATES.
        novelties: NOVELTIES.
        settings: Which model reads which language.

    Returns:
        `doc_id, context`, a row for each document: `language=model` for each language that
        has a model, sorted; so a new model changes the documents of its language only.
    """
    duplicates = duplicates.join(novelties, on="doc_id", how="anti")
    readable = readable_segments(clean_documents, clean_segments, duplicates)
    languages = readable["reader"].unique().sort().to_list()
    names = _described(languages, settings)
    name = pl.col("reader").replace_strict(names, default=None, return_dtype=pl.String())
    contexts = readable.group_by("doc_id").agg(name.drop_nulls().unique().sort().str.join("; "))
    return (
        clean_documents.select("doc_id")
        .join(contexts.rename({"reader": "context"}), on="doc_id", how="left")
        .with_columns(pl.col("context").fill_null(""))
        .sort("doc_id")
    )


@cache
def load(identity: ModelIdentity) -> EntityModel:
    """Load a model, once per process.

    Raises:
        ModelError: It is a model of our own, and damaged, or spaCy cannot read it.
    """
    threadpool_limits(1, user_api="blas")  # float sums may depend on the number of threads
    model = _loaded(identity)
    gc.freeze()  # it lives as long as the process: to look through it for garbage takes long
    return model


def _loaded(identity: ModelIdentity) -> EntityModel:
    # Imported here, so that asking which models there are does not wait seconds for spaCy.
    if identity.backend == "natasha":
        from tasks.mentions.natasha_ner import NatashaModel  # noqa: PLC0415

        return NatashaModel()
    if identity.backend == "lac":
        from tasks.mentions.lac_ner import load_lac  # noqa: PLC0415

        return load_lac()
    if identity.folder is not None:
        check_files(identity.folder)  # again: this may be another process, and later
        if (encoder := identity.folder / ENTITY_PIPE / NETWORK).exists():
            from tasks.mentions.unit_tagger import load_tagger  # noqa: PLC0415

            return load_tagger(encoder.parent)
    from tasks.mentions.spacy_pipelines import load_own, load_package  # noqa: PLC0415

    return load_package(identity.name) if identity.folder is None else load_own(identity.folder)
