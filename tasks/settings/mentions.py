"""Say which model finds the names of which language."""

from typing import ClassVar, Literal

from pydantic import Field

from tasks.settings.group import Group


class EntitySettings(Group):
    """Which model reads which language."""

    key: ClassVar[str] = "entities"

    references: ClassVar[set[str]] = {"backends", "models"}

    enabled: bool = Field(
        True,
        description="Whether names are looked for; if not, `mentions` and `entities` stay empty.",
    )
    backends: dict[str, str | None] = Field(
        {},
        description="Language tag to an installed spaCy package (`fr: fr_core_news_md`), to "
        "`natasha` (ru), to `lac` (zh), to `own` or the name of a model in `entities.models`, or "
        "to null: not analysed. Other languages: natasha for ru, LAC for zh if the model is fast, "
        "else what reads it in `entities.models`; no other package is loaded.",
    )
    model: Literal["fast", "accurate"] = Field(
        "accurate",
        description="Which of our models of a language reads it: `accurate`, the pretrained "
        "encoder, is right more often and takes ten times as long (`docs/model-card.md`). A "
        "language that it does not read is read by the `fast` one.",
    )
    models: str | None = Field(
        "tasks/mentions/shipped",
        description="Folder that holds models of our own (`babelmill train entities`), each in a "
        "directory, relative to the project's root; null: none.",
    )
    document_consistency: bool = Field(
        True,
        description="Whether a name that a model saw in one place of a document is marked, with "
        "the label it has most often, wherever it stands (`benchmarks/entities.py`).",
    )
    min_confidence: float = Field(
        0.35,
        ge=0,
        le=1,
        description="The least `confidence` of a mention; 0 keeps all. From .3 to .4 F1 on test "
        "sets is highest, a little (`docs/mentions.md` says what is lost and won).",
    )
    label_map: dict[str, Literal["PER", "ORG", "LOC", "MISC", "dropped"]] = Field(
        {},
        description="What labels of a model mean, before `tasks/mentions/label_maps.json`",
    )
