"""Put some text of a page into a small page of its own, in a container of any kind.

An article is one wherever it stands: real pages have it in `footer`, `form` or a table now and
then, and too seldom to learn from. So is code between paragraphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from tasks.pages.elements import Matrix
from tasks.writing.measures import is_body_line
from training.boxed_code import boxed_code, random_name

_CONTAINERS = (
    "<aside>{}</aside>", "<details>{}</details>", "<dialog open>{}</dialog>", "<form>{}</form>",
    "<table><tr><td>{}</td></tr></table>", "<footer>{}</footer>", "<header>{}</header>",
    "<div class='{name}'>{}</div>", "<section id='{name}'>{}</section>", "<main>{}</main>",
    "<article>{}</article>", "<div style='display:none'>{}</div>", "<div class=sidebar>{}</div>",
    "<div class=modal>{}</div>", "<div class='article-body'>{}</div>",
)  # fmt: skip
#: A forum's first post, and the rest of its thread; one page in so many is one.
_POSTING = "<div itemtype='https://schema.org/DiscussionForumPosting'>{}</div>"
_THREAD = "<div class=comments>{}</div>"
_REPLY = "<article><b>{name}</b> <time>{day}.{month}.2021</time><p>{text}</p></article>"
_PAGES_PER_FORUM = 6
#: One page in so many shows code, after this share of its paragraphs.
_PAGES_PER_CODE = 3
_CODE_SHARE = 0.4
#: One page in so many has a teaser or two of other pages before and after its text, the same ones
#: or not, cut at a random length.
_PAGES_PER_TEASERS = 3
_TEASERS = (
    "<div class='{name}'><p>{text}</p></div>", "<aside class='{name}'><p>{text}</p></aside>",
    "<div class='{name}'><div><p>{text}</p></div></div>",
    "<div class='{name}'><a href='/{name}'>{text}</a></div>",
    "<section class='{name}'><h3>{title}</h3><p>{text}</p></section>",
)  # fmt: skip
_TEASER_NAMES = (
    "teaser", "teasers", "related", "more-stories", "promo", "recommended", "top-stories",
    "read-more", "also", "latest",
)  # fmt: skip
_MIN_TEASER_CHARS, _MAX_TEASER_CHARS = 30, 150
#: One page in so many has neither title nor menu nor footer.
_PAGES_PER_BARE = 4
_NOTICES = ("", "<p>© {year} {name}</p>", "<p>© {year} {name}. All rights reserved.</p>")
_MIN_PARAGRAPHS, _MAX_PARAGRAPHS = 2, 7
_MAX_LINKS = 6
_MAX_LINK_CHARS = 40


@dataclass(frozen=True)
class BoxedPage:
    """A small page: its markup, the lines of it that are its text, and its title."""

    html: str
    text: frozenset[str]
    title: str


def boxed_page(
    lines: Sequence[str], targets: Matrix, chooser: np.random.Generator
) -> BoxedPage | None:
    """Return a small page of some text and links of a page; None if it has too few.

    Args:
        lines: The blocks of a page.
        targets: How much each of them is text.
        chooser: Decides on the container, its name, and how much stands in it.
    """
    is_text = targets > 0.5
    text = [line for line, yes in zip(lines, is_text, strict=True) if yes and is_body_line(line)]
    links = [
        line
        for line, yes in zip(lines, is_text, strict=True)
        if not yes and len(line) <= _MAX_LINK_CHARS
    ]
    if len(text) < _MIN_PARAGRAPHS or len(links) <= _MIN_PARAGRAPHS:
        return None
    count = int(chooser.integers(_MIN_PARAGRAPHS, _MAX_PARAGRAPHS + 1))
    text, spare = text[:count], text[count:]
    start = int(chooser.integers(len(links)))
    title, *menu = [*links[start:], *links[:start]][: _MAX_LINKS + 1]
    container = _CONTAINERS[int(chooser.integers(len(_CONTAINERS)))]
    if chooser.integers(_PAGES_PER_FORUM):
        said, text = _paragraphs(text, chooser)
    else:
        container, said = "<main>{}</main>", _forum(text, chooser)
    is_bare = not chooser.integers(_PAGES_PER_BARE)
    body = said if is_bare else f"<h1>{escape(title)}</h1>{said}"
    if chooser.integers(2):
        body += f"<h2>{escape(menu[-1])}</h2><ul>{_items(menu[:-1])}</ul>"
    body = container.format(body, name=random_name(chooser))
    before, after = _teasers(spare, title, chooser)
    body = f"{before}{body}{after}"
    html = body if is_bare else _framed(body, title, menu, chooser)
    said_lines = frozenset(" ".join(line.split()) for line in text)
    return BoxedPage(f"<html>{html}</html>", said_lines, title)


def _framed(body: str, title: str, menu: Sequence[str], chooser: np.random.Generator) -> str:
    """Return a page with a title, a menu and a footer around its body."""
    notice = _NOTICES[int(chooser.integers(len(_NOTICES)))]
    notice = notice.format(
        year=int(chooser.integers(1998, 2027)), name=random_name(chooser).title()
    )
    return (
        f"<head><title>{escape(title)}</title></head><body><nav><ul>{_items(menu[:2])}</ul></nav>"
        f"{body}<footer><p>{escape(menu[-1])}</p>{notice}</footer></body>"
    )


def _teasers(spare: Sequence[str], title: str, chooser: np.random.Generator) -> tuple[str, str]:
    """Return what stands before and after an article and leads to others: beginnings of lines."""
    if not spare or chooser.integers(_PAGES_PER_TEASERS):
        return "", ""
    form = _TEASERS[int(chooser.integers(len(_TEASERS)))]
    name = _TEASER_NAMES[int(chooser.integers(len(_TEASER_NAMES)))]
    teasers = []
    for _ in range(2):
        line = spare[int(chooser.integers(len(spare)))]
        line = line[: int(chooser.integers(_MIN_TEASER_CHARS, _MAX_TEASER_CHARS))].rstrip(" .,")
        teasers.append(form.format(name=name, text=f"{escape(line)}.", title=escape(title)))
    one, other = teasers
    return ((one, one), (one, other), ("", one + other), (one, ""))[int(chooser.integers(4))]


def _paragraphs(text: Sequence[str], chooser: np.random.Generator) -> tuple[str, list[str]]:
    """Return the markup and the lines of some text, code between them in some pages."""
    share = 0.0 if chooser.integers(_PAGES_PER_CODE) else _CODE_SHARE
    said, lines = "", []
    for line in text:
        said += f"<p>{escape(line)}</p>"
        lines.append(line)
        if chooser.random() < share:
            code = boxed_code(chooser)
            said += code.html
            lines.extend(code.lines)
    return said, lines


def _forum(text: Sequence[str], chooser: np.random.Generator) -> str:
    """Return a thread of a forum whose posts are some text."""
    replies = [
        _REPLY.format(
            name=random_name(chooser, 6),
            day=int(chooser.integers(1, 29)),
            month=int(chooser.integers(1, 13)),
            text=escape(line),
        )
        for line in text[1:]
    ]
    return _POSTING.format(f"<p>{escape(text[0])}</p>") + _THREAD.format("".join(replies))


def _items(links: Sequence[str]) -> str:
    return "".join(f"<li><a href='/{number}'>{escape(link)}</a></li>"
                   for number, link in enumerate(links))  # fmt: skip
