"""Make text of unknown origin safe for a terminal.

Control characters become visible, and text that may run from right to left is wrapped in
Unicode isolates (UAX #9), so that it cannot reorder what stands beside it. `SafeConsole` does the
former to all that is printed, also to what nobody thought of.
"""

import unicodedata
from collections.abc import Iterator

from rich.cells import chop_cells
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"
# UAX #9, table 4: what makes a terminal reorder a line.
_RIGHT_TO_LEFT_CLASSES = frozenset({"R", "AL", "AN"})
# They open or close a direction, and would break out of the isolate (UAX #9, section 2).
_DIRECTION_CLASSES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
#: With these, text is isolated here; they end with their line, whoever wrote them.
_OWN_CLASSES = frozenset({"FSI", "PDI"})
_CONTROL_PICTURES = 0x2400


class SafeConsole(Console):
    """Prints no control character but line ends and those of its own styles."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render as `Console` does, with control characters made visible."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=_harmless(segment.text))


def _harmless(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character == "\n" or unicodedata.bidirectional(character) in _OWN_CLASSES
        else _visible_character(character)
        for character in text
    )


def shown_text(text: str, width_cells: int) -> str:
    """Return one line of at most `width_cells` columns (and an ellipsis), safe to print."""
    line = _visible(text[: width_cells * 4])  # a cell rarely holds more than four code points
    pieces = chop_cells(line, width_cells) or [""]
    is_cut = len(pieces) > 1 or len(text) > width_cells * 4
    return _isolated(pieces[0] + ("…" if is_cut else ""))


def isolated_text(text: str | None) -> str:
    """Return a whole short text (a name, a path), safe to print; nothing for None."""
    return _isolated(_visible(text or ""))


def text_block(text: str, width_cells: int, line_limit: int) -> Text:
    """Return the first lines of a text, each safe to print and at most `width_cells` wide."""
    start = text[: width_cells * (line_limit + 1) * 4]
    lines = chop_cells(_visible(start), width_cells) or [""]
    shown = [*lines[:line_limit]]
    if len(lines) > line_limit or len(start) < len(text):
        shown[-1] += "…"
    return Text("\n".join(_isolated(line) for line in shown), overflow="ignore", no_wrap=True)


def _visible(text: str) -> str:
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Zl", "Zp"}:
        point = ord(character)
        return chr(_CONTROL_PICTURES + point) if point < 0x20 else "�"
    return "�" if unicodedata.bidirectional(character) in _DIRECTION_CLASSES else character


def _isolated(line: str) -> str:
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT_CLASSES for character in line):
        return FIRST_STRONG_ISOLATE + line + POP_DIRECTIONAL_ISOLATE
    return line
