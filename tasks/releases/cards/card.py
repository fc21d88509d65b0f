"""Gather what all descriptions of a release say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expectations.tables import TABLES
from tasks.releases.releases import Release, shown_tables
from tasks.releases.report.figures import Figures
from tasks.settings import CardSettings
from tasks.steps.store import TableVersion
from tasks.writing.languages import UNDETERMINED

#: Where Babelmill itself is described; nothing is looked up there.
_MAKER = "Babelmill"


@dataclass(frozen=True)
class Card:
    """A release as its descriptions see it: nothing here comes from a document's text."""

    release: Release
    figures: Figures

    @property
    def told(self) -> CardSettings:
        """What its publisher says of it; a release of an earlier time says nothing."""
        return CardSettings.model_validate(self.release.settings.get("card", {}))

    @property
    def title(self) -> str:
        """What the data is called."""
        return self.told.title or f"{_MAKER} release {self.release.release_id}"

    @property
    def summary(self) -> str:
        """Say in one sentence how much of what there is."""
        counts = self.figures
        return (
            f"{counts.documents:,} clean documents in {len(self.languages):,} languages, with "
            f"{counts.entities:,} named entities and {counts.stories:,} stories across them, and "
            f"the fate of each of {counts.records():,} records."
        )

    @property
    def tables(self) -> Mapping[str, TableVersion]:
        """The tables in the release's folder, by name, in the order of `docs/tables.md`."""
        return {name: self.release.tables[name] for name in shown_tables(self.release)}

    @property
    def languages(self) -> list[str]:
        """The BCP-47 tags of its documents, most documents first."""
        tags = dict.fromkeys(row["language"] for row in self.figures.languages)
        return [tag for tag in tags if tag != UNDETERMINED]

    @property
    def models(self) -> dict[str, str]:
        """The entity model of each language that has one."""
        return dict(entry.split("=", 1) for entry in self.release.models)

    @property
    def is_redacted(self) -> bool:
        """Whether personal data that was found is replaced in it."""
        settings: Any = self.release.settings.get("personal_data", {})
        return bool(settings.get("redact", False))

    @property
    def limits(self) -> list[str]:
        """Say what a reader must not expect of it."""
        unread = [tag for tag in self.languages if tag not in self.models]
        languages = ", ".join(unread)
        return [
            "Languages, entities and stories were found by models and rules and not checked one by "
            "one; the columns of confidence and evidence say how sure each is.",
            *([f"In {languages} no names were looked for: no model is in use."] if unread else []),
            "Duplicates, earlier versions of a page and what was dropped of a page are kept and "
            "marked, not deleted: see `duplicate_of`, `superseded_by` and `segments`.",
            "Names and postal addresses of people are never looked for as personal data.",
        ]


def files_of(card: Card) -> dict[str, tuple[str, int]]:
    """Return hash and size of each Parquet file, by its path within the release's folder."""
    return {
        f"{name}/{file.name}": (file.sha256, file.size_bytes)
        for name, table in card.tables.items()
        for file in table.files
    }


def meaning_of(table: str) -> str:
    """Say what a row of a public table is."""
    return f"One row is {TABLES[table].row}."
