"""The settings of Prefect that a build wants, and the server that it starts for itself."""

import pytest
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.environment import prefect_server
from flows.errors import ServerFailed


def test_a_temporary_server_that_does_not_start_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: SubprocessASGIServer) -> None:
        raise RuntimeError("timed out")

    monkeypatch.setattr(SubprocessASGIServer, "start", fail)
    with (
        temporary_settings({PREFECT_API_URL: None}),
        pytest.raises(ServerFailed, match=r"PREFECT_HOME \(.+PREFECT_API_URL.+timed out"),
        prefect_server(),
    ):
        pass


def test_a_server_that_is_configured_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(SubprocessASGIServer, "start")
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}), prefect_server():
        assert PREFECT_API_URL.value() == "http://127.0.0.1:1/api"
