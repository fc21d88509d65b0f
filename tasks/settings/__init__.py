"""Every threshold of the pipeline, with where it comes from.

A group of settings belongs to the stages that name it; changing a value in a group
recomputes those stages and no others. Unknown keys and bad values raise.
"""

from tasks.settings.checks import CheckSettings
from tasks.settings.copies import DuplicateSettings, StorySettings
from tasks.settings.entities import EntitySettings, ResolveSettings
from tasks.settings.group import Group
from tasks.settings.ingest import IngestSettings, PartSettings
from tasks.settings.quality import PersonalDataSettings, QualitySettings
from tasks.settings.text import CleanSettings, LanguageSettings, SiteSettings

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
    """All settings that can change a row."""

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
