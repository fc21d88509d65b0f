"""Read the names that the user knows to mean one entity, whatever their language and script.

The file's format is in `seeds/reference/README.md`.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from expectations.labels import LABELS
from tasks.entities.places import ANY_LANGUAGE
from tasks.settings import ResolveSettings, Settings
from tasks.writing.forms import comparable_form
from tasks.writing.languages import KNOWN_TAGS, UNDETERMINED

ROOT = Path(__file__).parents[2]
COLUMNS = ["entity_id", "label", "language", "name", "wikidata_id"]
#: Ids that resolution makes of names begin like this, so those of the table may not.
NAME_ID_PREFIX = "name-"
#: The columns of names that are known beforehand, here or in a knowledge base.
NAMES_SCHEMA = dict.fromkeys([*COLUMNS, "form", "canonical_name"], pl.String)


class AliasTableError(ValueError):
    """The alias table cannot be used."""


@dataclass(frozen=True)
class _Alias:
    """A line of the file."""

    line: int
    entity_id: str
    label: str
    language: str
    name: str
    wikidata_id: str | None

    @property
    def form(self) -> str:
        return comparable_form(self.name)


def alias_table_digest(settings: Settings) -> str:
    """Return the SHA-256 of the alias table that the settings name; empty: none.

    Raises:
        AliasTableError: There is no such file.
    """
    return content_digest(_content(settings.resolve))


def read_aliases(settings: ResolveSettings) -> pl.DataFrame:
    """Read the alias table that the settings name.

    Returns:
        A row per alias, in the file's order: `entity_id, label, language, name, wikidata_id,
        form` (`tasks.writing.forms`) and `canonical_name`, the first name of its entity. No
        table, or an empty one: no rows.

    Raises:
        AliasTableError: The file is missing or malformed, a label or language is unknown, or
            two entities claim one name; the message names the line.
    """
    return _table(_content(settings), settings.alias_table or "")


@lru_cache(maxsize=1)
def _table(content: bytes | None, path: str) -> pl.DataFrame:
    """Return the rows of a table, which is looked at before a build and read by a stage."""
    aliases = [] if content is None else list(_parse(content, path))
    _check_claims(aliases)
    names: dict[str, str] = {}
    rows = [
        (*_fields(alias), alias.form, names.setdefault(alias.entity_id, alias.name))
        for alias in aliases
    ]
    return pl.DataFrame(rows, schema=NAMES_SCHEMA, orient="row")


def _fields(alias: _Alias) -> tuple[str | None, ...]:
    return alias.entity_id, alias.label, alias.language, alias.name, alias.wikidata_id


def _content(settings: ResolveSettings) -> bytes | None:
    if not settings.entities:
        return None
    return read_setting_file(
        "resolve.alias_table", settings.alias_table, "a CSV file", AliasTableError
    )


def _parse(content: bytes, path: str) -> Iterator[_Alias]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AliasTableError(f"{path} is not UTF-8: byte {error.start}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if list(reader.fieldnames or []) not in (COLUMNS, COLUMNS[:-1]):
        raise AliasTableError(f"{path}, line 1: the columns must be {','.join(COLUMNS)}")
    for row in reader:
        problem = _problem(row)
        if problem:
            raise AliasTableError(f"{path}, line {reader.line_num}: {problem}")
        yield _Alias(reader.line_num, *(row.get(column) or None for column in COLUMNS))  # type: ignore[arg-type]


def _problem(row: dict[str, str | None]) -> str | None:
    """Return what is wrong with a line, if anything."""
    if None in row or not all(row[column] for column in COLUMNS[:-1]):
        return f"must have {', '.join(COLUMNS[:-1])}, and may have {COLUMNS[-1]}"
    if row["label"] not in LABELS:
        return f"the label {row['label']!r} is none of {', '.join(LABELS)}"
    if row["language"] not in {*KNOWN_TAGS, ANY_LANGUAGE} - {UNDETERMINED}:
        return f"{row['language']!r} is not a language tag of ours, nor `mul` (any)"
    if str(row["entity_id"]).startswith(NAME_ID_PREFIX):
        return f"an entity_id must not begin with {NAME_ID_PREFIX!r}"
    if row.get("wikidata_id") and not re.fullmatch(r"Q[1-9]\d*", str(row["wikidata_id"])):
        return f"{row['wikidata_id']!r} is not a Wikidata id"
    return None


def _check_claims(aliases: list[_Alias]) -> None:
    """Refuse an entity with two labels or Wikidata ids, and a name claimed by two entities."""
    entities: dict[str, _Alias] = {}
    claims: dict[tuple[str, str], list[_Alias]] = {}
    for alias in aliases:
        first = entities.setdefault(alias.entity_id, alias)
        if (alias.label, alias.wikidata_id) != (first.label, first.wikidata_id):
            raise AliasTableError(
                f"alias table, line {alias.line}: {alias.entity_id!r} has another label or "
                f"wikidata_id than in line {first.line}"
            )
        for other in claims.setdefault((alias.label, alias.form), []):
            if other.entity_id != alias.entity_id and _share_language(alias, other):
                raise AliasTableError(
                    f"alias table, line {alias.line}: {alias.name!r} ({alias.language}) means "
                    f"{alias.entity_id!r} here and {other.entity_id!r} in line {other.line}"
                )
        claims[alias.label, alias.form].append(alias)


def _share_language(one: _Alias, other: _Alias) -> bool:
    languages = {one.language, other.language}
    return len(languages) == 1 or ANY_LANGUAGE in languages


def read_setting_file(
    setting: str, path: str | None, what: str, failure: type[ValueError]
) -> bytes | None:
    """Return the content of the file that a setting names; None: it names none.

    Args:
        setting: The setting's key.
        path: Its value.
        what: What file it may name.
        failure: The error to raise: there is no such file.
    """
    if path is None:
        return None
    try:
        return (ROOT / path).read_bytes()
    except OSError as error:
        raise failure(
            f"{setting}: {path} cannot be read ({error.strerror}); name {what} as "
            "seeds/reference/README.md describes it, or null for none"
        ) from error


def content_digest(content: bytes | None) -> str:
    """Return the SHA-256 of such a content; none: an empty string."""
    return "" if content is None else hashlib.sha256(content).hexdigest()
