"""Serve three feeds on this machine, in three languages; another day has more, and one may be gone."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

#: A paragraph of each language; a street, a number of flats and an amount make another of it.
_PARAGRAPHS = {
    "en": "The council decided on Monday to build {flats} flats in {street} Street, said Anna "
    "Keller, who leads the building office. The work begins in spring and costs {amount} million "
    "euros. Neighbours had asked for a park in the same place, and will be heard once more.",
    "fr": "Le conseil a décidé lundi de construire {flats} logements rue {street}, a déclaré Paul "
    "Martin, le directeur des travaux. Le chantier commence au printemps et coûte {amount} "
    "millions d'euros. Les voisins demandaient un parc à cet endroit et seront encore entendus.",
    "ru": "Городской совет решил в понедельник построить {flats} квартир на улице {street}, "
    "сообщила Ольга Петрова. Работы начнутся весной и обойдутся в {amount} миллионов евро. "
    "Соседи просили разбить на этом месте парк, и их выслушают ещё раз.",
}
_STREETS = ("Goethe", "Hugo", "Chekhov", "Dante", "Austen", "Ibsen", "Cervantes", "Pessoa", "Woolf")


class Feeds:
    """Addresses of feeds; how many articles each has, and which are gone."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.articles = 4
        self.gone: set[str] = set()


@contextmanager
def three_feeds() -> Iterator[Feeds]:
    """Serve a feed for each language, each on a port of its own."""
    feeds = Feeds()
    with ExitStack() as stack:
        for language in _PARAGRAPHS:
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(feeds, language))
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            feeds.addresses[language] = f"http://127.0.0.1:{server.server_port}/feed.xml"
        yield feeds


def _handler(feeds: Feeds, language: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            root = feeds.addresses[language].removesuffix("/feed.xml")
            pages = {f"/{number}.html": _page(language, number) for number in range(feeds.articles)}
            pages["/feed.xml"] = _feed([f"{root}{path}" for path in pages])
            if language in feeds.gone or self.path not in pages:
                self.send_error(404)
                return
            body = pages[self.path].encode()
            kind = "application/rss+xml" if self.path == "/feed.xml" else "text/html"
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _feed(links: list[str]) -> str:
    items = "".join(f"<item><title>News</title><link>{link}</link></item>" for link in links)
    channel = f"<channel><title>News</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'


def _page(language: str, number: int) -> str:
    """Return a page with an article that no other repeats."""
    street, chance = _STREETS[number % len(_STREETS)], Random(f"{language} {number}")
    text = _PARAGRAPHS[language].format(
        street=street, flats=chance.randrange(20, 900), amount=number + 3
    )
    return (
        f'<html lang="{language}"><head><title>{street}</title></head>'
        f"<body><article><h1>{street}, {number + 3}</h1><p>{text}</p></article></body></html>"
    )
