"""Turn what a person fills in into the form of a run into the settings of a build."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.errors import BadSettings
from flows.settings_file import read_settings
from tasks.mentions.backends import READABLE_TAGS, models_in_use
from tasks.reading.confinement import refuse_outside
from tasks.settings import Settings

#: Those that have a model unless settings name others.
LANGUAGES = frozenset(model.partition("=")[0] for model in models_in_use(Settings()))


def chosen_settings(
    settings_file: str,
    settings: Settings | None,
    languages: Sequence[str],
    *,
    entities: bool,
) -> Settings:
    """Return the settings of a build: a file's, and before them what the form says.

    Args:
        settings_file: A TOML file; empty: none.
        settings: Values that override the file's where they differ from the defaults.
        languages: Tags of those in which names are looked for; empty: all that have a model.
        entities: Whether names are looked for at all.

    Raises:
        BadSettings: The file cannot be read, or a key, a value or a language is not allowed.
        NotAllowed: The file may not be read (`tasks.reading.confinement`).
    """
    if settings_file:
        refuse_outside(settings_file, "settings file")
    base = read_settings(Path(settings_file) if settings_file else None)
    if settings is not None:
        above = settings.model_dump(exclude_defaults=True)
        base = Settings.model_validate(_laid_over(base.model_dump(), above))
    unknown = sorted(set(languages) - READABLE_TAGS)
    if unknown:
        raise BadSettings(
            f"languages: {', '.join(unknown)} are no tags; allowed are "
            f"{', '.join(sorted(READABLE_TAGS))}"
        )
    chosen: dict[str, object] = {"enabled": base.entities.enabled and entities}
    if languages:
        silent = dict.fromkeys(READABLE_TAGS - set(languages))
        chosen["backends"] = {**base.entities.backends, **silent}
    return base.model_copy(update={"entities": base.entities.model_copy(update=chosen)})


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _laid_over(below[key], value)
        for key, value in above.items()
        if isinstance(value, dict) and isinstance(below.get(key), dict)
    }
    return {**below, **above, **both}
