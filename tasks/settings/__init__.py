"""Hold every threshold of the pipeline, with where it comes from: one file a room.

A group of settings belongs to the stages whose functions take it; changing a value in a group
recomputes those stages and no others. Unknown keys and bad values raise.
"""

from tasks.settings.card import CardSettings
from tasks.settings.clean import (
    CleanSettings,
    LanguageSettings,
    PersonalDataSettings,
    QualitySettings,
    SiteSettings,
)
from tasks.settings.copies import DuplicateSettings, StorySettings
from tasks.settings.entities import ResolveSettings
from tasks.settings.group import Group
from tasks.settings.mentions import EntitySettings
from tasks.settings.reading import IngestSettings
from tasks.settings.releases import CheckSettings
from tasks.settings.steps import PartSettings

__all__ = [
    "CardSettings",
    "CheckSettings",
    "CleanSettings",
    "DuplicateSettings",
    "EntitySettings",
    "Group",
    "IngestSettings",
    "LanguageSettings",
    "PartSettings",
    "PersonalDataSettings",
    "QualitySettings",
    "ResolveSettings",
    "Settings",
    "SiteSettings",
    "StorySettings",
]


class Settings(Group):
    """All settings: of what rows depend on, how work is cut, what is checked and told."""

    ingest: IngestSettings = IngestSettings()
    clean: CleanSettings = CleanSettings()
    sites: SiteSettings = SiteSettings()
    languages: LanguageSettings = LanguageSettings()
    personal_data: PersonalDataSettings = PersonalDataSettings()
    quality: QualitySettings = QualitySettings()
    duplicates: DuplicateSettings = DuplicateSettings()
    entities: EntitySettings = EntitySettings()
    resolve: ResolveSettings = ResolveSettings()
    stories: StorySettings = StorySettings()
    checks: CheckSettings = CheckSettings()
    parts: PartSettings = PartSettings()
    card: CardSettings = CardSettings()
