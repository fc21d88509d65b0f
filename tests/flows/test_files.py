"""The server shows reports and tables of published releases, and nothing else of the disk."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from flows.serving.files import show
from flows.serving.links import HOME, PLACE, link_release

_POLICY = "Content-Security-Policy"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The folder of a release, with a report, a table and a file that nobody is to see."""
    folder = tmp_path / "store" / "releases" / "abc"
    (folder / "documents").mkdir(parents=True)
    (folder / "report.html").write_text("<p>report</p>", "utf-8")
    (folder / "documents" / "part-00000.parquet").write_bytes(b"PAR1")
    (folder / "documents" / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "store" / "secret.parquet").write_bytes(b"secret")
    return folder


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    monkeypatch.delenv("PREFECT_SERVER_API_AUTH_STRING", raising=False)
    return TestClient(Starlette(routes=[Route(f"{PLACE}/{{path:path}}", show)]))


def test_a_linked_release_has_a_list_a_report_and_its_tables(
    client: TestClient, release: Path
) -> None:
    assert client.get(f"{PLACE}/abc/").status_code == 404
    place = link_release(release)
    assert place == f"{PLACE}/abc/"
    listing = client.get(place)
    assert 'href="report.html"' in listing.text
    assert 'href="documents/part-00000.parquet"' in listing.text
    assert "secret" not in listing.text
    assert client.get(f"{place}report.html").text == "<p>report</p>"
    assert client.get(f"{place}documents/part-00000.parquet").content == b"PAR1"


def test_what_is_sent_is_an_origin_of_its_own_and_may_ask_for_nothing(
    client: TestClient, release: Path
) -> None:
    place = link_release(release)
    for path in ("", "report.html", "documents/part-00000.parquet", "nothing"):
        policy = client.get(f"{place}{path}").headers[_POLICY]
        assert policy.startswith("sandbox ")
        assert "allow-same-origin" not in policy
        assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    "path",
    [
        *("abc/documents/secret.txt", "abc/../../store/secret.parquet", "..", "../prefect.db"),
        *("abc/%2e%2e/%2e%2e/secret.parquet", "abc/documents/", "", ".hidden/report.html"),
        *("abc/documents/%2e%2e/%2e%2e/secret.parquet", "x/report.html", "abc/.x/a.parquet"),
    ],
)
def test_nothing_else_is_shown(client: TestClient, release: Path, path: str) -> None:
    link_release(release)
    answer = client.get(f"{PLACE}/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_with_a_password_nothing_is_shown_without_it(
    client: TestClient, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = link_release(release)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "name:wörd")
    for auth in (None, ("name", "guess")):
        answer = client.get(f"{place}report.html", auth=auth)
        assert (answer.status_code, "report" in answer.text) == (401, False)
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert (
        client.get(f"{place}report.html", headers={"Authorization": "Basic ?"}).status_code == 401
    )
    assert client.get(f"{place}report.html", auth=("name", "wörd")).status_code == 200


def test_without_a_server_of_ours_nothing_is_linked(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME, raising=False)
    assert link_release(release) is None
