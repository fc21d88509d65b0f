"""Read the lines of a page's main text, without the page's title.

Each block of the page is scored (`tasks.pages.model`). A page with hardly any text is given to
trafilatura, which also looks into JSON-LD; only with options whose outcome depends on the page
alone: no duplicate cache (it outlives the page: trafilatura#778), no time limit, no language
filter. What a page says of itself is read by `tasks.pages.metadata`.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import trafilatura
from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.settings import Document, Extractor

from tasks.pages.blocks import Block, PageBlocks, marked, page_blocks
from tasks.pages.bylines import is_byline, is_dateline
from tasks.pages.elements import Matrix, elements_around
from tasks.pages.embedded import embedded_article
from tasks.pages.features import block_features
from tasks.pages.kinds import KINDS, hints_of, kind_probabilities
from tasks.pages.left_out import (
    FURNITURE,
    HIDDEN,
    TITLE,
    LeftOut,
    Part,
    left_out,
    page_parts,
    replaced,
)
from tasks.pages.model import kind_weights, min_score, name_weights, text_scores
from tasks.pages.neighbours import with_what_joins
from tasks.pages.set_aside import set_aside
from tasks.writing.measures import ends_sentence, is_body_line

#: A page as likely as this is taken for a forum.
_MIN_FORUM = 0.5
_FORUM = KINDS.index("forum")
#: Trafilatura's own least size of an extraction; below it trafilatura is asked.
_MIN_TEXT_CHARS = 250
#: Where trafilatura finds no article it gives all that stands on a page in one line; if so much of
#: it is ours, the rest is its title, menu and date.
_MIN_SHARE_OF_HEAP = 0.5
#: Lines of a page whose text has not come: who made it, and what it needs.
_NOTICE = re.compile(
    r"©|\(c\)\s*(?:19|20)\d\d|(?<![a-z])java\s?script(?![a-z])|\ball rights reserved\b"
    r"|^\W*(?:loading|please wait|redirecting|just a moment|wird geladen|bitte warten|chargement"
    r"|cargando|caricamento|carregando|laden|загрузка|завантаження|yükleniyor|ładowanie"
    r"|読み込み中|加载中|載入中|로딩|جار)\b",
    re.IGNORECASE,
)
#: What servers, firewalls and forms say in place of a page.
_FAILURE = re.compile(
    r"^\W*(?:error\W*|http\W*)?(?:40[0-9]|410|429|50[0-4])\b.{0,40}$"
    r"|\bpage (?:not found|you (?:are looking|were looking|requested)|does ?n[o']t exist)"
    r"|\b(?:access denied|bad gateway|service unavailable|internal server error|ddos protection)\b"
    r"|\b(?:ray id|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|captcha)\b"
    r"|\b(?:not|being|browser will|be) redirect(?:ed)?\b|allow up to \d+ seconds"
    r"|forgot(?:ten)? (?:your |my )?password|passwort vergessen|mot de passe oublié"
    r"|olvid\w+ (?:tu |su |la )?contraseña|esquec\w+ (?:sua |a )?senha|забыли пароль"
    r"|password dimenticata|wachtwoord vergeten|nie pamiętasz hasła|şifremi unuttum"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|pagina non trovata"
    r"|página no (?:encontrada|existe)|página não (?:encontrada|existe)|pagina niet gevonden"
    r"|strona nie (?:została znaleziona|istnieje)|stránka nebyla nalezena|sidan hittades inte"
    r"|страниц\w+ не (?:найдена|существует)|сторінку не знайдено|sayfa bulunamadı"
    r"|ページが見つかりません|页面不存在|找不到(?:该|此)?页面|找不到網頁|페이지를 찾을 수 없"
    r"|الصفحة غير موجودة|صفحه مورد نظر یافت نشد|trang không tồn tại|halaman tidak ditemukan"
    r"|redirigid[oa] automáticamente|redirigée? automatiquement|automatisch weitergeleitet"
    r"|автоматически перенаправ|automatycznie przekierowan|otomatik olarak yönlendiril"
    r"|自動的に(?:移動|転送|切り替わ)|自动跳转|自動跳轉",
    re.IGNORECASE,
)
_MAX_NOTICE_CHARS = 200
_WORD = re.compile(r"\w+")
_TITLES = "//h1|//head/title|//meta[@property='og:title']"
#: The parent only is looked at: elements may be nested 200,000 deep.
_PIECES = etree.XPath(
    "//text()[not(parent::script or parent::style or parent::title)]", smart_strings=False
)
#: Rules of tables, which trafilatura writes in Markdown.
_TABLE_RULE = re.compile(r"[|\s:-]+")
#: Marks of what nobody reads in a fragment.
_UNREAD = marked("hidden", "nav", "button")
_IS_HIDDEN = marked("hidden")
#: Words in the names that mail programs give to what they quote, and to signatures.
_QUOTING = frozenset({"quote", "quoted", "rply", "appendonsend"})
_SIGNING = frozenset({"signature"})
_SIGNS = Part("--", None)
#: A tag of a thousand attributes or more, up to where they end: libxml2 walks over all before each,
#: so that a megabyte of them takes it a minute. Real tags have some ten; these lose theirs.
_TOO_MANY_ATTRIBUTES = re.compile(
    r"(?P<tag><[a-zA-Z][^\s/<>]*+)(?=[\s/])(?:[\s/]*+=?+[^\s/>=]++"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?+){1000,}+"
)
_PARSER = lxml_html.HTMLParser(
    collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True
)

# Trafilatura warns of each page without text; here that page becomes a row of `rejects`.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def parse_page(html: str) -> HtmlElement | None:
    """Return the tree of a page or fragment; None if there is nothing in it.

    Raises:
        LxmlError: The parser fails.
    """
    html = _TOO_MANY_ATTRIBUTES.sub(r"\g<tag>", html)
    try:
        return lxml_html.document_fromstring(html.encode(errors="replace"), parser=_PARSER)
    except etree.ParserError:  # an empty document
        return None


def main_text(tree: HtmlElement) -> "Page":
    """Return the main text without the title; an empty page if there is none.

    Args:
        tree: The page. It is taken apart.

    Raises:
        LxmlError, RecursionError, ValueError: What trafilatura raises on a page gone wrong.
    """
    titles = page_titles(tree)
    title_words = {_words(title) for title in titles} - {()}
    parts, literal = _parts_of_markup(tree, titles, lambda text: _words(text) in title_words)
    lines = [part.text for part in parts if part.reason is None]
    title = None
    if sum(map(len, lines)) < _MIN_TEXT_CHARS:
        data = embedded_article(tree)  # trafilatura takes the scripts away
        best = _fuller(lines, data.lines, _lines_of_trafilatura(tree))
        if _is_of_failure(titles, best):
            best = []
        parts = replaced(parts, best)
        if data.title and best is data.lines:
            title = data.title
            title_words.add(_words(title))
    return replace(_page(_without_head(parts, title_words), literal), title=title)


def _without_head(parts: list[Part], title_words: set[tuple[str, ...]]) -> list[Part]:
    """Return the parts of a page, the title, byline and date before its text left out."""
    found = list(parts)
    kept = [position for position, part in enumerate(parts) if part.reason is None]
    for position in kept[:-1]:
        text = parts[position].text
        if _words(text) in title_words:
            found[position] = Part(text, TITLE)
        elif _tells_of_text(text):
            found[position] = Part(text, FURNITURE)
        else:
            break
    return found


def _tells_of_text(line: str) -> bool:
    """Return whether a line says who wrote a text, or when, and is no sentence of it."""
    return not ends_sentence(line) and (is_byline(line) or is_dateline(line))


def _page(parts: Sequence[Part], literal: frozenset[str]) -> "Page":
    lines = tuple(part.text for part in parts if part.reason is None)
    return Page(lines, literal, left_out(parts))


def fragment_text(tree: HtmlElement) -> "Page":
    """Return all text of a fragment: who wrote it into a field chose it, furniture and all."""
    blocks = page_blocks(tree).blocks
    return _page([Part(block.line, _unread(block)) for block in blocks], _literal(blocks))


def mail_text(tree: HtmlElement) -> "Page":
    """Return all text of an e-mail, quotations and signatures marked as in plain text."""
    blocks = page_blocks(tree).blocks
    parts: list[Part] = []
    for block in blocks:
        around = elements_around(block.element)
        names = {name for element in around for name in element.names}
        is_quoted = any(element.tag == "blockquote" for element in around) or names & _QUOTING
        reason = _unread(block)
        if reason is None and names & _SIGNING and not is_quoted and _SIGNS not in parts:
            parts.append(_SIGNS)
        text = f"> {block.text}" if is_quoted and reason is None else block.text
        parts.append(Part(text, reason))
    return _page(parts, _literal(blocks))


def _unread(block: Block) -> str | None:
    """Return why a block of a fragment is left out; None: it is text."""
    marks = block.element.marks & _UNREAD
    if not marks:
        return None
    return HIDDEN if marks & _IS_HIDDEN else FURNITURE


def _literal(blocks: Iterable[Block]) -> frozenset[str]:
    return frozenset(block.line for block in blocks if block.has_entity)


def _fuller(lines: list[str], data: list[str], lines_of_trafilatura: list[str]) -> list[str]:
    """Return the best lines of a page with hardly any text; none if all are labels and notices.

    Args:
        lines: What its blocks say.
        data: What its scripts hold. It is of another thing if it lacks the text that is shown.
        lines_of_trafilatura: What trafilatura makes of it.
    """
    shown = [line for line in lines if is_text(line)]
    written = " ".join(data)
    if data and all(line in written for line in shown):
        return data
    others = lines_of_trafilatura if any(map(is_text, lines_of_trafilatura)) else []
    if _is_heap_of(lines, others):
        others = []
    best = max(lines, others, key=lambda found: sum(map(len, found)))
    return best if any(map(_is_no_notice, best)) else []


def _is_heap_of(lines: list[str], others: list[str]) -> bool:
    """Return whether others are one line of lines and not much besides: their title and date."""
    if len(others) != 1 or not all(line in others[0] for line in lines):
        return False
    return sum(map(len, lines)) >= _MIN_SHARE_OF_HEAP * len(others[0])


def is_text(line: str) -> bool:
    """Return whether a line is running text, and no notice of the program or the publisher."""
    return is_body_line(line) and _is_no_notice(line)


def _is_no_notice(line: str) -> bool:
    is_long = len(line) > _MAX_NOTICE_CHARS
    return is_long or (_NOTICE.search(line) is None and not _tells_failure(line))


def _is_of_failure(titles: Iterable[str], lines: Sequence[str]) -> bool:
    """Return whether a page without running text says that it could not be shown."""
    needs = (line for line in lines if ends_sentence(line) and not _is_no_notice(line))
    is_said = any(map(_tells_failure, (*titles, *lines))) or any(needs)
    return is_said and not any(map(is_text, lines))


def _tells_failure(line: str) -> bool:
    return len(line) <= _MAX_NOTICE_CHARS and _FAILURE.search(line) is not None


def page_titles(tree: HtmlElement) -> set[str]:
    """Return the titles of a page, case-folded: its own, its first heading and its Open Graph."""
    titles = (element.get("content") or element.text_content() for element in tree.xpath(_TITLES))
    return {" ".join(title.split()).casefold() for title in titles} - {""}


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _parts_of_markup(
    tree: HtmlElement, titles: set[str], is_title: Callable[[str], bool]
) -> tuple[list[Part], frozenset[str]]:
    """Return the text of a page, and which lines of it are literal.

    Its boxes are left out, unless nothing else is text. What is left out for good is taken from
    the tree.
    """
    likely = kind_probabilities(hints_of(tree), kind_weights())
    consent, others = set_aside(tree, is_forum=likely[_FORUM] > _MIN_FORUM)
    kinds = {**consent, **others}
    page, kept = _judged(tree, titles, kinds, likely)
    if others and not _is_any_text(page.blocks, kept):
        alone = _judged(tree, titles, consent, likely)
        if _is_any_text(alone[0].blocks, alone[1]):
            (page, kept), others = alone, {}
    parts = page_parts(page, kept, kinds, is_title)
    for node in (*consent, *others):
        node.drop_tree()
    return parts, _literal(compress(page.blocks, kept))


def _is_any_text(blocks: Sequence[Block], kept: Sequence[bool]) -> bool:
    return any(is_text(block.text) for block in compress(blocks, kept))


def _judged(
    tree: HtmlElement, titles: set[str], aside: Collection[HtmlElement], likely: Matrix
) -> tuple[PageBlocks, list[bool]]:
    """Return the blocks of a page, and which are likely main text."""
    page = page_blocks(tree, aside)
    features = block_features(page.blocks, page.elements, titles, name_weights(), likely)
    scores = text_scores(features)
    least = min_score(page.blocks, scores)
    return page, with_what_joins(page.blocks, [score >= least for score in scores.tolist()])


def _lines_of_trafilatura(tree: HtmlElement) -> list[str]:
    options = Extractor(output_format="python", fast=True, comments=False, dedup=False)
    document = trafilatura.bare_extraction(tree, options=options)
    text = document.text or "" if isinstance(document, Document) else ""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not _TABLE_RULE.fullmatch(line)]


#: What parsing a page gone wrong raises: lxml's own errors (XPath, serialisation), deep nesting,
#: and values that trafilatura's converters cannot take.
_PAGE_FAILURES = (LxmlError, RecursionError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page's main text; none: it has no main text.

    `literal` are those with code in which an entity is meant as it stands; `left_out` is the rest.
    `title` is the headline that the data of a page holds beside its text.
    """

    lines: tuple[str, ...]
    literal: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()
    title: str | None = None


