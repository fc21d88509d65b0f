"""Say what only its publisher knows of a release; no row depends on it."""

from typing import ClassVar

from pydantic import Field

from tasks.settings.group import Group


class CardSettings(Group):
    """What a release's card says of whose it is and what may be done with it."""

    key: ClassVar[str] = "card"

    title: str = Field("", description='What the data is called; "": Babelmill release, its name.')
    description: str = Field("", description="A paragraph on where it is from and what for.")
    # `other` is what Hugging Face calls a licence that is none of those which it lists.
    licence: str = Field(
        "other",
        min_length=1,
        description="Identifier of the licence (SPDX); other: that of each source, unknown to us.",
    )
    creator: str = Field("", description="Person or organisation that publishes it.")
    address: str = Field("", description="Address (URL) where it is published.")
