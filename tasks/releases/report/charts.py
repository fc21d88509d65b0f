"""Draw charts as SVG that lives in the page: its colours, its fonts, its dark mode.

Bars, words beside them and one axis are all that a report needs, so the shapes are written
as they are: Altair and its renderer draw the same pictures in a second where this takes a
millisecond. Colours are the page's CSS variables and no text is measured, so the same figures
give the same bytes on any machine. `Markup.format` escapes all that comes from records.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from rich.cells import chop_cells

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
# A line of small multiples: two beside each other, with its words above and below.
_CELL_WIDTH, _CELL_HEIGHT, _LINE_HEIGHT, _CELL_MARGIN = 320, 104, 48, 10
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
_WAY = Markup('<path d="{way}" fill="none" stroke="var(--c1)" stroke-width="1.5"/>')
_POINT = Markup('<circle cx="{x:.4g}" cy="{y:.4g}" r="2.5" fill="var(--c1)"/>')
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
class Line:
    """A line: what it is of, and its points: a place from 0 to 1, and a value."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """A drawing with its legend: names and the CSS colours that stand for them."""

    svg: Markup
    legend: Sequence[tuple[str, str]]


def group_colours(groups: Sequence[str]) -> dict[str, str]:
    """Give the first groups a colour each and all later ones the neutral colour."""
    return {
        group: f"var(--c{index + 1})" if index < _COLOURS else "var(--neutral)"
        for index, group in enumerate(dict.fromkeys(groups))
    }


def stacked_bars(title: str, bars: Sequence[Bar], colours: dict[str, str]) -> Chart:
    """Draw horizontal bars, one below the other, in the given order.

    Args:
        title: What a screen reader calls the picture.
        bars: The bars; their groups must all have a colour. None: an empty picture.
        colours: The CSS colour of each group, in the order of stacking.
    """
    largest = max((bar.size for bar in bars), default=0)
    scale = (_WIDTH - _LABEL_WIDTH - _NOTE_WIDTH) / max(largest, 1)
    shapes = [
        shape
        for row, bar in enumerate(bars)
        for shape in _bar(bar, _MARGIN + row * _ROW_HEIGHT, scale, colours)
    ]
    height = 2 * _MARGIN + max(len(bars), 1) * _ROW_HEIGHT
    return Chart(_picture(title, height, shapes), list(colours.items()))


def _bar(bar: Bar, top: int, scale: float, colours: dict[str, str]) -> Iterator[Markup]:
    groups = list(colours)
    before = 0
    for group, size in sorted(bar.parts, key=lambda part: groups.index(part[0])):
        if size:
            yield _RECTANGLE.format(
                x=_LABEL_WIDTH + before * scale,
                y=top + (_ROW_HEIGHT - _BAR_HEIGHT) / 2,
                w=size * scale,
                h=_BAR_HEIGHT,
                fill=colours[group],
            )
        before += size
    words, base = _shortened(bar.label), top + _BASE_LINE
    yield _TEXT.format(x=_LABEL_WIDTH - _GAP, y=base, more=_AT_END, words=words)
    yield _TEXT.format(x=_LABEL_WIDTH + before * scale + _GAP, y=base, more=_FAINT, words=bar.note)


def histogram(title: str, counts: Sequence[int], colour: str) -> Chart:
    """Draw counts over equal bins of the range 0 to 1."""
    left, top, width = 20, 22, _WIDTH - 40
    bottom = top + _HISTOGRAM_HEIGHT
    bin_width, scale = width / len(counts), _HISTOGRAM_HEIGHT / max(*counts, 1)
    shapes: list[Markup] = []
    for index, count in enumerate(counts):
        if count:
            x, y = left + index * bin_width, bottom - count * scale
            shapes += [
                _RECTANGLE.format(x=x + 1, y=y, w=bin_width - 2, h=count * scale, fill=colour),
                _TEXT.format(x=x + bin_width / 2, y=y - 4, more=_IN_MIDDLE, words=f"{count:,}"),
            ]
    shapes += _axis(left, bottom, width)
    return Chart(_picture(title, bottom + 26, shapes), [])


def _axis(left: int, y: int, width: int) -> Iterator[Markup]:
    """Draw an axis from 0 to 1 with five ticks."""
    yield _LINE.format(x=left, y=y + 0.5, way=f"h{width}")
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = left + tick * width
        yield _LINE.format(x=x, y=y + 0.5, way="v5")
        yield _TEXT.format(x=x, y=y + 18, more=_IN_MIDDLE, words=f"{tick:.2f}")


def small_multiples(title: str, lines: Sequence[Line], ends: tuple[str, str]) -> Chart:
    """Draw lines in cells beside and below each other, each on a scale of its own from zero.

    Args:
        title: What a screen reader calls the picture.
        lines: At least a point each.
        ends: What stands below the first place and the last.
    """
    shapes = [
        shape
        for index, line in enumerate(lines)
        for shape in _cell(line, index % 2 * _CELL_WIDTH, index // 2 * _CELL_HEIGHT, ends)
    ]
    return Chart(_picture(title, -(-len(lines) // 2) * _CELL_HEIGHT, shapes), [])


def _cell(line: Line, left: int, top: int, ends: tuple[str, str]) -> Iterator[Markup]:
    left, width = left + _CELL_MARGIN, _CELL_WIDTH - 2 * _CELL_MARGIN
    bottom = top + 26 + _LINE_HEIGHT
    scale = _LINE_HEIGHT / (max(value for _, value in line.points) or 1)
    places = [(left + place * width, bottom - value * scale) for place, value in line.points]
    last = line.points[-1][1]
    yield _TEXT.format(x=left, y=top + 16, more="", words=f"{last:,.4g} {line.label}")
    yield _LINE.format(x=left, y=bottom + 0.5, way=f"h{width}")
    yield _WAY.format(way="M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places))
    yield _POINT.format(x=places[-1][0], y=places[-1][1])
    yield _TEXT.format(x=left, y=bottom + 16, more=_FAINT, words=ends[0])
    yield _TEXT.format(x=left + width, y=bottom + 16, more=_AT_END + _FAINT, words=ends[1])


def _picture(title: str, height: int, shapes: Iterable[Markup]) -> Markup:
    return _PICTURE.format(title=title, width=_WIDTH, height=height, shapes=Markup("").join(shapes))


def _shortened(label: str) -> str:
    cells = chop_cells(label, _LABEL_CELLS)
    return cells[0] + "…" if len(cells) > 1 else label