EMPTY_PAGE = Page(())


def parsed_page(html: str) -> HtmlElement | None:
    """Return the tree of a page or fragment; None if nothing can be made of it."""
    try:
        return parse_page(html)
    except _PAGE_FAILURES:
        return None


def read_page(page: str | HtmlElement) -> Page:
    """Return the main text of a page; an empty page if nothing can be made of it.

    Args:
        page: Its markup, or the tree of it, which is taken apart: read its metadata before.
    """
    tree = parsed_page(page) if isinstance(page, str) else page
    return _read(tree, main_text)


def read_fragment(markup: str, *, is_mail: bool = False) -> Page:
    """Return all text of a fragment of HTML; an empty page if nothing can be made of it."""
    return _read(parsed_page(markup), mail_text if is_mail else fragment_text)


def read_dense(markup: str) -> Page:
    """Return all text of a page of very many elements, a line for each piece of it.

    Nothing is asked of its elements: an empty page if nothing can be made of it.
    """
    return _read(parsed_page(markup), _pieces)


def _pieces(tree: HtmlElement) -> Page:
    pieces = (" ".join(piece.split()) for piece in _PIECES(tree))
    return Page(tuple(piece for piece in pieces if piece))


def _read(tree: HtmlElement | None, text_of: Callable[[HtmlElement], Page]) -> Page:
    try:
        return EMPTY_PAGE if tree is None else text_of(tree)
    except _PAGE_FAILURES:
        return EMPTY_PAGE
