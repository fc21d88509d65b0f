"""Have Prefect's automations see runs that died, and tell somebody when something is wrong.

A person may pause an automation: it stays paused. What it does is said by `serve.toml`.
"""

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flows.outcomes import NOT_PUBLISHED, RELEASE_PUBLISHED
from flows.serving.blocks import notification_blocks
from flows.serving.settings import NotifySettings

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.events.schemas.automations import AutomationCore, EventTrigger

_DIED = "babelmill: a run died"
_FAILED = "babelmill: a run failed or was not published"
_NOTHING_NEW = "babelmill: nothing new"
_HEARTBEAT = "prefect.flow-run.heartbeat"
_ENDS = ("Completed", "Failed", NOT_PUBLISHED, "Cancelled", "Crashed", "TimedOut")
_BAD_ENDS = ("Failed", NOT_PUBLISHED, "Crashed", "TimedOut")
#: Four heartbeats (`flows.environment`): they may be late on a machine that does much else.
_SILENCE = timedelta(seconds=120)
#: Of this project only: other flows on the same server have other heartbeats, or none.
_OF_RUNS = {"prefect.resource.id": "prefect.flow-run.*"}
_MARK_CHARS = 8
_SUBJECT = "{{ flow_run.name }}: {{ flow_run.state.name }}"
_BODY = "{{ flow_run.state.message or '' }}\n{{ flow_run|ui_url }}"


async def automate(settings: NotifySettings, flows: list[str]) -> None:
    """Make the automations that the settings want on the server of PREFECT_API_URL.

    Args:
        settings: Who is told.
        flows: Names of the flows whose runs are watched.
    """
    from prefect.client.orchestration import get_client

    blocks = notification_blocks(settings)
    told = [await block.asave(name, overwrite=True) for name, block in blocks.items()]
    wanted = {_DIED: died(flows)}
    if told:
        wanted[_FAILED] = failed(flows, told)
    if told and settings.nothing_new_hours is not None:
        wanted[_NOTHING_NEW] = nothing_new(told, settings.nothing_new_hours)
    async with get_client() as client:
        await _make(client, wanted)


async def _make(client: "PrefectClient", wanted: "dict[str, AutomationCore]") -> None:
    known = {one.name: one for one in await client.read_automations()}
    for name in (_DIED, _FAILED, _NOTHING_NEW):
        if name not in wanted:
            if name in known:
                await client.delete_automation(known[name].id)
            continue
        new = marked(wanted[name])
        if name not in known:
            await client.create_automation(new)
        elif known[name].description != new.description:
            kept = new.model_copy(update={"enabled": known[name].enabled})
            await client.update_automation(known[name].id, kept)


def marked(automation: "AutomationCore") -> "AutomationCore":
    """Let the description tell whether anything differs: an update begins all waiting anew."""
    said = json.dumps(_in_order(automation.model_dump(mode="json")), sort_keys=True)
    mark = hashlib.sha256(said.encode()).hexdigest()[:_MARK_CHARS]
    return automation.model_copy(update={"description": f"{automation.description} ({mark})"})


def _in_order(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Sort lists: they were sets."""
    if isinstance(value, dict):
        return {key: _in_order(one) for key, one in value.items()}
    return sorted(map(_in_order, value), key=str) if isinstance(value, list) else value


def died(flows: list[str]) -> "AutomationCore":
    """Call a run crashed that neither ends nor gives a sign of life any more."""
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

    message = f"No sign of life for {_SILENCE.seconds} s: its process or its machine has died."
    trigger = EventTrigger(
        after={_HEARTBEAT},
        expect={_HEARTBEAT, *_events(_ENDS)},
        match=_OF_RUNS,
        match_related=_of_flows(flows),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=_SILENCE,
    )
    crash = ChangeFlowRunState(state=StateType.CRASHED, message=message)
    return AutomationCore(
        name=_DIED, description="Such a run is shown as crashed.", trigger=trigger, actions=[crash]
    )


def failed(flows: list[str], blocks: list[UUID]) -> "AutomationCore":
    """Tell of every run that did not do what it was to do."""
    from prefect.events.schemas.automations import EventTrigger, Posture

    trigger = EventTrigger(
        expect=set(_events(_BAD_ENDS)),
        match=_OF_RUNS,
        match_related=_of_flows(flows),
        posture=Posture.Reactive,
        threshold=1,
    )
    return _telling(_FAILED, trigger, blocks, _SUBJECT, _BODY)


def nothing_new(blocks: list[UUID], hours: float) -> "AutomationCore":
    """Tell if no run has published a release for some hours."""
    from prefect.events.schemas.automations import EventTrigger, Posture

    trigger = EventTrigger(
        expect={RELEASE_PUBLISHED},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(hours=hours),
    )
    said = f"No release was published for {hours:g} hours."
    return _telling(_NOTHING_NEW, trigger, blocks, "babelmill: nothing new", said)


def _of_flows(names: list[str]) -> dict[str, str | list[str]]:
    return {"prefect.resource.role": "flow", "prefect.resource.name": names}


def _events(states: tuple[str, ...]) -> list[str]:
    return [f"prefect.flow-run.{state}" for state in states]


def _telling(
    name: str, trigger: "EventTrigger", blocks: list[UUID], subject: str, body: str
) -> "AutomationCore":
    from prefect.events.actions import SendNotification
    from prefect.events.schemas.automations import AutomationCore

    return AutomationCore(
        name=name,
        description="Made from serve.toml.",
        trigger=trigger,
        actions=[
            SendNotification(block_document_id=block, subject=subject, body=body)
            for block in blocks
        ],
    )
