"""Find the parts of a page that are not its text: consent, paywall, comments, what is hidden.

Names of elements and the wording of the parts decide together: a class says little where it is
used for anything (`paywall` is also on what must be paid for), and an article may speak of cookies.
No part is set aside that holds the page's headline. A consent box is never the text; the other
parts are, if nothing else is (`tasks.pages.page`): a forum, a page that a script shows.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import regex
from lxml.html import HtmlElement  # type: ignore[import-untyped]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FILE = Path(__file__).parent / "box_phrases.tsv"
_KINDS = ("consent", "paywall", "comment")
#: Elements that are the page, or most of it.
_WHOLE = frozenset({"html", "body", "main"})
_NO_TEXT = frozenset({"script", "style", "template", "head", "textarea", "select"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_HIDING = re.compile(r"display:\s*none")
_DIALOG_ROLES = frozenset({"dialog", "alertdialog"})
#: What may stand above a part that it unfolds.
_UNFOLDING = frozenset({"h2", "h3", "h4", "h5", "h6", "dt", "summary", "button"})
#: A part that unfolds, a tab, a slide: hidden only at first.
_FOLDED = _listed(
    "accordion collapse collapsed collapsible tab tabs tabpanel panel pane faq toggle fold "
    "folded expand expandable expander spoiler readmore more slide answer details step "
)
_COMMENT = _listed(
    "comment comments commenter kommentar kommentare kommentarer comentario comentarios "
    "commentaire commentaires commenti reactie reacties komentarze yorum yorumlar disqus "
    "livefyre respond commentlist commentbox commentthread "
)
#: Beside one of these words a name says no more than the word: `comments-open` is not among them.
_PLAIN = _listed(
    "list section area box body block thread wrapper wrap container content form item text user "
    "reader post article fb wp page module inner outer holder view panel tree node all group "
    "widget component region main new old children child id js root odd even depth level by "
    "author first last row card entry feed the stream s "
)
_CONSENT_BRANDS = _listed(
    "gdpr dsgvo rgpd lgpd ccpa cmp onetrust didomi cookiebot cybot usercentrics cookieconsent "
    "quantcast qc truste iubenda klaro borlabs osano complianz cmplz cookielaw cookienotice "
    "evidon consent cookiebanner cookiebar "
)
_COOKIE = frozenset({"cookie", "cookies", "privacy", "tracking"})
_DIALOG = _listed(
    "modal dialog popup overlay lightbox interstitial banner bar notice toast snackbar layer "
    "notification message alert wall warning info hint popover drawer "
)
_PAID = _listed(
    "paywall regwall subscribe subscription subscriber subscriptions subscribers premium "
    "metered meter piano abo abonnement membership upsell offer paid registration register "
    "login barrier wall locked unlock gate "
)
_CONTROLS = "boolean(.//button | .//input | .//form | .//*[@role='button'])"
_PRICE = regex.compile(r"\p{Sc}|\b(?:euros?|eur|usd|dollars?|kr|zł)\b", regex.IGNORECASE)
#: Boxes are short; consent dialogs may list every purpose.
_MAX_BOX_CHARS = {"consent": 6000, "paywall": 900}
#: A longer block is a paragraph that speaks of such things.
_MAX_PHRASE_CHARS = {"consent": 600, "paywall": 260, "comment": 45}
#: Of the blocks of a consent box, one in this many names what it is about.
_BLOCKS_PER_PHRASE = 4
#: Outermost elements that can be a box around a block that says so.
_MAX_CLIMB = 6
#: Comments bear the moment at which they were written, if not as `time` then above them.
_MIN_MOMENTS = 2
_MAX_BYLINE_CHARS = 80
_DATED = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_FORUM = (
    "boolean(//*[contains(@itemtype, 'DiscussionForumPosting') or contains(@itemtype, 'QAPage')]"
    " | //script[contains(@type, 'ld+json')][contains(., 'DiscussionForumPosting')"
    " or contains(., 'QAPage')] | //body[contains(@class, 'forum') or contains(@id, 'forum')]"
    " | //*[contains(@class, 'phpbb') or contains(@class, 'js-post ')])"
)
#: Letters that no word begins after.
_SPACED = r"\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Hebrew}\p{Devanagari}"
#: No phrase of consent is without one of these.
_COOKIE_WORDS = ("cookie", "куки", "çerez", "süti", "ciastecz", "eväste", "kakor", "kapsler",
                 "クッキー", "쿠키", "ارتباط", "كوكيز", "עוגיות", "קובצי")  # fmt: skip
_EDGE = regex.compile(r"^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$")


class SetAside(NamedTuple):
    """Elements that are not the text, and what they are: never, or only if there is no other."""

    never: dict[HtmlElement, str]
    unless_alone: dict[HtmlElement, str]


def set_aside(tree: HtmlElement, *, is_forum: bool = False) -> SetAside:
    """Return the elements of a page that are not what it is about, none within another.

    Args:
        tree: The page.
        is_forum: Whether its threads are known to be what it is about.
    """
    headline = _headline(tree)
    around_headline = set() if headline is None else {headline, *headline.iterancestors()}
    never: dict[HtmlElement, str] = {}
    others: dict[HtmlElement, str] = {}
    phrased = _blocks_with_phrases(tree)
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str) or node.tag in _NO_TEXT:
            continue
        kind = None if node in around_headline or node.tag in _WHOLE else _kind(node)
        if kind == "consent":
            never[node] = kind
        elif kind:
            others[node] = kind
        else:
            waiting.extend(reversed(node))
    if (phrased["comment"] or any(map(_is_thread, others))) and (is_forum or _is_forum(tree)):
        others = {node: kind for node, kind in others.items() if not _is_thread(node)}
        phrased["comment"] = []
    taken = {*never, *others}
    for kind, blocks in phrased.items():
        for block in blocks:
            if block in around_headline or not taken.isdisjoint([block, *block.iterancestors()]):
                continue
            found = (
                _thread_after(block) if kind == "comment" else _box(block, kind, around_headline)
            )
            fresh = [each for each in found if each not in around_headline and each not in taken]
            (never if kind == "consent" else others).update(dict.fromkeys(fresh, kind))
            taken.update(fresh)
    return SetAside(never, others)


def _is_thread(node: HtmlElement) -> bool:
    return _names(node).is_comment


def _is_forum(tree: HtmlElement) -> bool:
    """Return whether a page says of itself that its comments are what it is about."""
    return bool(tree.xpath(_FORUM))


def _headline(tree: HtmlElement) -> HtmlElement | None:
    headings = (heading for heading in tree.iter("h1") if heading.text_content().strip())
    return next(headings, None)


@lru_cache(maxsize=4096)
def _words(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(names))


class _Names(NamedTuple):
    """What the class, the id and the role of an element say."""

    words: frozenset[str]
    is_comment: bool
    is_dialog: bool
    is_consent: bool
    is_paid: bool


@lru_cache(maxsize=4096)
def _said_by_names(classes: str, identifier: str, role: str) -> _Names:
    words = _words(f"{classes} {identifier} {role}")
    is_dialog = not words.isdisjoint(_DIALOG)
    return _Names(
        words,
        not words.isdisjoint(_COMMENT)
        and any(_is_comment(_words(name)) for name in (*classes.split(), identifier)),
        is_dialog,
        not words.isdisjoint(_CONSENT_BRANDS) or (is_dialog and not words.isdisjoint(_COOKIE)),
        not words.isdisjoint(_PAID),
    )


def _names(node: HtmlElement) -> _Names:
    return _said_by_names(node.get("class", ""), node.get("id", ""), node.get("role", ""))


def _kind(node: HtmlElement) -> str | None:
    """Return what an element is by its names and attributes, and if these are in doubt its text."""
    if not node.attrib:
        return "dialog" if node.tag == "dialog" else None
    names = _names(node)
    if is_hidden(node) and not is_folded(node):
        return "hidden"
    if names.is_comment:
        return "comment"
    is_modal = node.get("role") in _DIALOG_ROLES or node.get("aria-modal") == "true"
    is_dialog = node.tag == "dialog" or is_modal
    if (names.is_consent or names.is_dialog or is_dialog) and _says_consent(node):
        return "consent"
    if names.is_paid and _is_paid_box(node, names.words):
        return "paywall"
    return "dialog" if is_dialog else None


def is_hidden(node: HtmlElement) -> bool:
    """Return whether an element is not shown at first."""
    style = node.get("style")
    return node.get("hidden") is not None or (bool(style) and _HIDING.search(style) is not None)


def is_folded(node: HtmlElement) -> bool:
    """Return whether a hidden element is shown when a reader asks for it: a tab, an answer."""
    if node.get("aria-labelledby") or node.get("hidden") == "until-found":
        return True
    parent, before = node.getparent(), node.getprevious()
    near = [each for each in (node, parent) if each is not None]
    if any(not _names(each).words.isdisjoint(_FOLDED) for each in near):
        return True
    if before is None:
        return False
    return before.tag in _UNFOLDING or before.xpath(
        "boolean(descendant-or-self::*[@aria-expanded or @aria-controls])"
    )


def _is_comment(words: frozenset[str]) -> bool:
    return not words.isdisjoint(_COMMENT) and words <= _COMMENT | _PLAIN


def _is_paid_box(node: HtmlElement, words: frozenset[str]) -> bool:
    """Return whether an element asks for payment; what is to be paid for may bear such names."""
    blocks = list(_short_blocks(node, _MAX_BOX_CHARS["paywall"]))
    if not blocks:
        return False
    asks = sum(_says(text.casefold(), "paywall") for _, text in blocks)
    is_control = node.xpath(_CONTROLS)
    is_priced = "paywall" in words and any(_PRICE.search(text) for _, text in blocks)
    return 3 * asks >= len(blocks) or bool(is_control and (asks or is_priced))


def _says_consent(node: HtmlElement) -> bool:
    """Return whether enough blocks of an element speak of consent."""
    if not _has_cookie_word(node.text_content().casefold()):
        return False
    blocks = list(_short_blocks(node, _MAX_BOX_CHARS["consent"]))
    said = sum(_says(text.casefold(), "consent") for _, text in blocks)
    return 0 < len(blocks) <= _BLOCKS_PER_PHRASE * said + 2 and said > 0


def _has_cookie_word(folded: str) -> bool:
    return any(word in folded for word in _COOKIE_WORDS)


def _says(folded: str, kind: str) -> bool:
    """Return whether a text, case-folded, has a phrase of a kind."""
    search = _searched if len(folded) <= _MAX_PHRASE_CHARS["consent"] else _searched.__wrapped__
    return search(folded, kind)


@lru_cache(maxsize=8192)
def _searched(folded: str, kind: str) -> bool:
    """Return whether a phrase is found. Remembered: the pages of a site have the same menus."""
    return _phrase(kind).search(folded) is not None


def _short_blocks(node: HtmlElement, most: int) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the innermost blocks of an element with their text; none if they are long together."""
    if len(node.text_content()) > most:
        return
    yield from _blocks(node)


