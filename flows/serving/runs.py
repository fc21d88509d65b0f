"""Leave no run that seems to go on when its process cannot."""

import os
import ssl
import time
from http import HTTPStatus

import httpx

from flows.serving.deployments import POOL

#: Whoever waits for all of it waits for less than a second (`flows.serving.processes`).
_TRIES, _PAUSE_SECONDS = 20, 0.05
_GOING_ON = ("RUNNING", "PENDING", "CANCELLING")
CANCELLED = {
    "type": "CANCELLED",
    "name": "Cancelled",
    "message": "The server was stopped. Retry goes on where this run was.",
}
CRASHED = {
    "type": "CRASHED",
    "name": "Crashed",
    "message": "The server ended while this ran. Retry goes on where this run was.",
}


def end_runs(server: str, state: dict[str, str]) -> None:
    """Give all runs of our worker, and those that they started, a state in which they end."""
    password = os.environ.get("PREFECT_API_AUTH_STRING")
    auth = httpx.BasicAuth(*password.split(":", 1)) if password else None
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # to load them takes half of it
    with httpx.Client(base_url=f"{server}/api", auth=auth, verify=no_certificates) as client:
        runs = _going_on(client, {}, {"work_pools": {"name": {"any_": [POOL]}}})
        runs += _going_on(client, {"parent_flow_run_id": {"any_": runs}}, {})
        for run in runs:
            _asked(client, f"/flow_runs/{run}/set_state", {"state": state, "force": True})


def _going_on(client: httpx.Client, run: dict[str, object], other: dict[str, object]) -> list[str]:
    asked = {"flow_runs": {"state": {"type": {"any_": _GOING_ON}}, **run}, **other}
    return [str(one["id"]) for one in _asked(client, "/flow_runs/filter", asked).json()]


def _asked(client: httpx.Client, path: str, body: dict[str, object]) -> httpx.Response:
    """Ask the server, again while SQLite is busy with another write, which it says by 503."""
    for _ in range(_TRIES):
        answer = client.post(path, json=body)
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(_PAUSE_SECONDS)
    return answer.raise_for_status()
