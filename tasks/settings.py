"""Every threshold of the pipeline, with where it comes from.

A group of settings belongs to the stages that name it; changing a value in a group
recomputes those stages and no others. Unknown keys and bad values raise.
"""

from pydantic import BaseModel, ConfigDict, Field


class Group(BaseModel):
    """A group of settings: immutable, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IngestSettings(Group):
    """How records are found and decoded."""


class CleanSettings(Group):
    """How text is repaired, cut into segments and judged."""


class LanguageSettings(Group):
    """How languages are told apart."""


class DuplicateSettings(Group):
    """How copies are found."""


class EntitySettings(Group):
    """Which model reads which language."""


class ResolveSettings(Group):
    """How mentions become entities and documents become stories."""


class CheckSettings(Group):
    """What a table must satisfy to be published."""


class PartSettings(Group):
    """How tables are cut into parts."""

    part_documents: int = Field(
        1024,
        ge=1,
        description="Documents in a part, at most about twice as many: what a worker holds at once.",
    )


class Settings(Group):
    """All settings that can change a row."""

    ingest: IngestSettings = IngestSettings()
    clean: CleanSettings = CleanSettings()
    languages: LanguageSettings = LanguageSettings()
    duplicates: DuplicateSettings = DuplicateSettings()
    entities: EntitySettings = EntitySettings()
    resolve: ResolveSettings = ResolveSettings()
    checks: CheckSettings = CheckSettings()
    parts: PartSettings = PartSettings()
