"""Leave no run that seems to go on when its process cannot."""

import os

import httpx

from flows.serving.deployments import POOL

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
    with httpx.Client(base_url=f"{server}/api", auth=auth) as client:
        runs = _going_on(client, {}, {"work_pools": {"name": {"any_": [POOL]}}})
        runs += _going_on(client, {"parent_flow_run_id": {"any_": runs}}, {})
        for run in runs:
            client.post(f"/flow_runs/{run}/set_state", json={"state": state, "force": True})


def _going_on(client: httpx.Client, run: dict[str, object], other: dict[str, object]) -> list[str]:
    asked = {"flow_runs": {"state": {"type": {"any_": _GOING_ON}}, **run}, **other}
    found = client.post("/flow_runs/filter", json=asked).raise_for_status().json()
    return [str(one["id"]) for one in found]
