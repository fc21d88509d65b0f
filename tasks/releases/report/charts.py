"""Draw charts as SVG that lives in the page: its colours, its fonts, its dark mode.

Bars, words beside them and one axis are all that a report needs, so the shapes are written
as they are: Altair and its renderer draw the same pictures in a second where this takes a
millisecond. Colours are the page's CSS variables and no text is measured, so the same figures
give the same bytes on any machine. `Markup.format` escapes all that comes from records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

# Pixels of a drawing before the page scales it.
_WIDTH = 640
_LABEL_WIDTH = 150
_NOTE_WIDTH = 190
_ROW_HEIGHT = 30
_BAR_HEIGHT = 21
_MARGIN = 2
_GAP = 9
#: From the top of a row to the base line of a text of 13 pixels.
_BASE_LINE = 19
_LABEL_CELLS = 20
_HISTOGRAM_HEIGHT = 120
# The page's style sheet has this many colours for groups.
_COLOURS = 8

_PICTURE = Markup(
    '<svg role="img" aria-label="{title}" viewBox="0 0 {width} {height}" '
    'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">{shapes}</svg>'
)
_RECTANGLE = Markup(
    '<rect x="{x:.4g}" y="{y:.4g}" width="{w:.4g}" height="{h:.4g}" fill="{fill}"/>'
)
_TEXT = Markup('<text x="{x:.4g}" y="{y:.4g}"{more}>{words}</text>')
_LINE = Markup('<path d="M{x:.4g},{y:.4g}{way}" stroke="var(--rule)"/>')
_AT_END, _IN_MIDDLE = Markup(' text-anchor="end"'), Markup(' text-anchor="middle"')
_FAINT = Markup(' opacity="0.75"')


@dataclass(frozen=True)
class Bar:
    """A bar: its label, its parts (group and size), and what stands after it."""

    label: str
    parts: Sequence[tuple[str, int]]
    note: str

    @property
    def size(self) -> int:
        """The sum of its parts."""
        return sum(size for _, size in self.parts)


@dataclass(frozen=True)
class Chart:
    """A drawing with its legend: names and the CSS colours that stand for them."""

    picture: Markup
    legend: Sequence[tuple[str, str]]


def group_colours(groups: Sequence[str]) -> dict[str, str]:
    """Give the first groups a colour each and all later ones the neutral colour."""
    return {
        group: f"var(--c{index + 1})" if index < _COLOURS else "var(--neutral)"
        for index, group in enumerate(dict.fromkeys(groups))
    }


def _picture(title: str, height: int, shapes: Iterable[Markup]) -> Markup:
    return _PICTURE.format(title=title, width=_WIDTH, height=height, shapes=Markup("").join(shapes))
