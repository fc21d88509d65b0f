"""A piece of a document while it is judged."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Segment:
    """A line of a document, with its place in the raw text (None: it comes from markup).

    `reason` and `detail` say why it was dropped; None: it is kept. `indent` and `gap` are the
    spaces and the blank lines before it in plain text: how a flattened page was laid out.
    `chrome_score` is None where nothing raised the suspicion. `raw` is what a repaired line was
    made of; None: it was not repaired, comes from markup, or from a row.
    """

    text: str
    start_char: int | None = None
    end_char: int | None = None
    is_repaired: bool = False
    reason: str | None = None
    detail: str | None = None
    indent: int = 0
    gap: int = 0
    chrome_score: float | None = None
    raw: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether nothing has been held against it."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a segment is dropped: a name of `expectations.reasons` and what it refers to."""

    reason: str
    detail: str | None = None


def dropped(segment: Segment, judgement: Judgement) -> Segment:
    """Return the segment with the judgement written on it."""
    return replace(segment, reason=judgement.reason, detail=judgement.detail)
