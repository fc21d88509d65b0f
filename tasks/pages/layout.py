"""Read what `pre` sets out: code keeps its lines and leading spaces, wrapped prose does not.

A `pre` that holds code is one block, blank lines included. Any other (a mail, a poem, a table of
signs) falls into its paragraphs; the lines of one stay apart, unless they are hard-wrapped prose.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.writing.measures import BODY_LINE_WIDTH, ends_sentence, width

#: Elements that say that what they hold is code, and words of class names that do.
_CODE_TAGS = "descendant-or-self::*[self::code or self::samp or self::kbd] | ancestor::code"
_CODE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:code\w*|lang(?:uage)?-\w+|highlight|prettyprint|source-?code|syntax\w*|brush"
    r"|console|terminal|shell|hljs|crayon)(?:$|[\s:_-])",
    re.IGNORECASE,
)
#: Around a `pre`, on this many elements.
_NAMED_ELEMENTS = 3
#: Numbers of lines, and buttons over code.
_BESIDE_CODE = re.compile(
    r"(?:^|\s)(?:line-?(?:no|nos|nr|num|numbers?)|gutter|copy\w*)(?:$|\s)", re.I
)
_NUMBERS = re.compile(r"[\d\s]+")
_BREAKING = frozenset({"div", "li", "p", "tr", "table"})
_STYLED = re.compile(r"white-space:\s*(?:pre|break-spaces)\b(?!-line)")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
#: How lines of code end or begin, but hardly those of prose.
_CODE_LINE = re.compile(r"^(?:\s{2,}|\t|\$ |>>>|#!|//|</?\w)|[{};\\\[(]$|\)[:;]?$")


def is_laid_out(node: HtmlElement) -> bool:
    """Return whether the line breaks and spaces of an element are meant to be seen."""
    if node.tag == "pre":
        return True
    style = node.get("style")
    return bool(style) and _STYLED.search(style) is not None and _is_code(node)


def laid_out_parts(node: HtmlElement) -> list[str]:
    """Return the parts of a laid-out element, each one line or several; none if it is blank.

    Lines lose the spaces after them, the first and the last part the blank lines around them.
    """
    written = "".join(_written(node)).replace("\r\n", "\n").replace("\r", "\n")
    rows = [row.rstrip() for row in written.split("\n")]
    text = "\n".join(rows).strip("\n")
    if not text or _numbers_lines(node, text):
        return []
    if _is_code(node) or _looks_like_code(text):
        return [text]
    return [_part(paragraph) for paragraph in _BLANK_LINES.split(text)]


def _written(node: HtmlElement) -> Iterator[str]:
    """Yield the text of an element, with a line break where a tag within it makes one."""
    if node.text:
        yield node.text
    for child in node:
        tag = child.tag
        is_read = isinstance(tag, str) and tag not in {"button", "script", "style"}
        if tag == "br":
            yield "\n"
        elif is_read and not _BESIDE_CODE.search(child.get("class") or ""):
            text = "".join(_written(child))
            yield text
            if tag in _BREAKING and not text.endswith("\n"):
                yield "\n"
        if child.tail:
            yield child.tail


def _is_code(node: HtmlElement) -> bool:
    if node.xpath(f"boolean({_CODE_TAGS})"):
        return True
    return any(_CODE_NAMES.search(each.get("class") or "") for each in _named(node))


def _numbers_lines(node: HtmlElement, text: str) -> bool:
    """Return whether an element, a cell of a table as a rule, holds numbers of lines of code."""
    return _NUMBERS.fullmatch(text) is not None and any(
        _BESIDE_CODE.search(each.get("class") or "") for each in _named(node)
    )


def _named(node: HtmlElement) -> list[HtmlElement]:
    """Return an element and those around it whose class says what it holds."""
    return [node, *node.iterancestors()][:_NAMED_ELEMENTS]


def _looks_like_code(text: str) -> bool:
    rows = [row for row in text.split("\n") if row.strip()]
    return len(rows) > 1 and 2 * sum(_CODE_LINE.search(row) is not None for row in rows) > len(rows)


def _part(paragraph: str) -> str:
    """Return a paragraph, its lines joined if they are hard-wrapped prose."""
    rows = [row.strip() for row in paragraph.split("\n")]
    is_wrapped = all(2 * width(row) > BODY_LINE_WIDTH for row in rows[:-1]) and (
        ends_sentence(rows[-1]) or len(rows) == 1
    )
    return " ".join(rows) if is_wrapped else paragraph
