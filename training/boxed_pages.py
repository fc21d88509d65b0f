"""Put some text of a page into a small page of its own, in a container of any kind.

An article is one wherever it stands: real pages have it in `footer`, `form` or a table now and
then, and too seldom to learn from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from tasks.pages.elements import Matrix
from tasks.writing.measures import is_body_line

_CONTAINERS = (
    "<aside>{}</aside>", "<details>{}</details>", "<dialog open>{}</dialog>", "<form>{}</form>",
    "<table><tr><td>{}</td></tr></table>", "<footer>{}</footer>", "<header>{}</header>",
    "<div class='{name}'>{}</div>", "<section id='{name}'>{}</section>", "<main>{}</main>",
    "<article>{}</article>", "<div style='display:none'>{}</div>", "<div class=sidebar>{}</div>",
    "<div class=modal>{}</div>",
)  # fmt: skip
#: A forum's first post, and the rest of its thread; one page in so many is one.
_POSTING = "<div itemtype='https://schema.org/DiscussionForumPosting'>{}</div>"
_THREAD = "<div class=comments>{}</div>"
_REPLY = "<article><b>{name}</b> <time>{day}.{month}.2021</time><p>{text}</p></article>"
_PAGES_PER_FORUM = 6
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
    text = text[: int(chooser.integers(_MIN_PARAGRAPHS, _MAX_PARAGRAPHS + 1))]
    start = int(chooser.integers(len(links)))
    title, *menu = [*links[start:], *links[:start]][: _MAX_LINKS + 1]
    container = _CONTAINERS[int(chooser.integers(len(_CONTAINERS)))]
    name = "".join(chr(ord("a") + int(letter)) for letter in chooser.integers(26, size=5))
    notice = _NOTICES[int(chooser.integers(len(_NOTICES)))]
    notice = notice.format(year=int(chooser.integers(1998, 2027)), name=name.title())
    if chooser.integers(_PAGES_PER_FORUM):
        said = "".join(f"<p>{escape(line)}</p>" for line in text)
    else:
        container, said = "<main>{}</main>", _forum(text, chooser)
    body = f"<h1>{escape(title)}</h1>{said}"
    if chooser.integers(2):
        body += f"<h2>{escape(menu[-1])}</h2><ul>{_items(menu[:-1])}</ul>"
    html = (
        f"<html><head><title>{escape(title)}</title></head><body><nav><ul>{_items(menu[:2])}</ul>"
        f"</nav>{container.format(body, name=name)}<footer><p>{escape(menu[-1])}</p>"
        f"{notice}</footer>"
        "</body></html>"
    )
    return BoxedPage(html, frozenset(" ".join(line.split()) for line in text), title)


def _forum(text: Sequence[str], chooser: np.random.Generator) -> str:
    """Return a thread of a forum whose posts are some text."""
    replies = [
        _REPLY.format(
            name="".join(chr(ord("a") + int(letter)) for letter in chooser.integers(26, size=6)),
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
