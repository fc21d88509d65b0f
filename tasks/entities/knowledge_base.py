"""Read the entities that the user knows, with their names per language.

The file's format is in `seeds/reference/README.md`: JSON Lines, an entity per line.
"""

import json
from collections.abc import Iterator
from typing import Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from expectations.labels import Label
from tasks.entities.alias_table import (
    NAME_ID_PREFIX,
    NAMES_SCHEMA,
    content_digest,
    read_setting_file,
)
from tasks.entities.places import ANY_LANGUAGE, PLACE_ID_PREFIX
from tasks.settings import ResolveSettings, Settings
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS, UNDETERMINED

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class KnowledgeBaseError(ValueError):
    """The knowledge base cannot be used."""


class KnownEntity(BaseModel):
    """A line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Text
    label: Label
    names: dict[str, Annotated[list[_Text], Field(min_length=1)]] = Field(min_length=1)
    wikidata_id: Annotated[str, Field(pattern=r"^Q[1-9]\d*$")] | None = None


def knowledge_base_digest(settings: Settings) -> str:
    """Return the SHA-256 of the knowledge base that the settings name; empty: none.

    Raises:
        KnowledgeBaseError: There is no such file.
    """
    return content_digest(_content(settings.resolve))


def read_knowledge_base(settings: ResolveSettings) -> pl.DataFrame:
    """Read the knowledge base that the settings name.

    Returns:
        A row per name, as `tasks.entities.alias_table.read_aliases` has them; the first name of an
        entity is its canonical one. No file, or an empty one: no rows.

    Raises:
        KnowledgeBaseError: The file is missing or malformed, or two entities claim one name
            in one language; the message names file and line.
    """
    content = _content(settings)
    rows: list[tuple[str | None, ...]] = []
    if content is not None:
        claims: dict[tuple[str, str, str], tuple[str, int]] = {}
        path = settings.knowledge_base or ""
        for line, entity in _entities(content, path):
            for row in _rows(entity):
                _check_claim(claims, row, f"{path}, line {line}", line)
                rows.append(row)
    return pl.DataFrame(rows, schema=NAMES_SCHEMA, orient="row")


def _content(settings: ResolveSettings) -> bytes | None:
    if not settings.entities:
        return None
    return read_setting_file(
        "resolve.knowledge_base", settings.knowledge_base, "a JSON Lines file", KnowledgeBaseError
    )


def _entities(content: bytes, path: str) -> Iterator[tuple[int, KnownEntity]]:
    seen: dict[str, int] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if line.strip():
            entity = _entity(line, f"{path}, line {number}")
            if entity.id in seen:
                raise KnowledgeBaseError(
                    f"{path}, line {number}: {entity.id!r} is in line {seen[entity.id]} already"
                )
            seen[entity.id] = number
            yield number, entity


def _entity(line: bytes, where: str) -> KnownEntity:
    try:
        entity = KnownEntity.model_validate(json.loads(line.decode()))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise KnowledgeBaseError(f"{where}: is no JSON ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise KnowledgeBaseError(f"{where}: {field}: {first['msg']}") from error
    unknown = [
        tag for tag in entity.names if tag not in {*KNOWN_TAGS, ANY_LANGUAGE} - {UNDETERMINED}
    ]
    if unknown:
        raise KnowledgeBaseError(f"{where}: {unknown[0]!r} is not a language tag, nor `mul` (any)")
    if entity.id.startswith((NAME_ID_PREFIX, PLACE_ID_PREFIX)):
        prefixes = f"{NAME_ID_PREFIX!r} or {PLACE_ID_PREFIX!r}"
        raise KnowledgeBaseError(f"{where}: an id must not begin with {prefixes}")
    return entity


def _rows(entity: KnownEntity) -> Iterator[tuple[str | None, ...]]:
    canonical = next(iter(entity.names.values()))[0]
    for language, names in entity.names.items():
        for name in names:
            form = comparable_form(name)
            yield entity.id, entity.label, language, name, entity.wikidata_id, form, canonical


def _check_claim(
    claims: dict[tuple[str, str, str], tuple[str, int]],
    row: tuple[str | None, ...],
    where: str,
    line: int,
) -> None:
    entity_id, label, language, name, _, form, _ = map(str, row)
    other, other_line = claims.setdefault((label, language, form), (entity_id, line))
    if other != entity_id:
        raise KnowledgeBaseError(
            f"{where}: {name!r} ({language}) means {entity_id!r} here and {other!r} in line "
            f"{other_line}"
        )
