"""Say how tables are cut into parts."""

from typing import ClassVar

from pydantic import Field

from tasks.settings.group import Group


class PartSettings(Group):
    """How tables are cut into parts."""

    key: ClassVar[str] = "parts"

    part_documents: int = Field(
        1024,
        ge=1,
        description="Documents in a part: what a worker holds at once.",
    )
    part_chars: int = Field(
        8_000_000,
        ge=1000,
        description="Characters of raw text in a part, about: 1,024 long news articles; a worker "
        "holds some ten times as many bytes.",
    )
