"""Make the work pool and the deployments of `prefect.yaml` where they are missing.

What a person changed on the server stays: schedules, parameters, whether something is paused, and
limits. Only what belongs to the code follows it: the form of the parameters, the description, the
place of the flow, and what a run may set of its process.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml

from flows.environment import ROOT
from flows.serving.form import form_of

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.responses import DeploymentResponse

POOL = "babelmill"
#: Without the command and the environment that the form of a run could give its process else.
JOB_TEMPLATE = Path(__file__).with_name("work_pool.json")


@dataclass(frozen=True)
class Definition:
    """A deployment, as `prefect.yaml` has it, and its flow."""

    name: str
    entrypoint: str
    flow: "Flow[Any, Any]"
    values: dict[str, Any]

    @property
    def follows_code(self) -> dict[str, Any]:
        """What changes with the code, and is not a person's to change."""
        directory = {"directory": str(ROOT)}
        return {
            "description": self.values["description"],
            "entrypoint": self.entrypoint,
            "parameter_openapi_schema": form_of(self.flow),
            "pull_steps": [{"prefect.deployments.steps.set_working_directory": directory}],
        }


def read_definitions() -> list[Definition]:
    """Return the deployments of `prefect.yaml`; imports their flows, which takes seconds."""
    from prefect.flows import load_flow_from_entrypoint

    text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    return [
        Definition(
            name=values["name"],
            entrypoint=values["entrypoint"],
            flow=load_flow_from_entrypoint(str(ROOT / values["entrypoint"])),
            values=values,
        )
        for values in yaml.safe_load(text)["deployments"]
    ]


async def deploy(definitions: list[Definition]) -> list[str]:
    """Make what is missing on the server of PREFECT_API_URL; the names of what was made."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        await _make_pool(client)
        known = await _known_deployments(client)
        made = []
        for definition in definitions:
            flow_id = await client.create_flow(definition.flow)
            ours = [one for one in known if one.flow_id == flow_id]
            for deployment in ours:
                await _follow_code(client, deployment, definition)
            if definition.name not in {one.name for one in ours}:
                await _create(client, flow_id, definition)
                made.append(f"{definition.flow.name}/{definition.name}")
    return made


async def _make_pool(client: "PrefectClient") -> None:
    """Make the pool; if it is there, only what a run may set of its process is ours to say."""
    from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
    from prefect.exceptions import ObjectNotFound

    template = json.loads(JOB_TEMPLATE.read_text(encoding="utf-8"))
    try:
        pool = await client.read_work_pool(POOL)
    except ObjectNotFound:
        pool = await client.create_work_pool(
            WorkPoolCreate(name=POOL, type="process", base_job_template=template)
        )
    if pool.base_job_template != template:
        await client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=template))


async def _known_deployments(client: "PrefectClient") -> list["DeploymentResponse"]:
    found: list[DeploymentResponse] = []
    while page := await client.read_deployments(limit=200, offset=len(found)):
        found += page
    return found


async def _create(client: "PrefectClient", flow_id: UUID, definition: Definition) -> None:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyOptions

    values = definition.values
    limit = ConcurrencyLimitConfig.model_validate(values["concurrency_limit"])
    await client.create_deployment(
        flow_id=flow_id,
        name=definition.name,
        parameters=values.get("parameters", {}),
        work_pool_name=values["work_pool"]["name"],
        path=str(ROOT),
        schedules=[_schedule(schedule) for schedule in values.get("schedules", [])],
        concurrency_limit=limit.limit,
        concurrency_options=ConcurrencyOptions(collision_strategy=limit.collision_strategy),
        enforce_parameter_schema=True,
        **definition.follows_code,
    )


def _schedule(values: dict[str, Any]) -> "DeploymentScheduleCreate":
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    schedule = CronSchedule(cron=values["cron"], timezone=values["timezone"])
    return DeploymentScheduleCreate(schedule=schedule, active=values["active"])


async def _follow_code(
    client: "PrefectClient", deployment: "DeploymentResponse", definition: Definition
) -> None:
    """Write what belongs to the code, if it has changed; also to a copy that a person made.

    A value of a parameter that the flow has no more would make every run fail, and is left out.
    """
    wanted = definition.follows_code
    if deployment.name != definition.name:
        wanted.pop("description")
    fields = wanted["parameter_openapi_schema"]["properties"]
    kept = {key: value for key, value in deployment.parameters.items() if key in fields}
    wanted["parameters"] = kept
    changed = {
        key: value for key, value in wanted.items() if getattr(deployment, key, None) != value
    }
    if changed:
        await client.request(
            "PATCH", "/deployments/{id}", path_params={"id": deployment.id}, json=changed
        )