def _blocks(node: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the elements in which text stands, with all text in and below them."""
    for each in node.iter(*_TEXT_TAGS):
        is_inner = all(child.tag not in _TEXT_TAGS for child in each)
        text = " ".join(each.text_content().split()) if is_inner else ""
        if text:
            yield each, text


_TEXT_TAGS = _listed(
    "p h1 h2 h3 h4 h5 h6 li div section aside header article td dd dt summary label button "
    "details blockquote main footer form dialog ul ol table tbody tr body "
)


def _blocks_with_phrases(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Return by kind the blocks of a page that say what they are."""
    found: dict[str, list[HtmlElement]] = {kind: [] for kind in _KINDS}
    for block, text in _blocks(tree):
        folded = text.casefold() if len(text) <= _MAX_PHRASE_CHARS["consent"] else ""
        if not folded or block.tag in {"button", "label"}:
            continue
        if _has_cookie_word(folded) and _says(folded, "consent"):
            found["consent"].append(block)
        if len(text) <= _MAX_PHRASE_CHARS["paywall"] and _says(folded, "paywall"):
            found["paywall"].append(block)
        if len(text) <= _MAX_PHRASE_CHARS["comment"]:
            bare = _EDGE.sub("", folded)
            if _phrase("comment").fullmatch(bare):
                found["comment"].append(block)
    return found


def _box(block: HtmlElement, kind: str, around_headline: set[HtmlElement]) -> list[HtmlElement]:
    """Return the box that a block belongs to: the widest that begins with such words."""
    widest = None
    for node in [block, *block.iterancestors()][:_MAX_CLIMB]:
        if node in around_headline or node.tag in _WHOLE or node.tag == "article":
            break
        blocks = list(_short_blocks(node, _MAX_BOX_CHARS[kind]))
        said = [_says(text.casefold(), kind) for _, text in blocks]
        if True not in said[:2] or len(said) > _BLOCKS_PER_PHRASE * sum(said):
            break
        if kind == "paywall" and sum(said) < 2 and not node.xpath(_CONTROLS):
            continue
        if kind == "consent" and not node.xpath(_CONTROLS) and not _is_all_links_or_short(node):
            continue
        widest = node
    if widest is None and kind == "paywall":
        return _run_of_phrases(block, kind)
    return [] if widest is None else [widest]


def _run_of_phrases(block: HtmlElement, kind: str) -> list[HtmlElement]:
    """Return a block and those right after it that say such a thing: a box without an element."""
    run = [block]
    for node in block.itersiblings():
        if not _says(" ".join(node.text_content().split()).casefold(), kind):
            break
        run.append(node)
    return run if len(run) > 1 else []


def _is_all_links_or_short(node: HtmlElement) -> bool:
    """Return whether an element ends in a link of its own, as a notice does that asks to agree."""
    links = node.xpath(".//a[not(@href) or starts-with(@href, '#') or @onclick]")
    return bool(links)


def _thread_after(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what follows a heading that announces comments, if it looks like a thread."""
    while (
        heading.getparent() is not None
        and heading.getparent().tag not in _WHOLE
        and (
            " ".join(heading.text_content().split())
            == " ".join(heading.getparent().text_content().split())
        )
    ):
        heading = heading.getparent()
    level = _HEADINGS.get(heading.tag, 7)
    following = []
    for node in heading.itersiblings():
        if _HEADINGS.get(node.tag, 9) <= level or node.tag == "footer":
            break
        if isinstance(node.tag, str) and node.tag not in _NO_TEXT:
            following.append(node)
    has_count = any(char.isdigit() for char in heading.text_content())
    moments = sum(_moments(node) for node in following)
    if following and (has_count or moments >= _MIN_MOMENTS):
        yield heading
        yield from following


def _moments(node: HtmlElement) -> int:
    """Return how many moments are given in an element: as such, or at its beginning."""
    marked = sum(1 for _ in node.iter("time"))
    begin = " ".join(node.text_content().split())[:_MAX_BYLINE_CHARS]
    return marked or int(_DATED.search(begin) is not None)


@cache
def _phrase(kind: str) -> "regex.Pattern[str]":
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        phrases = [row["phrase"] for row in rows if row["kind"] == kind]
    return regex.compile(rf"(?<![{_SPACED}])(?:{'|'.join(phrases)})")
