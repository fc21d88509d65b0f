"""Tell what is set into a text but is none of it: numbers of notes, links to edit or point at."""

import re

from lxml.html import HtmlElement  # type: ignore[import-untyped]

#: The number or letter of a note, as it stands raised: `[12]`, `(a)`, `3`.
_NOTE = re.compile(r"\s*(?:[\[(]\s*(?:[\w.-]{1,4}|\w+ \d{1,3})\s*[\])]|\d{1,3}|[*†‡§¶]+)\s*")
_EDIT = re.compile(r"editsection|edit-section|section-edit|headerlink|header-?anchor|anchor-?link")
_POINTS = frozenset({"¶", "#", "§", "🔗", "↩", "↑", "^", "⚓"})
_MAX_CHARS = 40


def is_mark(node: HtmlElement) -> bool:
    """Return whether an element is the mark of a note, or a link to edit or point at a section.

    What is raised without a link is text: a power, an ordinal.
    """
    tag = node.tag
    if tag == "sup":
        text = node.text_content()
        return (
            len(text) <= _MAX_CHARS
            and _NOTE.fullmatch(text) is not None
            and any((link.get("href") or "").startswith("#") for link in node.iter("a"))
        )
    name = node.get("class")
    if name and _EDIT.search(name.lower()) and len(node.text_content()) <= _MAX_CHARS:
        return True
    return (
        tag == "a"
        and (node.get("href") or "").startswith("#")
        and node.text_content().strip() in _POINTS
    )
