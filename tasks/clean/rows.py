"""Segments as rows of a table, and back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tasks.clean.debris import find_debris
from tasks.clean.segment import Segment

_COPIED = (
    "text",
    "start_char",
    "end_char",
    "is_repaired",
    "reason",
    "detail",
    "chrome_score",
)


def segment_rows(doc_id: str, segments: Iterable[Segment]) -> Iterator[dict[str, object]]:
    """Yield a row of `cut_segments` per segment of a document, numbered in their order."""
    for index, segment in enumerate(segments):
        debris = find_debris(segment.text)
        yield {
            "doc_id": doc_id,
            "segment_index": index,
            **{name: getattr(segment, name) for name in _COPIED},
            "text_chars": len(segment.text),
            "kept": segment.is_kept,
            "debris": [asdict(trace) for trace in debris],
            "debris_count": sum(trace.count for trace in debris),
        }


def segment_of(row: Mapping[str, Any]) -> Segment:
    """Return the segment that a row holds; the layout of its line is in no row."""
    return Segment(**{name: row[name] for name in _COPIED})
