"""Which model reads which language, in this order.

1. what `entities.backends` names: an installed spaCy pipeline package, `natasha`, or null;
2. an installed spaCy pipeline package of the language, `ja_ginza` being one;
3. natasha's slovnet for Russian, clearly better there than what we could train;
4. none: the segment is not analysed and says so, and is never given to another language's.

The model that Babelmill trains itself will stand between 3 and 4.
"""

from functools import cache
from importlib import metadata

import polars as pl
from threadpoolctl import threadpool_limits

from tasks.languages.vocabulary import KNOWN_TAGS, UNDETERMINED
from tasks.models import spacy_packages
from tasks.models.entity_model import EntityModel, ModelError, ModelIdentity, content_hash
from tasks.models.labels import check_labels
from tasks.settings import EntitySettings, Settings

#: The language tags that a segment with a name for its language can have.
READABLE_TAGS = KNOWN_TAGS - {UNDETERMINED}
NATASHA = "natasha"
NATASHA_LANGUAGE = "ru"


def check_backends(settings: EntitySettings) -> None:
    """Refuse settings that name unknown languages or models.

    Raises:
        ModelError: A key of `entities.backends` is not a language tag that segments can
            have, or its value is neither installed nor `natasha` for Russian, or a model
            gives a label that is in no label map.
    """
    for language in sorted(settings.backends):
        if language not in READABLE_TAGS:
            raise ModelError(
                f"entities.backends: {language!r} is not a language tag; "
                f"allowed are {', '.join(sorted(READABLE_TAGS))}"
            )
        model_for(language, settings)


def model_for(language: str, settings: EntitySettings) -> ModelIdentity | None:
    """Return the model that reads a language, or None. No model is loaded.

    Raises:
        ModelError: The model cannot be used; the message says why and what to do.
    """
    if language in settings.backends:
        return _named(language, settings.backends[language], settings)
    package = spacy_packages.preferred_package(language)
    if package is not None:
        return _pipeline(package, settings)
    return _natasha() if language == NATASHA_LANGUAGE else None


def _named(language: str, name: str | None, settings: EntitySettings) -> ModelIdentity | None:
    if name is None:
        return None
    if name == NATASHA and language == NATASHA_LANGUAGE:
        return _natasha()
    installed = spacy_packages.installed_packages()
    if name not in installed:
        raise ModelError(
            f"entities.backends: {language!r} names {name!r}, which is not installed. Run "
            f"`python -m spacy download {name}`, or name one of {', '.join(sorted(installed))}, "
            f"`natasha` (for ru), or null (not to analyse {language})"
        )
    if spacy_packages.ENTITY_PIPE not in spacy_packages.package_labels(name):
        raise ModelError(
            f"entities.backends: {language!r} names {name!r}, which finds no entities: "
            f"it has no trained `{spacy_packages.ENTITY_PIPE}`. Name another package"
        )
    return _pipeline(name, settings)


def _pipeline(package: str, settings: EntitySettings) -> ModelIdentity:
    labels = spacy_packages.package_labels(package)[spacy_packages.ENTITY_PIPE]
    check_labels(package, labels, settings)
    return spacy_packages.identity(package)


def _natasha() -> ModelIdentity:
    """Return the identity of the installed natasha, whose package holds its model."""
    package = metadata.distribution(NATASHA)
    return ModelIdentity("natasha", NATASHA, package.version, content_hash(package))


def models_in_use(settings: Settings) -> list[str]:
    """Return `language=model` for each language of the vocabulary that has a model, sorted.

    Raises:
        ModelError: As `check_backends` and `model_for` do.
    """
    check_backends(settings.entities)
    return list(_described(sorted(READABLE_TAGS), settings.entities).values())


def _described(languages: list[str], settings: EntitySettings) -> dict[str, str]:
    found = {tag: model_for(tag, settings) for tag in languages}
    return {tag: f"{tag}={model.described}" for tag, model in found.items() if model is not None}


def readable_segments(
    clean_documents: pl.DataFrame, tagged_segments: pl.DataFrame, duplicates: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of TAGGED_SEGMENTS that deserve a model.

    They are kept, have a language, and belong to documents that repeat no other.
    """
    documents = clean_documents.join(duplicates, on="doc_id", how="anti").select("doc_id")
    readable = tagged_segments.filter(pl.col("kept"), pl.col("language") != UNDETERMINED)
    return readable.join(documents, on="doc_id", how="semi").sort("doc_id", "segment_index")


def model_context(
    clean_documents: pl.DataFrame,
    tagged_segments: pl.DataFrame,
    duplicates: pl.DataFrame,
    settings: EntitySettings,
) -> pl.DataFrame:
    """Return which models the mentions of each document depend on. No model is loaded.

    Args:
        clean_documents: CLEAN_DOCUMENTS.
        tagged_segments: TAGGED_SEGMENTS.
        duplicates: DUPLICATES.
        settings: Which model reads which language.

    Returns:
        `doc_id, context`, a row for each document: `language=model` for each language that
        has a model, sorted; so a new model changes the documents of its language only.
    """
    readable = readable_segments(clean_documents, tagged_segments, duplicates)
    languages = readable["language"].unique().sort().to_list()
    names = _described(languages, settings)
    name = pl.col("language").replace_strict(names, default=None, return_dtype=pl.String())
    contexts = readable.group_by("doc_id").agg(name.drop_nulls().unique().sort().str.join("; "))
    return (
        clean_documents.select("doc_id")
        .join(contexts.rename({"language": "context"}), on="doc_id", how="left")
        .with_columns(pl.col("context").fill_null(""))
        .sort("doc_id")
    )


@cache
def load(identity: ModelIdentity) -> EntityModel:
    """Load a model, once per process."""
    threadpool_limits(1, user_api="blas")  # float sums may depend on the number of threads
    # Imported here: who only asks which models there are need not wait seconds for spaCy.
    if identity.backend == "natasha":
        from tasks.models.natasha_ner import NatashaModel  # noqa: PLC0415

        return NatashaModel()
    from tasks.models.spacy_pipelines import SpacyModel  # noqa: PLC0415

    return SpacyModel(identity.name)
