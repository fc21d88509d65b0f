"""Check what of a page is not its article, and what looks like it and is."""

import pytest

from tasks.pages.page import read_page

ARTICLE = (
    "The city council agreed on Tuesday to rebuild the old ferry landing, which has been closed"
    " since a storm tore away half of its timber deck two winters ago.",
    "Work is due to start in March and should take eleven months; until then passengers will keep"
    " using the temporary pontoon near the fish market.",
    "Engineers found that forty of the sixty piles can be kept, which brings the estimate down from"
    " nine to six million euros.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE)
HEADLINE = "<h1>Ferry landing to be rebuilt</h1>"
OTHER = "None of this is what the page is about, though it is a whole sentence of some length."
COMMENTS = "".join(
    f"<div class=c{n}><b>oar</b> <time>{n} March 2024</time><p>{OTHER} {n}.</p></div>"
    for n in (1, 2, 3)
)
COOKIES = (
    "<h2>Ihre Privatsphäre</h2><p>Wir und unsere Partner verwenden auf dieser Seite Cookies, um"
    " Ihnen passende Inhalte zu zeigen.</p><button>Alle akzeptieren</button>"
)


def page(body: str) -> str:
    """Return a page with a menu and a footer around its body."""
    return (
        "<html lang=en><head><title>Ferry landing to be rebuilt</title></head><body><nav><ul><li>"
        f"<a href=/>Home</a></li><li><a href=/w>World</a></li></ul></nav>{body}<footer><p>"
        "© 2024 The Harbour Gazette. All rights reserved.</p></footer></body></html>"
    )


def lines(body: str) -> tuple[str, ...]:
    """Return what is read of a page with this body."""
    return read_page(page(body)).lines


@pytest.mark.parametrize(
    "beside",
    [
        f"<div class='modal gdpr'>{COOKIES}</div>",
        f"<div role=dialog>{COOKIES}</div>",
        f"<div class=x9>{COOKIES}</div>",
        f"<dialog open><p>{OTHER}</p></dialog>",
        f"<div hidden><p>{OTHER}</p></div>",
        f"<div style='display: none'><p>{OTHER}</p></div>",
        f"<section id=kommentare>{COMMENTS}</section>",
        f"<div class='comment-list'>{COMMENTS}</div>",
        f"<h2>Comments (3)</h2>{COMMENTS}",
        f"<div><h3>Комментарии</h3></div>{COMMENTS}",
    ],
)
def test_what_stands_in_a_box_beside_the_article_is_left_out(beside: str) -> None:
    assert lines(f"<main>{HEADLINE}{TEXT}{beside}</main>") == ARTICLE


@pytest.mark.parametrize(
    "box",
    [
        "<div class=paywall><h2>Subscribe to continue reading</h2><p>Get unlimited access to every"
        " story for one euro in the first month.</p></div>",
        "<section><h3>Jetzt weiterlesen mit Plus</h3><p>Sie sind bereits Abonnent? Dann melden Sie"
        " sich hier an.</p><button>Testen</button></section>",
        "<h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in here.</p>",
    ],
)
def test_a_box_that_asks_for_payment_is_left_out(box: str) -> None:
    assert lines(f"<article>{HEADLINE}{TEXT}{box}</article>") == ARTICLE


def test_what_is_to_be_paid_for_is_text() -> None:
    paid = f"<p>{ARTICLE[0]}</p><div class=paywall><p>{ARTICLE[1]}</p><p>{ARTICLE[2]}</p></div>"
    assert lines(f"<article>{HEADLINE}{paid}</article>") == ARTICLE


def test_an_article_that_speaks_of_cookies_is_read() -> None:
    cookies = (
        "The court held that the site may not set cookies without asking; we use cookies, said the"
        " publisher, only to count readers."
    )
    assert lines(f"<main>{HEADLINE}<p>{cookies}</p>{TEXT}</main>") == (cookies, *ARTICLE)


def test_a_policy_on_cookies_is_read() -> None:
    policy = "We use cookies to keep you logged in, and to remember how you like to read our pages."
    assert policy in lines(f"<div class=cookie-policy>{HEADLINE}<p>{policy}</p></div>")


def test_comments_are_text_where_nothing_else_is() -> None:
    assert f"{OTHER} 1." in lines(f"<main>{HEADLINE}<h2>Comments (3)</h2>{COMMENTS}</main>")


def test_comments_are_text_of_a_forum() -> None:
    forum = f"<div itemtype='https://schema.org/DiscussionForumPosting'>{TEXT}</div>"
    thread = f"<div class=comments>{COMMENTS}</div>"
    assert f"{OTHER} 1." in lines(f"<main>{HEADLINE}{forum}{thread}</main>")


@pytest.mark.parametrize(
    "container",
    [
        "<aside>{}</aside>",
        "<details>{}</details>",
        "<dialog open>{}</dialog>",
        "<form>{}</form>",
        "<table><tr><td>{}</table>",
        "<div class=modal>{}</div>",
        "<div style='display:none'>{}</div>",
        "<div class=sidebar>{}</div>",
        "<footer>{}</footer>",
    ],
)
def test_an_article_in_an_odd_container_is_read(container: str) -> None:
    assert lines(container.format(HEADLINE + TEXT)) == ARTICLE


@pytest.mark.parametrize(
    "section",
    [
        "<div class=accordion><h3>{0}</h3><div hidden><p>{1}</p></div></div>",
        "<details><summary>{0}</summary><p>{1}</p></details>",
        "<h3>{0}</h3><div style='display:none'><p>{1}</p></div>",
        "<div role=tabpanel hidden><h3>{0}</h3><p>{1}</p></div>",
        "<button aria-expanded=false>{0}</button><div hidden><p>{1}</p></div>",
    ],
)
def test_what_unfolds_is_text(section: str) -> None:
    sections = "".join(section.format(f"Part {n}", text) for n, text in enumerate(ARTICLE))
    assert set(ARTICLE) <= set(lines(f"<main>{HEADLINE}{sections}</main>"))


def test_headings_are_kept_with_the_text_below_and_not_without() -> None:
    body = (
        f"<main>{HEADLINE}<p>{ARTICLE[0]}</p><h2>Work</h2><p>{ARTICLE[1]}</p><h2>Costs</h2>"
        f"<p>{ARTICLE[2]}</p><h2>Read on</h2><ul><li><a href=/a>A storm</a></ul></main>"
    )
    assert lines(body) == (ARTICLE[0], "Work", ARTICLE[1], "Costs", ARTICLE[2])


def test_marks_of_notes_are_no_text_and_powers_are() -> None:
    noted = "It was built of basalt<sup><a href='#n1'>[1]</a></sup> on 3 km<sup>2</sup> of ground."
    assert "It was built of basalt on 3 km2 of ground." in lines(
        f"<main>{HEADLINE}{TEXT}<p>{noted}</p>{TEXT.replace('the', 'a')}</main>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<div id=app><p>Loading…</p><noscript>You need to enable JavaScript.</noscript></div>",
        "<div id=root></div><noscript><p>We are sorry, but this does not work without JavaScript."
        "</p></noscript>",
        f"<div id=root></div><div class=cookie-banner>{COOKIES}</div>",
        "<div id=root></div><noscript>このサイトを表示するにはJavaScriptを有効にしてください。</noscript>",
        "<h1>403 Forbidden</h1><hr><center>nginx/1.18.0</center>",
        "<h1>404</h1><p>The page you are looking for does not exist.</p><a href=/>Back to home</a>",
        "<h1>Fehler</h1><p>Die Seite wurde nicht gefunden.</p><p>Zur Startseite</p>",
        "<p>This process is automatic. Your browser will redirect to your content shortly.</p>"
        "<p>Please allow up to 5 seconds…</p><p>DDoS protection by Guard</p><p>Ray ID: 7f3a</p>",
        "<form><h1>Anmelden</h1><label>E-Mail</label><a href=/x>Passwort vergessen?</a></form>",
        "<p>Si no es redirigido automáticamente, haga clic <a href=/x>aquí</a>.</p>",
    ],
)
def test_a_page_of_menus_and_notices_has_no_main_text(body: str) -> None:
    assert lines(body) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The harbour office answers to everybody who asks why the page was not found last week.",
        "The captain says that he will not be redirected to another harbour in any storm.",
    ],
)
def test_a_short_text_that_speaks_of_a_failure_is_text(text: str) -> None:
    body = f"<main><p>{text}</p><p>The ferry leaves at seven from the old fish market.</p></main>"
    assert lines(body)
