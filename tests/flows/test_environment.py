"""Check the settings of Prefect that a build wants, and the server that it starts for itself."""

import subprocess
import sys
from pathlib import Path
from typing import Any

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


def test_a_temporary_server_that_is_killed_while_it_starts_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; what starts in its place here answers only that it is well."""
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "health").touch()
    start = subprocess.Popen
    servers: list[subprocess.Popen[bytes]] = []

    def started(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        if command[0] == "sh":
            return start(command, **options)
        port = command[command.index("--port") + 1]
        stands = ["-m", "http.server", port, "--bind", "127.0.0.1", "--directory", str(tmp_path)]
        hangs = ["-c", "import time; time.sleep(600)"]
        servers.append(start([sys.executable, *(stands if servers else hangs)], stderr=-3))
        return servers[-1]

    with temporary_settings({PREFECT_API_URL: None}):
        server = TemporaryServer()
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "Popen", started)
            server.start()
            servers[0].kill()
            servers[0].wait()
            address = server.wait()
            assert (server.answers(), len(servers)) == (True, 2)
            servers[1].kill()
            servers[1].wait()
            assert (server.start_again(), server.answers()) == (False, False)
    assert address.startswith("http://127.0.0.1:")


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


def test_the_commands_are_there_before_anything_heavy_is_imported() -> None:
    """A build starts Prefect's server as soon as it knows what it is asked."""
    heavy = "{'polars', 'numpy', 'pyarrow', 'spacy', 'prefect'}"
    code = f"import sys, flows.cli; print(*({heavy} & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert ended.stdout.split() == []
