"""Read settings, and recipes of training, from TOML files."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from flows.errors import BadSettings
from tasks.settings import Settings

#: Groups of settings of what a build can do without.
SWITCHABLE = ("entities", "stories")
Model = TypeVar("Model", bound=BaseModel)


def read_settings(path: Path | None, without: Sequence[str] = ()) -> Settings:
    """Return the settings of a TOML file, or the defaults, with some groups switched off.

    Raises:
        BadSettings: The file cannot be read or a key or value is not allowed.
    """
    unknown = [name for name in without if name not in SWITCHABLE]
    if unknown:
        raise BadSettings(
            f"--without {','.join(unknown)}: only {' and '.join(SWITCHABLE)} can be left out"
        )
    chosen = read_toml(path, Settings, {})
    switched = {
        name: getattr(chosen, name).model_copy(update={"enabled": False}) for name in without
    }
    return chosen.model_copy(update=switched)


def with_period(chosen: Settings, since: str, until: str, dated_by: str) -> Settings:
    """Return settings that take the records of a period; what is empty stays as it was.

    Raises:
        BadSettings: It is no date, or no date of that name.
    """
    said = {"since": since, "until": until, "dated_by": dated_by}
    given = {name: value for name, value in said.items() if value}
    if not given:
        return chosen
    values = {**chosen.model_dump(), "ingest": {**chosen.ingest.model_dump(), **given}}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings("; ".join(_sentences(error, Settings))) from error


def read_toml(path: Path | None, kind: type[Model], overrides: Mapping[str, object]) -> Model:
    """Return what a TOML file and the overrides of its keys say; no file: the defaults.

    TOML cannot say null: the string `"null"` stands for it.

    Raises:
        BadSettings: The file cannot be read or a key or value is not allowed.
    """
    try:
        given = {} if path is None else tomllib.loads(path.read_text(encoding="utf-8"))
        return kind.model_validate({**_with_nulls(given), **overrides})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error
    except ValidationError as error:
        raise BadSettings("; ".join(_sentences(error, kind))) from error


def _with_nulls(values: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _with_nulls(value) if isinstance(value, dict) else None if value == "null" else value
        for key, value in values.items()
    }


def _sentences(error: ValidationError, kind: type[BaseModel]) -> list[str]:
    return [
        _sentence(
            _group_at(kind, problem["loc"][:-1]), problem["loc"], problem["type"], problem["msg"]
        )
        for problem in error.errors()
    ]


def _sentence(
    group: type[BaseModel], keys: tuple[int | str, ...], problem: str, message: str
) -> str:
    key = ".".join(str(part) for part in keys)
    if problem != "extra_forbidden":
        return f"setting {key}: {message}"
    allowed = ", ".join(sorted(group.model_fields))
    return f"setting {key} does not exist; allowed here: {allowed}"


def _group_at(group: type[BaseModel], keys: tuple[int | str, ...]) -> type[BaseModel]:
    for part in keys:
        annotation = group.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            break
        group = annotation
    return group
