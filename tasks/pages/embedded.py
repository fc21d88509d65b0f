"""Read the text that a page carries as data only: JSON-LD, Next.js, Nuxt and other JSON in scripts.

Of the data, the part that holds most running text is the article: from the outside in, as long as
one part has most of what the whole has. Its texts are those that stand under the same names as
running text does, in order; texts in HTML are read as HTML, spans of one paragraph are joined. What
is called a title beside it, or a little above, is its headline: the page's `<title>` may be the
program's.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lxml import html as lxml_html  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tasks.pages.blocks import page_blocks
from tasks.pages.json_ld import article_bodies
from tasks.writing.measures import ends_sentence, is_body_line, width

_SCRIPTS = "//script[not(@src) and not(contains(@type, 'ld+json'))]"
_ASSIGNED = re.compile(r"^\s*(?:window|self|globalThis|var|let|const)[\w\s.\[\]\"']*=\s*(?=[{\[])")
#: Of a string that has no end the rest of the line, so that none is looked for in it again.
_STRING = re.compile(r'"(?:[^"\\\n]++|\\.)*+"?')
_CODE = re.compile(r"[{}]|\":|\(\)|=>|;$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
#: What is not the text of a thing but a word about it, or of another thing.
_OTHER_NAMES = re.compile(
    r"desc|excerpt|summary|teaser|caption|alt$|bio|seo|meta|related|recommend|comment|footer|header"
    r"|menu|nav|cookie|consent|legal|copyright|config|i18n|translation|messages|locale|policy|url"
    r"|href|src$|style|class|script|error|promo|banner|newsletter|subscri",
    re.IGNORECASE,
)
#: An element of React in a stream of Next.js: `["$", "p", null, {"children": …}]`.
_ELEMENT_PARTS = 4
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption"})
#: The names of spans within a paragraph.
_SPAN_TYPES = frozenset({"text", "span", "link", "hyperlink", "a", "strong", "em", "inline"})
_MAX_DEPTH = 40
_MAX_SCRIPT_CHARS = 5_000_000
#: A part is looked into as long as it has this share of the running text of the whole.
_MIN_PART = 0.7
#: Less running text than this is a label or a notice of the program.
_MIN_MASS = 120
#: What the data calls a headline, the surest name first, and how far above the text it may stand.
_TITLE_NAMES = ("headline", "title", "heading")
_MAX_TITLE_LEVELS = 3
_MAX_TITLE_CHARS = 300


class Embedded(NamedTuple):
    """The lines of an article in the data of a page, and the headline that stands beside them."""

    lines: list[str]
    title: str | None = None


class _Text(NamedTuple):
    """A text of the data, and the names and numbers in lists that lead to it."""

    path: tuple[str | int, ...]
    text: str


def embedded_article(tree: HtmlElement) -> Embedded:
    """Return the article in the data of a page; one without lines if there is no running text.

    The body of an article in JSON-LD, whose title the page's metadata have, is taken before what
    else scripts hold.
    """
    lines = [line for body in article_bodies(tree)[:1] for line in _lines(body)]
    if _mass(lines) >= _MIN_MASS:
        return Embedded(lines)
    found = (_article(list(_texts(data, (), 0))) for data in _data(tree))
    best = max(found, key=lambda article: _mass(article.lines), default=Embedded([]))
    return best if _mass(best.lines) >= _MIN_MASS else Embedded([])


def _data(tree: HtmlElement) -> Iterator[Any]:
    """Yield what scripts hold: JSON, JSON given to a name, or the strings of a program."""
    pushed: list[str] = []
    for script in tree.xpath(_SCRIPTS):
        code = (script.text or "")[:_MAX_SCRIPT_CHARS]
        kind = script.get("type") or ""
        if "json" in kind:
            yield from _parsed(code, is_nuxt=script.get("id") == "__NUXT_DATA__")
        elif not kind or "javascript" in kind:
            if "__next_f.push" in code:
                pushed.extend(_strings(code, 0))
                continue
            start = _ASSIGNED.match(code)
            found = list(_parsed(code[start.end() :], is_nuxt=False)) if start else []
            yield from found or [list(_strings(code, _MIN_MASS))]
    yield [row for line in "".join(pushed).split("\n") for row in _parsed_row(line)]


def _parsed_row(line: str) -> Iterator[Any]:
    """Yield what a row of Next.js's stream holds: a number, a colon, JSON."""
    number, _, code = line.partition(":")
    if number and code[:1] in {"[", "{"}:
        yield from _parsed(code, is_nuxt=False)


def _parsed(code: str, *, is_nuxt: bool) -> Iterator[Any]:
    try:
        data, _ = json.JSONDecoder(strict=False).raw_decode(code.strip())
    except (ValueError, RecursionError):
        return
    yield _unflattened(data, data[0], 0) if is_nuxt and isinstance(data, list) and data else data


