"""What all groups of settings have in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """A group of settings: immutable, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Settings that name files or models; what these are counts, not what they are called.
    places: ClassVar[set[str]] = set()
