"""Check the settings of Prefect that a build wants, and the server that it starts for itself."""

import subprocess
import sys

import pytest
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    temporary_settings,
)

from flows.environment import TemporaryServer, prefect_server
from flows.errors import ServerFailed


def test_a_temporary_server_that_does_not_start_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = subprocess.Popen
    failing = [sys.executable, "-c", "raise SystemExit(9)"]
    monkeypatch.setattr(subprocess, "Popen", lambda _, **options: start(failing, **options))
    with (
        temporary_settings({PREFECT_API_URL: None}),
        pytest.raises(ServerFailed, match=r"exit 9.+PREFECT_HOME \(.+PREFECT_API_URL"),
        prefect_server(),
    ):
        pass


def test_a_temporary_server_is_sent_no_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    start = subprocess.Popen
    with temporary_settings({PREFECT_API_URL: None}):
        server = TemporaryServer()
        with monkeypatch.context() as patched:
            patched.setattr(
                subprocess, "Popen", lambda _, **options: start(waiting, **{**options, "stdin": -1})
            )
            server.start()
        monkeypatch.setattr(server, "wait", lambda: "http://127.0.0.1:1/api")
        with server.used():
            assert PREFECT_API_URL.value() == "http://127.0.0.1:1/api"
            assert PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() is None


def test_the_pool_of_workers_knows_no_prefect() -> None:
    code = "import sys, flows.pool; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_server_that_is_configured_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(subprocess, "Popen")
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}), prefect_server():
        assert PREFECT_API_URL.value() == "http://127.0.0.1:1/api"
