"""Draw bars and columns as HTML that reflows: a list whose items have a length.

On a narrow screen the words stand above the bar instead of beside it; a screen reader reads a list.
Colours are the page's CSS variables and no text is measured, so the same figures give the same
bytes on any machine. `Markup.format` escapes all that comes from records.
"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from tasks.releases.report.charts import Bar, Chart

_LIST = Markup('<ul class="{kind}" aria-label="{title}">{items}</ul>')
_ROW = Markup(
    '<li><span class="what"><bdi>{label}</bdi></span><span class="track">{parts}</span>'
    '<span class="note">{note}</span></li>'
)
_PART = Markup('<i style="width:{width:.4g}%;background:{fill}"></i>')
_COLUMN = Markup('<li><b>{count}</b><i style="height:{height:.4g}%;background:{fill}"></i></li>')
_AXIS = Markup('<div class="axis" aria-hidden="true">{ticks}</div>')
_TICKS = (0, 0.25, 0.5, 0.75, 1)


def stacked_bars(title: str, bars: Sequence[Bar], colours: dict[str, str]) -> Chart:
    """Draw horizontal bars, one below the other, in the given order.

    Args:
        title: What a screen reader calls the list.
        bars: The bars; their groups must all have a colour. None: an empty list.
        colours: The CSS colour of each group, in the order of stacking.
    """
    largest = max((bar.size for bar in bars), default=0)
    items = [
        _ROW.format(
            label=bar.label, note=bar.note, parts=Markup("").join(_parts(bar, largest, colours))
        )
        for bar in bars
    ]
    drawn = _LIST.format(kind="bars", title=title, items=Markup("").join(items))
    return Chart(drawn, list(colours.items()))


def _parts(bar: Bar, largest: int, colours: dict[str, str]) -> Iterator[Markup]:
    groups = list(colours)
    for group, size in sorted(bar.parts, key=lambda part: groups.index(part[0])):
        if size:
            yield _PART.format(width=100 * size / largest, fill=colours[group])


def histogram(title: str, counts: Sequence[int], colour: str) -> Chart:
    """Draw counts over equal bins of the range 0 to 1."""
    largest = max(*counts, 1)
    columns = [
        _COLUMN.format(
            count=f"{count:,}" if count else "", height=100 * count / largest, fill=colour
        )
        for count in counts
    ]
    ticks = Markup("").join(Markup("<span>{:.2f}</span>").format(tick) for tick in _TICKS)
    drawn = _LIST.format(kind="histogram", title=title, items=Markup("").join(columns))
    return Chart(drawn + _AXIS.format(ticks=ticks), [])
