"""Look at found names as a corpus marks them: where they are and what they are called."""

from collections.abc import Iterable

from tasks.mentions.entity_model import Span

Place = tuple[int, int, str]


def places(spans: Iterable[Span]) -> list[Place]:
    """Return start, end and label of names, without how sure they are."""
    return [(span.start, span.end, span.label) for span in spans]
