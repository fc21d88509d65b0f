"""Charts as SVG that lives in the page: its colours, its fonts, its dark mode.

Colours are the page's CSS variables and the layout is fixed (no measuring of text), so the
same figures give the same bytes on any machine. Importing this module costs about 0.6 s
and the first chart 1.6 s (measured on one slow core): import it where a chart is drawn.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import vl_convert
from markupsafe import Markup
from rich.cells import chop_cells

_WIDTH = 640
_LABEL_WIDTH = 150
_LABEL_CELLS = 20
_NOTE_WIDTH = 190
_ROW_HEIGHT = 30
_FONT = "system-ui, sans-serif"
_FONT_PIXELS = 13
# The page's style sheet has this many colours for groups.
_COLOURS = 8


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

    svg: Markup
    legend: Sequence[tuple[str, str]]


def group_colours(groups: Sequence[str]) -> dict[str, str]:
    """Give the first groups a colour each and all later ones the neutral colour."""
    return {
        group: f"var(--c{place + 1})" if place < _COLOURS else "var(--neutral)"
        for place, group in enumerate(dict.fromkeys(groups))
    }


def stacked_bars(title: str, bars: Sequence[Bar], colours: dict[str, str]) -> Chart:
    """Draw horizontal bars, one below the other, in the given order.

    Args:
        title: What a screen reader is told that the picture is.
        bars: The bars; their groups must all have a colour. None: an empty picture.
        colours: The CSS colour of each group, in the order of stacking.
    """
    largest = max((bar.size for bar in bars), default=0)
    x_scale = alt.Scale(domain=[0, max(largest, 1)], nice=False)
    y = alt.Y("y:O", axis=None, scale=alt.Scale(domain=list(range(len(bars))), paddingInner=0.3))
    layered = alt.layer(
        _parts(bars, colours, x_scale).encode(y=y), *_words(bars, x_scale, y)
    ).properties(
        width=_WIDTH - _LABEL_WIDTH - _NOTE_WIDTH,
        height=max(len(bars), 1) * _ROW_HEIGHT,
        padding={"left": _LABEL_WIDTH, "right": _NOTE_WIDTH, "top": 2, "bottom": 2},
    )
    return _drawn(title, layered, list(colours.items()))


def _parts(bars: Sequence[Bar], colours: dict[str, str], x_scale: alt.Scale) -> alt.Chart:
    groups = list(colours)
    values = [
        {"y": y, "group": group, "order": groups.index(group), "size": size}
        for y, bar in enumerate(bars)
        for group, size in bar.parts
        if size
    ]
    palette = alt.Scale(domain=groups, range=list(colours.values()))
    parts: alt.Chart = alt.Chart(alt.InlineData(values=values)).mark_bar()
    return parts.encode(
        x=alt.X("size:Q", axis=None, scale=x_scale, stack="zero"),
        color=alt.Color("group:N", legend=None, scale=palette),
        order="order:Q",
    )


def _words(bars: Sequence[Bar], x_scale: alt.Scale, y: alt.Y) -> list[alt.Chart]:
    """The label to the left of each bar, and the note after its end."""
    values = [
        {"y": y, "label": _shortened(bar.label), "note": bar.note, "end": bar.size}
        for y, bar in enumerate(bars)
    ]
    chart = alt.Chart(alt.InlineData(values=values))
    end = alt.X("end:Q", axis=None, scale=x_scale)
    return [
        _text(chart, align="right", dx=-10).encode(x=alt.value(0), y=y, text="label:N"),
        _text(chart, align="left", dx=8, opacity=0.75).encode(x=end, y=y, text="note:N"),
    ]


def histogram(title: str, counts: Sequence[int], colour: str) -> Chart:
    """Draw counts over equal bins of the range 0 to 1."""
    values = [
        {
            "left": place / len(counts),
            "middle": (place + 0.5) / len(counts),
            "right": (place + 1) / len(counts),
            "count": count,
        }
        for place, count in enumerate(counts)
        if count
    ]
    chart = alt.Chart(alt.InlineData(values=values))
    x_scale = alt.Scale(domain=[0, 1])
    x = alt.X("left:Q", scale=x_scale, axis=_axis())
    y = alt.Y("count:Q", axis=None, scale=alt.Scale(domain=[0, max(*counts, 1)], nice=False))
    bars = chart.mark_bar(color=colour, orient="vertical", binSpacing=2)
    labels = _text(chart, align="center", dy=-8).encode(
        x=alt.X("middle:Q", scale=x_scale), y=y, text=alt.Text("count:Q", format=",")
    )
    layered = alt.layer(bars.encode(x=x, x2="right:Q", y=y), labels).properties(
        width=_WIDTH - 40, height=120, padding={"left": 20, "right": 20, "top": 22, "bottom": 26}
    )
    return _drawn(title, layered, [])


def _axis() -> alt.Axis:
    return alt.Axis(
        values=[0, 0.25, 0.5, 0.75, 1],
        format=".2f",
        grid=False,
        title=None,
        labelColor="currentColor",
        labelFont=_FONT,
        labelFontSize=_FONT_PIXELS,
        domainColor="var(--rule)",
        tickColor="var(--rule)",
    )


def _text(
    chart: alt.Chart,
    align: Literal["left", "center", "right"],
    dx: int = 0,
    dy: int = 0,
    opacity: float = 1,
) -> alt.Chart:
    words: alt.Chart = chart.mark_text(
        align=align,
        dx=dx,
        dy=dy,
        opacity=opacity,
        font=_FONT,
        fontSize=_FONT_PIXELS,
        color="currentColor",
    )
    return words


def _drawn(
    title: str, chart: alt.LayerChart | alt.FacetChart, legend: Sequence[tuple[str, str]]
) -> Chart:
    spec = chart.properties(autosize="none").configure(background="transparent", aria=False)
    svg = vl_convert.vegalite_to_svg(spec.configure_view(stroke=None).to_dict())
    # Vega escapes its texts, and a test holds it to that.
    return Chart(Markup(_inlined(svg, title)), legend)  # noqa: S704


def _inlined(svg: str, title: str) -> str:
    """Make a standalone SVG part of a page: a picture with a name, of the page's width."""
    found = re.search(r'viewBox="[\d. -]+"', svg)
    if found is None:
        raise ValueError("the renderer drew an SVG without a viewBox; see vl-convert's changes")
    name = Markup.escape(title)
    return f'<svg role="img" aria-label="{name}" {found.group()}>{svg[svg.index(">") + 1 :]}'


def _shortened(label: str) -> str:
    cells = chop_cells(label, _LABEL_CELLS)
    return cells[0] + "…" if len(cells) > 1 else label
