"""Draw lines as SVG that lives in the page, and hold what all charts have in common.

Bars and columns are lists of HTML (`tasks.releases.report.bars`); a line needs a drawing: its
colours are the page's CSS variables and no text is measured, so the same figures give the same
bytes on any machine. `Markup.format` escapes all that comes from records.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

# Pixels of a line of small multiples, with its words above and below.
_CELL_WIDTH, _CELL_HEIGHT, _LINE_HEIGHT, _CELL_MARGIN = 320, 104, 48, 10
# The page's style sheet has this many colours for groups.
_COLOURS = 8

_PICTURE = Markup(
    '<svg role="img" aria-label="{title}" viewBox="0 0 {width} {height}" '
    'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">{shapes}</svg>'
)
_BESIDE = Markup('<div class="multiples" role="group" aria-label="{title}">{pictures}</div>')
_TEXT = Markup('<text x="{x:.4g}" y="{y:.4g}"{more}>{words}</text>')
_LINE = Markup('<path d="M{x:.4g},{y:.4g}{way}" stroke="var(--rule)"/>')
_WAY = Markup('<path d="{way}" fill="none" stroke="var(--c1)" stroke-width="1.5"/>')
_POINT = Markup('<circle cx="{x:.4g}" cy="{y:.4g}" r="2.5" fill="var(--c1)"/>')
_AT_END = Markup(' text-anchor="end"')
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
class Line:
    """A line: what it is of, and its points: a place from 0 to 1, and a value."""

    label: str
    points: Sequence[tuple[float, float]]


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


def small_multiples(title: str, lines: Sequence[Line], ends: tuple[str, str]) -> Chart:
    """Draw lines in cells beside and below each other, each on a scale of its own from zero.

    Args:
        title: What a screen reader calls the pictures together.
        lines: At least a point each.
        ends: What stands below the first place and the last.
    """
    drawn = [
        _PICTURE.format(
            title=line.label,
            width=_CELL_WIDTH,
            height=_CELL_HEIGHT,
            shapes=Markup("").join(_cell(line, ends)),
        )
        for line in lines
    ]
    return Chart(_BESIDE.format(title=title, pictures=Markup("").join(drawn)), [])


def _cell(line: Line, ends: tuple[str, str]) -> Iterator[Markup]:
    left, width = _CELL_MARGIN, _CELL_WIDTH - 2 * _CELL_MARGIN
    bottom = 26 + _LINE_HEIGHT
    scale = _LINE_HEIGHT / (max(value for _, value in line.points) or 1)
    places = [(left + place * width, bottom - value * scale) for place, value in line.points]
    last = line.points[-1][1]
    yield _TEXT.format(x=left, y=16, more="", words=f"{last:,.4g} {line.label}")
    yield _LINE.format(x=left, y=bottom + 0.5, way=f"h{width}")
    yield _WAY.format(way="M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places))
    yield _POINT.format(x=places[-1][0], y=places[-1][1])
    yield _TEXT.format(x=left, y=bottom + 16, more=_FAINT, words=ends[0])
    yield _TEXT.format(x=left + width, y=bottom + 16, more=_AT_END + _FAINT, words=ends[1])
