"""A segment's text, cut where mentions begin and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the mentions that cover it (none: plain text)."""

    text: str
    mentions: tuple[Mapping[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """What to say of the stretch when it is pointed at."""
        return "\n".join(
            f"{m['label']}: {m['canonical_name'] or m['surface']} ({m['entity_id']}), {m['model']}"
            for m in self.mentions
        )


def cut_at_mentions(
    text: str, start_char: int | None, mentions: Sequence[Mapping[str, Any]]
) -> list[Piece]:
    """Cut a text into pieces whose concatenation is the text; mentions may overlap.

    Args:
        text: A segment's text, perhaps without its end.
        start_char: Where it begins in the document's text; None: it is not part of it.
        mentions: Mentions of the document, with offsets into the document's text.
    """
    if start_char is None:
        return [Piece(text)]
    here = [
        (max(mention["start_char"] - start_char, 0), mention["end_char"] - start_char, mention)
        for mention in mentions
        if mention["start_char"] < start_char + len(text) and mention["end_char"] > start_char
    ]
    cuts = {0, len(text)} | {min(cut, len(text)) for start, end, _ in here for cut in (start, end)}
    bounds = sorted(cuts)
    return [
        Piece(text[left:right], tuple(m for start, end, m in here if start <= left < end))
        for left, right in pairwise(bounds)
    ]
