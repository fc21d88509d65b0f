"""Receive what a webhook is sent, on this machine."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver:
    """An address, and the JSON that was posted to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.posts: list[dict[str, str]] = []


@contextmanager
def receiving() -> Iterator[Receiver]:
    posts: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/")
    receiver.posts = posts
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
