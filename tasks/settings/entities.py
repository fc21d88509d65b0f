"""Say how names are joined into entities."""

from typing import ClassVar

from pydantic import Field

from tasks.settings.group import Group


class ResolveSettings(Group):
    """How mentions become entities."""

    key: ClassVar[str] = "resolve"

    references: ClassVar[set[str]] = {"alias_table", "knowledge_base", "decisions"}

    entities: bool = Field(
        True, description="Whether names are joined; if not, each surface is its own entity."
    )
    alias_table: str | None = Field(
        "seeds/reference/aliases.csv",
        description="CSV of names known beforehand (seeds/reference/README.md), relative to the "
        "project's root; null: none.",
    )
    knowledge_base: str | None = Field(
        None,
        description="JSON Lines of entities that you know, with their names per language "
        "(seeds/reference/README.md), relative to the project's root; null: none.",
    )
    decisions: str | None = Field(
        None,
        description="TSV or Parquet of names that you joined, parted, renamed or dropped, as "
        "`babelmill entities --review` writes it (seeds/reference/README.md), relative to the "
        "project's root; null: none.",
    )
    gazetteer: bool = Field(
        True, description="Whether places are known by `tasks/entities/places.parquet`."
    )
    known_names: bool = Field(
        True,
        description="Whether organisations, places and politicians are known by "
        "`tasks/entities/known_names.parquet` (docs/entities.md).",
    )
    min_word_likeness: float = Field(
        0.4,
        gt=0,
        le=1,
        description="How alike names of one word in two scripts must be to be one "
        "(`python -m benchmarks.names`: precision and recall at several values).",
    )
    min_name_likeness: float = Field(
        0.3,
        gt=0,
        le=1,
        description="The same for names of more words, which are less often alike by chance.",
    )
    min_part_likeness: float = Field(
        0.1,
        gt=0,
        le=1,
        description="The same for each word of such a name (Elon and ايلون .13, Jane and Джон "
        ".07; .02 is enough in documents that share `min_shared_entities` others), and for a "
        "surname and the full name of its document.",
    )
    min_shared_entities: int = Field(
        2,
        ge=1,
        description="Other persons and organisations that two documents must share for a "
        "surname, or another single word of a person's name, to mean one person in both.",
    )
