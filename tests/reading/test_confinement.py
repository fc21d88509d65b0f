"""What may be read and written is confined by the environment of the process that builds."""

import http.server
import ipaddress
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.build import build, refuse_unusable_settings, unchanged_release
from tasks.reading import confinement, remote
from tasks.reading.confinement import NotAllowed, is_public, refuse_address, refuse_outside
from tasks.reading.source import list_source
from tasks.releases.releases import UnknownRelease, find_release, read_release
from tasks.settings import Settings
from tasks.steps.store import Store
from tasks.stores import open_store
from tests.making.pipeline import PlainRunner
from tests.making.reports import RELEASE


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an open root `in`, a closed folder `out`, and links from one to the other."""
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("Text.", "utf-8")
    (tmp_path / "in/link").symlink_to(tmp_path / "out")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "out/a.txt")
    (tmp_path / "back").symlink_to(tmp_path / "in")
    value = os.pathsep.join([str(tmp_path / "in"), "s3://bucket/data", str(tmp_path / "more")])
    monkeypatch.setenv(confinement.ROOTS, value)
    return tmp_path


@pytest.mark.parametrize(
    "source",
    ["in", "in/a.txt", "in/*.txt", "in/**/*.txt", "out/../in", "back", "back/a.txt", "s3://bucket/data/x"],
)  # fmt: skip
def test_a_source_within_the_roots_is_allowed(source: str, roots: Path) -> None:
    refuse_outside(source if "://" in source else roots / source, "source")
    if "://" not in source:
        assert list_source(str(roots / source)).files


@pytest.mark.parametrize(
    "source",
    ["out", "out/a.txt", "in/../out", "in/link", "in/link.txt", "in/link/*.txt", "", "../*", "o*/a.txt",
     "inside", "file:{}/out"],
)  # fmt: skip
def test_a_source_outside_is_refused_links_resolved(source: str, roots: Path) -> None:
    named = f"file://{roots}/out" if source.startswith("file:") else str(roots / source)
    with pytest.raises(NotAllowed, match=r"the source .+ lies outside of what BABELMILL_ROOTS"):
        list_source(named)


@pytest.mark.parametrize(
    "source", ["s3://bucket", "s3://bucket/database", "s3://bucket/data/../x", "s3://other/data/*"]
)
def test_an_address_outside_is_refused(source: str, roots: Path) -> None:
    with pytest.raises(NotAllowed, match="lies outside"):
        list_source(source)


def test_a_link_in_a_source_leads_to_nothing_outside(roots: Path) -> None:
    listing = list_source(str(roots / "in"))
    assert [file.uri for file in listing.files] == ["a.txt"]
    assert {(r.source_uri, r.reason) for r in listing.rejections} == {
        ("link", "outside_source"), ("link.txt", "outside_source"),
    }  # fmt: skip


@pytest.mark.parametrize("store", ["out/store", "in/link/store", "in/../store"])
def test_a_store_outside_is_refused_before_anything_is_written(store: str, roots: Path) -> None:
    source, settings = str(roots / "in/a.txt"), Settings()
    for use in (
        lambda: build(source, roots / store, settings, PlainRunner()),
        lambda: unchanged_release(source, roots / store, settings),
        lambda: open_store(roots / store),
    ):
        with pytest.raises(NotAllowed, match=r"the store .+ lies outside"):
            use()
    assert not (roots / "out/store").exists()
    assert not (roots / "store").exists()


@pytest.mark.parametrize(
    "group", [("entities", "models"), ("resolve", "alias_table"), ("resolve", "knowledge_base")]
)
def test_a_file_that_settings_name_is_confined_too(group: tuple[str, str], roots: Path) -> None:
    name, key = group
    settings = Settings.model_validate({name: {key: str(roots / "out/a.txt")}})
    with pytest.raises(NotAllowed, match=r"the file of the settings .+ lies outside"):
        refuse_unusable_settings(settings)
    refuse_unusable_settings(Settings())


def test_the_name_of_a_release_leads_out_of_no_store(tmp_path: Path) -> None:
    (tmp_path / "in/releases").mkdir(parents=True)
    outside = RELEASE.model_copy(update={"release_id": "../../out"})
    (tmp_path / "out.json").write_text(outside.model_dump_json(), "utf-8")
    for name in ("../../out", str(tmp_path / "out"), "", ".", ".."):
        assert find_release(Store(tmp_path / "in"), name) is None
        with pytest.raises(UnknownRelease):
            read_release(Store(tmp_path / "in"), name or "/")


def test_a_dask_scheduler_must_be_among_the_roots(roots: Path) -> None:
    with pytest.raises(NotAllowed, match="the Dask scheduler tcp"):
        refuse_outside("tcp://elsewhere:8786", "Dask scheduler")


@pytest.mark.parametrize(
    "address",
    ["http://example.com/a.txt", "https://example.com", "local:///etc", "FILE+X://a", "ftp://example.com/x",
     "github://a:b@c/", "memory://x", "zip://a", "reference://x", "jlab://x"],
)  # fmt: skip
def test_only_object_stores_are_read_unless_more_is_allowed(address: str) -> None:
    with pytest.raises(NotAllowed, match="BABELMILL_PROTOCOLS allows others"):
        list_source(address)


@pytest.mark.parametrize("address", ["s3://b/x", "gs://b/x", "abfss://c/x"])
def test_object_stores_are_allowed(address: str) -> None:
    refuse_address(address)


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("169.254.169.254", False), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False),
        ("172.16.0.1", False), ("100.100.100.200", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("168.63.129.16", False), ("192.0.0.192", False), ("::1", False), ("fd00:ec2::254", False),
        ("fe80::1%eth0", False), ("::ffff:169.254.169.254", False), ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False), ("::", False), ("ff02::1", False), ("fec0::1", False), ("240.0.0.1", False),
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True), ("64:ff9b::5db8:d822", True),
    ],
)  # fmt: skip
def test_only_public_addresses_are_public(ip: str, expected: bool) -> None:
    assert is_public(ip) == expected


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[fd00:ec2::254]", "localhost", "127.1", "2130706433", "0x7f000001", "0",
     "[::ffff:10.0.0.1]", "inside.example", "user@10.0.0.1"],
)  # fmt: skip
@pytest.mark.parametrize("protocol", ["http", "https", "sftp"])
def test_no_private_host_is_reached(
    host: str, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(confinement.PROTOCOLS, "http,https, sftp")
    _resolve(monkeypatch, {"inside.example": ["93.184.216.34", "10.0.0.7"]})
    with pytest.raises(NotAllowed, match="is no public address"):
        list_source(f"{protocol}://{host}/x")
    monkeypatch.setenv(confinement.PRIVATE_HOSTS, "1")
    refuse_address(f"{protocol}://{host}/x")


def test_a_host_with_public_addresses_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(confinement.PROTOCOLS, "https")
    _resolve(monkeypatch, {"outside.example": ["93.184.216.34"]})
    refuse_address("https://outside.example/x")


def _resolve(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> None:
    """Let names have addresses, and leave other hosts to the system."""
    system = socket.getaddrinfo

    def resolved(host: str, port: object, **more: object) -> list[object]:
        if host not in names:
            return list(system(host, port, **more))  # type: ignore[arg-type]
        return [(2, 1, 6, "", (ip, 0)) for ip in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


class _Redirecting(http.server.BaseHTTPRequestHandler):
    """Answers with a redirect to another loopback address, and there with a text."""

    seen: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        host = str(self.headers["Host"]).partition(":")[0]
        self.seen.append(host)
        self.send_response(200 if host == "127.0.0.2" else 302)
        port = str(self.headers["Host"]).partition(":")[2]
        self.send_header("Location", f"http://127.0.0.2:{port}/secret.txt")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def redirecting() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("", 0), _Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/a.txt"
        server.shutdown()


def test_a_redirect_to_a_private_host_is_not_followed(
    redirecting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("aiohttp")  # of the extra `http`
    monkeypatch.setenv(confinement.PROTOCOLS, "http")
    public = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr(confinement, "is_public", lambda ip: ipaddress.ip_address(ip) == public)
    with pytest.raises(NotAllowed, match="no public address"):
        remote.opened(redirecting).read()
    assert set(_Redirecting.seen) == {"127.0.0.1"}
