"""Hold every threshold of the pipeline, with where it comes from: one file a room.

A group of settings belongs to the stages whose functions take it; changing a value in a group
recomputes those stages and no others. Unknown keys and bad values raise.
"""

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
    """All settings: of what a row depends on, of how work is cut, of what is checked."""

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
