"""Tell markup from prose that speaks of tags, and turn a marked-up title into a line.

A tag that works stands close to what it marks: `a <b>bold</b> word`. A tag that is spoken of is a
word among words: `the tag <b> stands for bold`. Code between backticks, or indented, is spoken of.
"""

import html
import re
from collections.abc import Iterator

_DOCUMENT = re.compile(r"\ufeff?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html)[\s>]", re.I)
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,11})"
    r"(?P<attributes>(?:\s+[a-zA-Z_:@][\w:.-]{0,60}(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))?)*)"
    r"\s*/?>"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPOKEN_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,500}`", re.DOTALL)
_INDENTED = re.compile(r"(?m)^(?: {4}|\t).*$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNLIKELY_MEANT = re.compile(r"&(?!(?:amp|lt|gt);)(?:#\w{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});")
#: Elements of text; a name that is none (`<system>`, `List<String>`) says nothing.
_ELEMENT_NAMES = (
    "a abbr acronym address article aside b big blockquote body br caption center cite code col"
    " colgroup dd del details dfn div dl dt em embed figcaption figure font footer form h1 h2 h3 h4"
    " h5 h6 head header hr html i iframe img input ins kbd label li link main mark meta nav"
    " noscript object ol p picture pre q ruby s samp script section small source span strike strong"
    " style sub summary sup svg table tbody td tfoot th thead time tr tt u ul var video wbr"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_VOID = frozenset(("br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
#: Elements that writers leave open.
_LEFT_OPEN = frozenset(("dd", "dt", "li", "p", "td", "th", "tr"))
_OPENING = frozenset(" \t\u00a0\"'`([{«“„‘‹（「『")
_CLOSING = frozenset(" \t\u00a0\"'`)]}»”’›）」』.,;:!?…。、，；：！？")
#: What is looked at before a tag, and of a text: the rest is like its beginning.
_CONTEXT_CHARS = 80
_JUDGED_CHARS = 200_000
#: Spaced `<br>`s that are no mention: one may be spoken of.
_MIN_SPACED_BREAKS = 2
_MIN_ESCAPED_TAGS = 2


def is_markup_document(text: str) -> bool:
    """Tell whether a text is evidently an HTML document: it begins like one."""
    return _DOCUMENT.match(text) is not None


def is_fragment(text: str) -> bool:
    """Tell whether a text is HTML without being a document: more tags work than are spoken of."""
    if "<" not in text or not ("<!--" in text or _TAG.search(text)):
        return False
    text = text[:_JUDGED_CHARS]
    begins_with_tag = text.lstrip().startswith("<")
    text = _SPOKEN_CODE.sub(" code ", text)
    text = text if begins_with_tag else _INDENTED.sub("", text)
    working, spoken = _counts(text)
    return working + _commented(text)[1] > spoken


def unescaped_fragment(text: str) -> str | None:
    """Return the HTML that a text is when its tags are unescaped; None: it is no HTML."""
    if text.count("&lt;") < _MIN_ESCAPED_TAGS or _TAG.search(text):
        return None
    unescaped = html.unescape(text)
    return unescaped if is_fragment(unescaped) or is_markup_document(unescaped) else None


def plain_line(text: str, *, is_markup: bool = False) -> str:
    """Return a title, or another short text, as one line without tags and entities.

    Args:
        text: It may be markup, or escaped once.
        is_markup: Whether whoever gave it says that it is markup.
    """
    if is_markup or is_fragment(text):
        return _joined(_unescaped(without_tags(text)))
    unescaped = _unescaped(text)
    if unescaped != text and is_fragment(unescaped):
        return _joined(_unescaped(without_tags(unescaped)))
    return _joined(unescaped)


def without_tags(text: str) -> str:
    """Return a text without the tags of HTML; others stay."""
    return _TAG.sub(_instead_of_tag, _commented(text)[0])


def _commented(text: str) -> tuple[str, int]:
    """Return the text without comments, and how many there were; none if none is closed."""
    end = text.rfind("-->") + len("-->")
    bare, count = _COMMENT.subn("", text[:end]) if end >= len("<!---->") else ("", 0)
    return (bare + text[end:], count) if count else (text, 0)


def _instead_of_tag(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name not in _ELEMENTS:
        return tag[0]
    return " " if name in _LEFT_OPEN or name in {"br", "div"} else ""


def _joined(text: str) -> str:
    return " ".join(text.split())


def _unescaped(text: str) -> str:
    """Return the text with entities decoded once; twice those that nobody writes about."""
    if "&" not in text:
        return text
    once = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return _UNLIKELY_MEANT.sub(lambda entity: html.unescape(entity[0]), once)


def _counts(text: str) -> tuple[int, int]:
    """Return how many elements work in a text, and how many tags are spoken of."""
    working = spoken = breaks = 0
    open_tags: dict[str, list[bool]] = {}
    for name, is_closing, has_values, is_spoken in _tags(text):
        if name in _VOID:
            working += not is_spoken or has_values
            breaks += is_spoken and not has_values
        elif not is_closing:
            open_tags.setdefault(name, []).append(is_spoken and not has_values)
            working += has_values or (name in _LEFT_OPEN and not is_spoken)
        elif open_tags.get(name):
            pair_is_spoken = open_tags[name].pop() and is_spoken
            working += not pair_is_spoken
            spoken += 2 * pair_is_spoken
        else:
            spoken += is_spoken
    spoken += sum(sum(left) for left in open_tags.values())
    if breaks >= _MIN_SPACED_BREAKS and not spoken:
        working += breaks
    return working, spoken + (breaks if breaks < _MIN_SPACED_BREAKS else 0)


def _tags(text: str) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield of each tag its name, whether it closes, has values, and is spoken of."""
    for tag in _TAG.finditer(text):
        name, attributes = tag["name"].lower(), tag["attributes"]
        has_values = "=" in attributes
        if name in _ELEMENTS and (has_values or not attributes or name in _VOID):
            yield name, bool(tag["close"]), has_values, _is_spoken(text, tag)


def _is_spoken(text: str, tag: re.Match[str]) -> bool:
    """Tell whether a tag stands as a word among words of its line."""
    before = text[max(0, tag.start() - _CONTEXT_CHARS) : tag.start()].rpartition("\n")[2]
    after = text[tag.end() : tag.end() + 1]
    stands_apart = before[-1:] in _OPENING and (not after or after in _CLOSING)
    return stands_apart and bool(before.strip()) and not before.rstrip().endswith(">")
