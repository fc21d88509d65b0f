"""The chrome of a page that was flattened to plain text: menus, teasers, comments, footers.

A learned score says of each line how likely it is chrome (`tasks.clean.chrome_model`). It is
asked only of a text with running text and with several short lines that end in the open;
a poem, a list or a dialogue has no running text, and a news text has few such lines. Of a page in
HTML the reader has chosen the lines by their markup, which says more (`benchmarks.main_text` shows
what cleaning changes).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tasks.clean.chrome import is_empty_label
from tasks.clean.chrome_model import text_scores
from tasks.clean.line_features import Matrix, line_features
from tasks.clean.lines import BODY_LINE_WIDTH, ends_sentence, is_body_line
from tasks.clean.segment import Judgement, Segment, dropped
from tasks.settings import CleanSettings
from tasks.writing.measures import width


def judged_as_page(kept: Sequence[Segment], settings: CleanSettings) -> list[Segment]:
    """Return the segments with their score, those dropped that are likely chrome.

    Args:
        kept: Segments that nothing was held against. Their layout counts where they have one.
        settings: The least score and the least number of short lines.
    """
    if not _may_be_page(kept, settings):
        return list(kept)
    widths = np.array([width(segment.text) for segment in kept], dtype=np.float64)
    scores = _same_for_same_lines(kept, 1 - text_scores(line_features(kept), widths))
    scored = [
        replace(segment, chrome_score=score) for segment, score in zip(kept, scores, strict=True)
    ]
    least = settings.chrome_min_score
    if not any(s < least and is_body_line(line.text) for line, s in zip(kept, scores, strict=True)):
        return scored
    judged = [
        dropped(segment, Judgement("chrome", "score")) if score >= least else segment
        for segment, score in zip(scored, scores, strict=True)
    ]
    for position in reversed(range(len(judged) - 1)):
        # What it introduced is gone.
        if not judged[position + 1].is_kept and is_empty_label(judged[position].text):
            judged[position] = dropped(judged[position], Judgement("chrome", "empty label"))
    return judged


def _same_for_same_lines(kept: Sequence[Segment], scores: Matrix) -> list[float]:
    """Return the mean score of each line and those that say the same, to three digits.

    The title of a body that stands twice is in doubt among the chrome above the first, and in
    none above the second.
    """
    _, which = np.unique([segment.text for segment in kept], return_inverse=True)
    means = np.bincount(which, weights=scores) / np.bincount(which)
    return [round(score, 3) for score in means[which].tolist()]


def _may_be_page(kept: Sequence[Segment], settings: CleanSettings) -> bool:
    """Return whether enough lines are short and end in the open, as those of chrome do."""
    if any(segment.start_char is None for segment in kept):  # from markup
        return False
    is_open = (
        len(segment.text) < BODY_LINE_WIDTH and not ends_sentence(segment.text) for segment in kept
    )
    return sum(is_open) >= settings.chrome_min_lines
