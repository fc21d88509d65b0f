"""Say what all groups of settings have in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """A group of settings: immutable, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Its name among all settings.
    key: ClassVar[str]
    #: Settings that name files or models; what these are counts, not what they are called.
    references: ClassVar[set[str]] = set()