def _unflattened(flat: list[Any], value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON
    """Return what Nuxt 3 wrote as one list, in which numbers point at values (`devalue`)."""
    if depth > _MAX_DEPTH:
        return None

    def pointed(number: Any) -> Any:  # noqa: ANN401 - any JSON
        is_place = isinstance(number, int) and 0 <= number < len(flat)
        return _unflattened(flat, flat[number], depth + 1) if is_place else None

    if isinstance(value, dict):
        return {name: pointed(number) for name, number in value.items()}
    return [pointed(number) for number in value] if isinstance(value, list) else value


def _strings(code: str, least_width: int) -> Iterator[str]:
    """Yield the strings of a program, from a width on; those that are data or code only for 0."""
    for literal in _STRING.findall(code):
        if width(literal) > least_width:
            try:
                text = str(json.loads(literal, strict=False))
            except ValueError:
                continue
            if not least_width or not _CODE.search(text):
                yield text


def _texts(value: Any, path: tuple[str | int, ...], depth: int) -> Iterator[_Text]:  # noqa: ANN401
    """Yield the texts of some data in order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        if value.strip():
            yield _Text(path, value)
    elif isinstance(value, dict):
        for name, child in value.items():
            if not _OTHER_NAMES.search(name):
                yield from _texts(child, (*path, name), depth + 1)
    elif isinstance(value, list):
        if len(value) == _ELEMENT_PARTS and value[0] == "$" and isinstance(value[3], dict):
            children = value[3].get("children")
            if value[1] in _PARAGRAPHS:
                yield _Text((*path, "paragraph"), _written(children))
            else:
                yield from _texts(children, (*path, "children"), depth + 1)
            return
        spans = _spans(value)
        if spans is not None:
            yield _Text((*path, "spans"), spans)
            return
        for number, child in enumerate(value):
            yield from _texts(child, (*path, number), depth + 1)


def _written(children: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the text in an element that React is to show."""
    if isinstance(children, str):
        return "" if children.startswith("$") else children
    if not isinstance(children, list):
        return ""
    if len(children) == _ELEMENT_PARTS and children[0] == "$" and isinstance(children[3], dict):
        return _written(children[3].get("children"))
    return "".join(map(_written, children))


def _spans(items: list[Any]) -> str | None:
    """Return the text of a list of spans of one paragraph; None if it is another list."""
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    texts = [_span(item) for item in items]
    return "".join(text for text in texts if text is not None) if None not in texts else None


def _span(item: dict[str, Any]) -> str | None:
    kind = next((item[name] for name in ("_type", "nodeType", "type") if name in item), "text")
    if kind not in _SPAN_TYPES:
        return None
    text = next((item[name] for name in ("text", "value") if isinstance(item.get(name), str)), None)
    if text is not None:
        return str(text)
    inner = next((item[n] for n in ("children", "content") if isinstance(item.get(n), list)), None)
    return None if inner is None else _spans(inner)


def _article(texts: list[_Text]) -> Embedded:
    """Return the part of the data that holds most running text."""
    read = [(text.path, _lines(text.text)) for text in texts]
    masses = [(path, _mass(lines), lines) for path, lines in read]
    prefix: tuple[str | int, ...] = ()
    total = sum(mass for _, mass, _ in masses)
    while total:
        sums: dict[str | int, int] = {}
        for path, mass, _ in masses:
            if path[: len(prefix)] == prefix and len(path) > len(prefix):
                sums[path[len(prefix)]] = sums.get(path[len(prefix)], 0) + mass
        best = max(sums, key=lambda name: sums[name], default=None)
        if best is None or sums[best] < _MIN_PART * total:
            break
        prefix, total = (*prefix, best), sums[best]
    within = [each for each in masses if each[0][: len(prefix)] == prefix]
    names = {_named(path) for path, mass, _ in within if mass}
    lines = [line for path, _, lines in within if _named(path) in names for line in lines]
    return Embedded(list(dict.fromkeys(lines)), _title_beside(texts, prefix))


def _title_beside(texts: list[_Text], place: tuple[str | int, ...]) -> str | None:
    """Return what the data calls the title of a part of it, or of what it is a part of."""
    by_path = {text.path: text.text for text in reversed(texts)}
    for level in range(len(place), max(-1, len(place) - _MAX_TITLE_LEVELS - 1), -1):
        for name in _TITLE_NAMES:
            lines = _lines(by_path.get((*place[:level], name), "")[: 2 * _MAX_TITLE_CHARS])
            if len(lines) == 1 and len(lines[0]) <= _MAX_TITLE_CHARS:
                return lines[0]
    return None


def _named(path: tuple[str | int, ...]) -> str | int | None:
    """Return the last name on the way to a text."""
    return next((part for part in reversed(path) if isinstance(part, str)), None)


def _lines(text: str) -> list[str]:
    """Return the lines of a text, which may be HTML."""
    if _TAG.search(text):
        try:
            blocks, *_ = page_blocks(lxml_html.fromstring(f"<div>{text}</div>"))
        except (LxmlError, ValueError, RecursionError):
            return []
        return [block.line for block in blocks]
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _mass(lines: Iterable[str]) -> int:
    """Return how wide the running text among lines is."""
    return sum(width(line) for line in lines if is_running_text(line))


def is_running_text(line: str) -> bool:
    """Return whether a line is a sentence or more; an address or a row of codes is none."""
    return is_body_line(line) and (
        ends_sentence(line) or 30 * line.count(" ") >= len(line) or not line.isascii()
    )
