"""Serve sites on loopback that misbehave in every way that a collector must bear."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: A site without a name of its own in `Site.pages` answers these paths.
ENDLESS, DRIP, HEADERS, GARBAGE, CUT = "/endless", "/drip", "/headers", "/garbage", "/cut"


@dataclass
class Request:
    """A request that was answered."""

    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Reply:
    """What a path gives."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Sites:
    """Hosts that all are this server, what each path gives, and what was asked."""

    def __init__(self) -> None:
        #: By host and path; a function is called with the request.
        self.pages: dict[tuple[str, str], Reply | Callable[[Request], Reply]] = {}
        self.requests: list[Request] = []
        self.port = 0
        #: Where names lead; others lead here.
        self.addresses: dict[str, list[str]] = {}

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, host: str, path: str, text: str, **headers: str) -> str:
        """Give a page with a text at an address, which is returned."""
        html = f"<html><head><title>{path}</title></head><body><p>{text}</p></body></html>"
        kept = {"Content-Type": "text/html; charset=utf-8", **headers}
        self.pages[host, path] = Reply(html.encode(), headers=kept)
        return self.url(host, path)

    def feed(self, host: str, path: str, links: Sequence[str], etag: str | None = None) -> str:
        """Give an RSS feed with links at an address, which is returned."""
        items = "".join(f"<item><link>{link.replace('&', '&amp;')}</link></item>" for link in links)
        body = f"<rss><channel><link>{self.url(host, '/')}</link>{items}</channel></rss>".encode()
        tag = {} if etag is None else {"ETag": etag}
        self.pages[host, path] = Reply(body, headers={"Content-Type": "application/rss+xml", **tag})
        return self.url(host, path)

    def asked(self, host: str | None = None) -> list[str]:
        """Return the paths that were asked for, robots.txt left out, in their order."""
        return [
            request.path
            for request in sorted(self.requests, key=lambda request: request.began)
            if host in {None, request.host} and request.path != "/robots.txt"
        ]

    def resolve(self, host: str, _port: int) -> list[str]:
        return self.addresses.get(host, ["127.0.0.1"])


def _handler(sites: Sites) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = self.headers.get("Host", "").partition(":")[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(host, self.path, headers, time.monotonic())
            sites.requests.append(request)
            with suppress(OSError):
                if self.path in _MISBEHAVING:
                    self.close_connection = True
                    _MISBEHAVING[self.path](self.connection)
                else:
                    self._reply(request)
            request.ended = time.monotonic()

        def _reply(self, request: Request) -> None:
            reply = sites.pages.get((request.host, self.path), Reply(status=404))
            if callable(reply):
                reply = reply(request)
            tag = reply.headers.get("ETag")
            changed = reply.headers.get("Last-Modified")
            if (tag and request.headers.get("if-none-match") == tag) or (
                changed and request.headers.get("if-modified-since") == changed
            ):
                reply = Reply(status=304, headers=reply.headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def _endless(connection: socket.socket) -> None:
    connection.sendall(_PAGE + b"\r\n")
    while True:
        connection.sendall(b"<p>more" * 2000)


def _drip(connection: socket.socket) -> None:
    connection.sendall(_PAGE + b"\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.01)


def _drip_headers(connection: socket.socket) -> None:
    connection.sendall(_PAGE)
    while True:
        connection.sendall(b"X-More: x\r\n")
        time.sleep(0.01)


def _garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01 this is no HTTP\r\n\r\n")


def _cut(connection: socket.socket) -> None:
    connection.sendall(_PAGE + b"Content-Length: 1000\r\n\r\n<p>half")


_MISBEHAVING: dict[str, Callable[[socket.socket], None]] = {
    ENDLESS: _endless,
    DRIP: _drip,
    HEADERS: _drip_headers,
    GARBAGE: _garbage,
    CUT: _cut,
}


def bomb(size_bytes: int) -> Reply:
    """Return a page that is a thousandth of its size, as it is sent."""
    page = b"<p>" + b"a" * size_bytes
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    return Reply(gzip.compress(page), headers=headers)


@contextmanager
def served(certificate: Path | None = None) -> Iterator[Sites]:
    """Serve sites until the context ends; with a certificate by TLS."""
    sites = Sites()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sites))
    server.daemon_threads = True
    server.block_on_close = False
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    sites.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield sites
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def self_signed(folder: Path, host: str) -> Path:
    """Write a certificate that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
