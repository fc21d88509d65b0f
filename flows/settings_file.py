"""Read settings from a TOML file."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from flows.errors import BadSettings
from tasks.settings import Group, Settings


def read_settings(path: Path | None) -> Settings:
    """Return the settings of a TOML file, or the defaults.

    Raises:
        BadSettings: The file cannot be read or a key or value is not allowed.
    """
    if path is None:
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error
    except ValidationError as error:
        raise BadSettings("; ".join(_sentences(error))) from error


def _sentences(error: ValidationError) -> list[str]:
    return [
        _sentence(problem["loc"], problem["type"], problem["msg"]) for problem in error.errors()
    ]


def _sentence(place: tuple[int | str, ...], kind: str, message: str) -> str:
    key = ".".join(str(part) for part in place)
    if kind != "extra_forbidden":
        return f"setting {key}: {message}"
    allowed = ", ".join(sorted(_group_at(place[:-1]).model_fields))
    return f"setting {key} does not exist; allowed here: {allowed}"


def _group_at(place: tuple[int | str, ...]) -> type[Group]:
    group: type[Group] = Settings
    for part in place:
        annotation = group.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, Group)):
            break
        group = annotation
    return group
